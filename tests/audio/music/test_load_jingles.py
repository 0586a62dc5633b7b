import numpy as np
import pytest
import soundfile

from bulletin.audio.metering.loudness import measure_lufs
from bulletin.audio.music.load_jingles import StationJingles, load_jingles, read_timings
from bulletin.audio.place_sounds_on_timeline import JingleKind
from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS, default_jingles
from tests.audio.formats.test_mp3_encoder import encode
from tests.audio.sounds import make_music, make_speech

RATE_HZ = 44_100


def load(**files):
    return load_jingles(StationJingles(**files), rate_hz=RATE_HZ, voice_lufs=-16.0)


def save(path, samples, *, rate_hz=RATE_HZ, subtype="PCM_16"):
    soundfile.write(path, samples, rate_hz, subtype=subtype)
    return path


@pytest.fixture(scope="module")
def ten_minutes(tmp_path_factory):
    minute = make_speech(60.0, rate_hz=8_000)
    return save(tmp_path_factory.mktemp("jingles") / "long.wav", np.tile(minute, 10), rate_hz=8_000)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_rate_and_channel_count_becomes_stereo_at_the_mixing_rate(tmp_path, rate_hz, channels):
    path = save(tmp_path / "ident.wav", make_music(1.5, rate_hz=rate_hz, channels=channels), rate_hz=rate_hz)

    shelf = load(ident=path)

    record = shelf.jingles[JingleKind.IDENT]
    assert shelf.notes == ()
    assert record.samples.shape[1] == 2
    assert record.timing.length_s == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize(
    "subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM"]
)
def test_any_sample_width_is_read(tmp_path, subtype):
    path = save(tmp_path / "ident.wav", make_music(1.0), subtype=subtype)

    assert load(ident=path).notes == ()


@pytest.mark.parametrize("name", ["ident.flac", "ident.ogg", "ident.mp3", "ident.aiff"])
def test_any_usual_format_is_read(tmp_path, name):
    path = tmp_path / name
    if name.endswith("mp3"):
        path.write_bytes(encode(make_music(1.5)).getvalue())
    else:
        soundfile.write(path, make_music(1.5), RATE_HZ)

    shelf = load(ident=path)

    assert shelf.notes == ()
    assert shelf.jingles[JingleKind.IDENT].timing.length_s == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("gain", [0.1, 3.0])
def test_a_jingle_is_as_loud_as_it_should_be_beside_the_voice(tmp_path, gain):
    path = save(tmp_path / "ident.wav", make_music(4.0) * gain, subtype="FLOAT")

    samples = load(ident=path).jingles[JingleKind.IDENT].samples

    assert measure_lufs(samples, rate_hz=RATE_HZ) == pytest.approx(-17.0, abs=0.1)


def test_a_very_quiet_jingle_is_raised_by_a_limited_gain(tmp_path):
    path = save(tmp_path / "ident.wav", make_music(4.0) * 0.005, subtype="FLOAT")

    samples = load(ident=path).jingles[JingleKind.IDENT].samples

    assert np.abs(samples).max() == pytest.approx(10 * np.abs(make_music(4.0) * 0.005).max(), rel=0.01)


def test_a_jingle_of_a_tenth_of_a_second_is_not_amplified_too_much(tmp_path):
    shelf = load(sting=save(tmp_path / "sting.wav", make_music(0.1)))

    record = shelf.jingles[JingleKind.STING]
    assert record.timing.length_s == pytest.approx(0.1, abs=0.001)
    assert np.abs(record.samples).max() < 1.5


@pytest.mark.parametrize(("length_s", "is_noted"), [(0.1, True), (0.49, True), (0.6, False)])
@pytest.mark.parametrize("music", [JingleKind.BED, JingleKind.STING])
def test_very_short_music_is_noted(tmp_path, music, length_s, is_noted):
    path = save(tmp_path / "tenth.wav", make_music(length_s))

    shelf = load(**{str(music): path})

    note = f"{music}: tenth.wav lasts {length_s:.2f} s only; was it cut off?"
    assert shelf.notes == ((note,) if is_noted else ())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("music", "most_s"),
    [
        (JingleKind.IDENT, 15),
        (JingleKind.STING, 8),
        (JingleKind.SPORT, 8),
        (JingleKind.CLOSING, 20),
        (JingleKind.BED, 180),
    ],
)
def test_a_jingle_of_ten_minutes_is_faded_out_early(ten_minutes, music, most_s):
    shelf = load(**{str(music): ten_minutes})

    assert shelf.jingles[music].timing.length_s == pytest.approx(most_s, abs=0.6)
    assert shelf.notes == (f"{music}: only the first {most_s} s of long.wav are used",)
    if music is not JingleKind.BED:
        assert np.abs(shelf.jingles[music].samples[-100:]).max() < 0.01


def test_silence_at_the_ends_is_cut_off(tmp_path):
    silence = np.zeros((RATE_HZ, 2), dtype=np.float32)
    path = save(tmp_path / "ident.wav", np.concatenate([silence, make_music(2.0), silence]))

    assert load(ident=path).jingles[JingleKind.IDENT].timing.length_s == pytest.approx(2.0, abs=0.01)


def drop_off(seconds, at_s, *, by=0.1):
    music = make_music(seconds)
    music[round(at_s * RATE_HZ) :] *= by
    return music


def test_a_mix_point_is_found_if_none_is_given(tmp_path):
    path = save(tmp_path / "ident.wav", drop_off(8.0, 4.0))

    for tune in (
        load(ident=path).timings[JingleKind.IDENT],
        read_timings(StationJingles(ident=path))[JingleKind.IDENT],
    ):
        assert tune.talk_from_s == pytest.approx(4.0, abs=0.2)
        assert (tune.length_s, tune.talk_until_s) == (8.0, 8.0)


