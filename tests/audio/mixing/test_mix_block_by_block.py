import numpy as np
import pytest

from bulletin.audio.choose_stories_that_fit import take_longest_cuts
from bulletin.audio.metering.loudness import Meter, integrated_lufs, measure_lufs, measure_powers
from bulletin.audio.mixing.mix_block_by_block import BLOCK_S, Mixer
from bulletin.audio.mixing.normalize_voice_loudness import VoiceTrack
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle
from bulletin.audio.place_sounds_on_timeline import JingleKind, Pacing, lay_out_rundown
from bulletin.errors import AudioError
from bulletin.model import Clip, Role, Spoken
from bulletin.runtime.read_sound_file import read_sound, write_wav
from tests.audio.sounds import (
    VOICE,
    make_bulletin_script,
    make_clip,
    make_music,
    make_story_script,
    make_tunes,
    seconds_of,
    speak_noise,
)

pytestmark = pytest.mark.slow

RATE_HZ = 44_100


def make_records():
    records = {}
    for music, tune in make_tunes().items():
        samples = make_music(tune.length_s, seed=len(music))
        gain = 10 ** ((-17.0 - measure_lufs(samples, rate_hz=RATE_HZ)) / 20)
        samples = (samples * gain).astype(np.float32)
        records[music] = PreparedJingle(
            samples=samples, powers=measure_powers(samples, rate_hz=RATE_HZ), timing=tune
        )
    return records


def make_mixer(script, spoken, *, records=None, crest_db=12.5):
    records = make_records() if records is None else records
    tunes = {music: record.timing for music, record in records.items()}
    rundown = lay_out_rundown(
        take_longest_cuts(script, spoken), tunes, pacing=Pacing(gap_s=0.6), rate_hz=RATE_HZ
    )
    voice = VoiceTrack(spoken.clips)
    return rundown, Mixer(rundown, records, voice=voice, voice_crest_db=crest_db, bed_under_lu=20.0)


def render(mixer):
    return np.concatenate([np.broadcast_to(block, (len(block), 2)) for block in mixer.blocks()])


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Rundown, mixer and samples of a bulletin with all its music."""
    script = make_bulletin_script(make_story_script("one", cuts=1), make_story_script("two", cuts=1))
    rundown, mixer = make_mixer(script, speak_noise(script, tmp_path_factory.mktemp("clips")))
    return rundown, mixer, render(mixer)


def test_blocks_make_up_the_bulletin(mixed):
    rundown, mixer, samples = mixed

    assert samples.shape == (rundown.frames, 2)
    assert max(len(block) for block in mixer.blocks()) < 1.1 * BLOCK_S * RATE_HZ


def test_the_voice_is_where_the_rundown_says(tmp_path):
    """Each clip's samples are at the frame where the rundown placed them."""
    script = make_bulletin_script(make_story_script("one", cuts=1), make_story_script("two", cuts=1))
    spoken = speak_noise(script, tmp_path, rate_hz=RATE_HZ)
    rundown, mixer = make_mixer(script, spoken, records={})

    samples = render(mixer)

    for voiced in rundown.voiced:
        heard = samples[voiced.start : voiced.end, 0]
        wanted = read_sound(voiced.clip.path)[0][:, 0]
        assert np.corrcoef(heard, wanted)[0, 1] > 0.99
        assert not samples[voiced.end + 1 : voiced.end + 1_000].any()


def test_both_sides_carry_the_same_voice(tmp_path):
    script = make_bulletin_script(make_story_script("one", cuts=1))
    _, mixer = make_mixer(script, speak_noise(script, tmp_path), records={})

    samples = render(mixer)

    np.testing.assert_array_equal(samples[:, 0], samples[:, 1])


@pytest.mark.parametrize("with_music", [True, False])
def test_every_clip_is_as_loud_as_the_others_whether_music_plays_or_not(tmp_path, with_music):
    """Input clips differ by 16 dB; the mix may differ by 0.5 LU."""
    script = make_bulletin_script(*[make_story_script(name, cuts=1) for name in ("one", "two", "three")])
    clips = tuple(
        make_clip(tmp_path, passage, seconds_of(passage), gain=0.05 * 1.3**n)
        for n, passage in enumerate(script.passages())
    )
    spoken = Spoken(clips=clips, voice=VOICE, attempts=())
    rundown, mixer = make_mixer(script, spoken, records=None if with_music else {})
    samples = render(mixer)

    loudness = [
        measure_lufs(samples[voiced.start : voiced.end], rate_hz=RATE_HZ)
        for voiced in rundown.voiced
        if voiced.clip.passage.role is not Role.IDENT
    ]

    assert loudness == pytest.approx([-16.0] * len(loudness), abs=0.5)