def test_speech_waits_for_the_end_where_there_is_no_mix_point(tmp_path):
    tune = load(ident=save(tmp_path / "ident.wav", make_music(6.0))).timings[JingleKind.IDENT]

    assert tune.talk_from_s == tune.length_s == 6.0


def test_a_given_mix_point_counts_from_the_start_of_the_file(tmp_path):
    """Leading silence stays with a given mix point; without one it is cut off, and the point is earlier."""
    silence = np.zeros((RATE_HZ, 2), dtype=np.float32)
    path = save(tmp_path / "ident.wav", np.concatenate([silence, drop_off(6.0, 3.0)]))

    given = load(ident=path, mix_points_s={"ident": 4.5}).timings[JingleKind.IDENT]
    timing = load(ident=path).timings[JingleKind.IDENT]

    assert (given.talk_from_s, given.length_s) == (4.5, 7.0)
    assert (timing.talk_from_s, timing.length_s) == (
        pytest.approx(3.0, abs=0.2),
        pytest.approx(6.0, abs=0.02),
    )


def test_a_given_mix_point_goes_before_our_sheet():
    ours = default_jingles()

    for tunes in (
        load(ident=ours["ident"], mix_points_s={"ident": 3.0}).timings,
        read_timings(StationJingles(ident=ours["ident"], mix_points_s={"ident": 3.0})),
    ):
        assert tunes[JingleKind.IDENT].talk_from_s == 3.0


def test_a_mix_point_behind_the_end_becomes_the_end_and_is_noted(tmp_path):
    path = save(tmp_path / "ident.wav", make_music(5.0))

    shelf = load(ident=path, mix_points_s={"ident": 9.0})

    assert shelf.timings[JingleKind.IDENT].talk_from_s == 5.0
    assert shelf.notes == ("ident: its mix point, 9 s, is after its end at 5.0 s",)


@pytest.mark.slow
@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_predicted_timings_of_our_jingles_match_the_loaded_ones(style):
    ours = default_jingles(style)
    files = {str(music): ours[music] for music in JingleKind}

    foreseen, loaded = read_timings(StationJingles(**files)), load(**files).timings

    assert set(foreseen) == set(loaded) == set(JingleKind)
    for music, tune in loaded.items():
        assert foreseen[music].talk_from_s == pytest.approx(tune.talk_from_s, abs=1e-3)
        assert foreseen[music].length_s == pytest.approx(tune.length_s, abs=1e-3)


def test_values_that_are_no_numbers_do_not_reach_the_mix(tmp_path):
    music = make_music(1.0)
    music[100:200] = np.nan
    music[300, 0] = np.inf

    record = load(ident=save(tmp_path / "ident.wav", music, subtype="FLOAT")).jingles[JingleKind.IDENT]

    assert np.isfinite(record.samples).all()


def test_a_station_without_music_has_an_empty_shelf():
    assert load().jingles == {}
    assert load().notes == ()


def step_at_the_seam(samples):
    """Step of the sound where a bed loops, relative to its usual steps."""
    usual = np.quantile(np.abs(np.diff(samples, axis=0)), 0.99)
    return float(np.abs(samples[0] - samples[-1]).max() / usual)


def test_a_bed_that_was_not_made_to_loop_is_faded_into_itself(tmp_path):
    music = make_music(5.013) * np.linspace(0.1, 1, round(5.013 * RATE_HZ), dtype=np.float32)[:, None]
    path = save(tmp_path / "bed.wav", music)

    record = load(bed=path).jingles[JingleKind.BED]

    assert len(record.samples) == len(music) - RATE_HZ // 2
    assert step_at_the_seam(record.samples) < 2.0


def test_a_bed_that_loops_is_left_as_it_is(tmp_path):
    time = np.arange(2 * RATE_HZ)[:, None] / RATE_HZ
    sines = np.concatenate([np.sin(2 * np.pi * 220 * time), np.sin(2 * np.pi * 330 * time)], axis=1) * 0.2

    record = load(bed=save(tmp_path / "bed.wav", sines)).jingles[JingleKind.BED]

    assert len(record.samples) == 2 * RATE_HZ


def test_the_jingles_that_ship_bring_their_mix_points():
    ours = default_jingles()

    shelf = load(**{str(music): ours[music] for music in JingleKind})

    assert shelf.notes == ()
    assert set(shelf.jingles) == set(JingleKind)
    ident, sting = shelf.timings[JingleKind.IDENT], shelf.timings[JingleKind.STING]
    assert 0.5 < ident.talk_from_s < ident.talk_until_s <= ident.length_s
    assert 0.2 < sting.talk_from_s < sting.length_s
    assert step_at_the_seam(shelf.jingles[JingleKind.BED].samples) < 3.0


def test_the_power_of_a_record_is_that_of_its_samples(tmp_path):
    record = load(ident=save(tmp_path / "ident.wav", make_music(3.0) * 0.3)).jingles[JingleKind.IDENT]

    assert len(record.powers) == 30
    loudness = -0.691 + 10 * np.log10(record.powers.mean())
    assert loudness == pytest.approx(measure_lufs(record.samples, rate_hz=RATE_HZ), abs=0.1)


def test_a_jingle_is_prepared_once_and_again_when_its_file_has_changed(tmp_path):
    path = save(tmp_path / "ident.wav", make_music(1.5))
    first, second = (load(ident=path).jingles[JingleKind.IDENT] for _ in range(2))

    save(path, make_music(2.5))
    third = load(ident=path).jingles[JingleKind.IDENT]

    assert first is second
    assert third.timing.length_s == pytest.approx(2.5, abs=0.01)