def test_peaks_of_the_voice_are_held_and_its_loudness_kept(tmp_path):
    script = make_bulletin_script(make_story_script("one", cuts=1))
    rundown, mixer = make_mixer(script, speak_noise(script, tmp_path), records={}, crest_db=8.0)
    meter = Meter(rate_hz=RATE_HZ, channels=2)
    samples = render(mixer)

    meter.feed(samples)

    story = next(voiced for voiced in rundown.voiced if voiced.clip.passage.role is Role.STORY)
    assert meter.true_peak_dbtp <= -7.5
    assert measure_lufs(samples[story.start : story.end], rate_hz=RATE_HZ) == pytest.approx(-16.0, abs=0.3)


def test_the_loudness_is_predicted_without_rendering(mixed):
    _, mixer, samples = mixed

    assert integrated_lufs(mixer.powers()) == pytest.approx(measure_lufs(samples, rate_hz=RATE_HZ), abs=0.1)


def test_the_bed_plays_under_the_voice(mixed):
    rundown, _, samples = mixed
    headline = next(voiced for voiced in rundown.voiced if voiced.clip.passage.role is Role.HEADLINE)
    bed = next(music for music in rundown.played if music.jingle is JingleKind.BED)
    tail = samples[headline.end + RATE_HZ // 2 : bed.end]

    assert measure_lufs(tail, rate_hz=RATE_HZ) < -16.0
    # The gap between two headlines is too short to bring the bed up: it stays 20 LU down.
    opening = next(voiced for voiced in rundown.voiced if voiced.clip.passage.role is Role.OPENING)
    gap = samples[opening.end : headline.start]
    assert measure_lufs(gap, rate_hz=RATE_HZ) == pytest.approx(-37.0, abs=2.0)


def test_clips_of_odd_rates_are_placed_too(tmp_path):
    script = make_bulletin_script(make_story_script("one", cuts=1))
    rundown, mixer = make_mixer(script, speak_noise(script, tmp_path, rate_hz=11_025), records={})

    samples = render(mixer)

    story = next(voiced for voiced in rundown.voiced if voiced.clip.passage.role is Role.STORY)
    assert measure_lufs(samples[story.start : story.end], rate_hz=RATE_HZ) == pytest.approx(-16.0, abs=0.3)
    assert integrated_lufs(mixer.powers()) == pytest.approx(measure_lufs(samples, rate_hz=RATE_HZ), abs=0.1)


def test_nothing_clicks(mixed):
    """No step between two frames is much larger than the usual steps of music and voice."""
    _, _, samples = mixed
    steps = np.abs(np.diff(samples[:, 0]))

    assert steps.max() < 12 * np.quantile(steps[steps > 1e-4], 0.9)


@pytest.mark.parametrize("case", ["gone", "text", "empty", "not a number"])
def test_an_unreadable_clip_is_an_error_that_names_it(tmp_path, case):
    script = make_bulletin_script(make_story_script("one", cuts=1))
    spoken = speak_noise(script, tmp_path)
    broken: Clip = spoken.clips[-1]
    if case == "gone":
        broken.path.unlink()
    elif case == "text":
        broken.path.write_text("this is no sound")
    else:
        write_wav(
            broken.path, np.full(0 if case == "empty" else 9_000, np.nan, dtype=np.float32), rate_hz=24_000
        )
    _, mixer = make_mixer(script, spoken, records={})

    with pytest.raises(AudioError, match=broken.path.name):
        mixer.powers()


def test_a_truncated_clip_leaves_silence_and_moves_no_other_clip(tmp_path):
    script = make_bulletin_script(make_story_script("one", cuts=1))
    spoken = speak_noise(script, tmp_path)
    rundown, mixer = make_mixer(script, spoken, records={})
    story = next(voiced for voiced in rundown.voiced if voiced.clip.passage.role is Role.STORY)
    short = make_clip(tmp_path, story.clip.passage, 5.0)
    short.path.replace(story.clip.path)

    samples = render(mixer)

    assert len(samples) == rundown.frames
    assert samples[story.start : story.start + 4 * RATE_HZ].any()
    assert not samples[story.start + 6 * RATE_HZ : story.end].any()
