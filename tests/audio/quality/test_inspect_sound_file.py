from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
import soundfile

from bulletin.audio.formats.write_id3_tags import Head, Tags, make_id3
from bulletin.audio.metering.loudness import db_to_gain, measure_lufs
from bulletin.audio.quality.find_quality_faults import find_warnings
from bulletin.audio.quality.inspect_sound_file import QualityLimits, inspect
from bulletin.errors import AudioError
from bulletin.model import Chapter
from tests.audio.formats.test_mp3_encoder import encode
from tests.audio.sounds import make_music, make_speech, make_tone

RATE_HZ = 44_100
LOCAL = datetime(2026, 11, 24, 7, 0)  # noqa: DTZ001 - tags hold local time


def save(path, samples, *, rate_hz=RATE_HZ):
    soundfile.write(path, samples, rate_hz, subtype="FLOAT")
    return path


def save_mp3(path, samples, *chapters):
    tags = Tags(artist="Wexcombe Radio", album="News", date=LOCAL)
    head = make_id3(Head(tags=tags, title="7am news", duration_s=1.0, chapters=chapters))
    path.write_bytes(encode(samples, head=head).getvalue())
    return path


def chapter(title, start_s, end_s):
    return Chapter(start_s=start_s, end_s=end_s, title=title)


def faults_of(path, **limits):
    return inspect(path, limits=QualityLimits(**limits)).faults


def talk(seconds, *, seed=1):
    """A voice on both channels: sentences of 2 s with gaps of 0.5 s."""
    voice = make_speech(seconds, rate_hz=RATE_HZ, seed=seed)
    time = np.arange(len(voice)) / RATE_HZ % 2.5
    voice *= np.clip(np.minimum(time, 2.0 - time) / 0.03, 0, 1).astype(np.float32)
    return np.stack([voice, voice], axis=1)


def test_a_good_file_is_measured_and_passes(tmp_path):
    path = save_mp3(tmp_path / "news.mp3", make_music(6), chapter("One", 0, 3), chapter("Two", 3, 6))

    report = inspect(path)

    assert (report.faults, report.warnings, report.is_fit) == ((), (), True)
    assert (report.duration_s, report.rate_hz, report.channels) == (6.0, RATE_HZ, 2)
    assert [(c.title, c.start_s, c.end_s) for c in report.chapters] == [("One", 0.0, 3.0), ("Two", 3.0, 6.0)]


def test_loudness_peak_and_length_are_those_of_the_sound(tmp_path):
    report = inspect(save(tmp_path / "tone.wav", make_tone(5, hz=1000, dbfs=-23), rate_hz=48_000))

    assert report.loudness_lufs == pytest.approx(-23.0, abs=0.1)
    assert report.short_term_max_lufs == pytest.approx(-23.0, abs=0.1)
    assert report.true_peak_dbtp == pytest.approx(-23.0, abs=0.1)
    assert report.range_lu == pytest.approx(0.0, abs=0.2)
    assert report.duration_s == 5.0


@pytest.mark.parametrize("seconds", [1.4, 1.7])
def test_a_silence_longer_than_a_breath_is_a_fault(tmp_path, seconds):
    silence = np.zeros((round(seconds * RATE_HZ), 2), dtype=np.float32)
    path = save(tmp_path / "gap.wav", np.concatenate([make_music(2), silence, make_music(2)]))

    report = inspect(path)

    assert bool(report.silences) == (seconds > 1.5)
    assert len(report.faults) == len(report.silences)
    for start_s, end_s in report.silences:
        assert (start_s, end_s) == pytest.approx((2.0, 2.0 + seconds), abs=0.06)


def test_a_silence_across_two_blocks_is_one_silence(tmp_path):
    music = make_music(14)
    music[round(8.5 * RATE_HZ) : round(11.5 * RATE_HZ)] = 0

    ((start_s, end_s),) = inspect(save(tmp_path / "gap.wav", music)).silences

    assert (start_s, end_s) == pytest.approx((8.5, 11.5), abs=0.06)


def test_flat_tops_are_a_fault_and_a_single_high_frame_is_none(tmp_path):
    clipped, touching = np.clip(make_music(2) * 8, -1, 1), make_music(2)
    touching[1_000, 0] = 1.0

    assert "clipped at" in faults_of(save(tmp_path / "clipped.wav", clipped))[0]
    assert faults_of(save(tmp_path / "touching.wav", touching)) == ()


@pytest.mark.parametrize(("offset", "is_fit"), [(0.01, True), (0.1, False)])
def test_an_offset_is_a_warning_and_a_large_one_a_fault(tmp_path, offset, is_fit):
    report = inspect(save(tmp_path / "offset.wav", make_music(3) + np.float32(offset)))

    assert "DC offset" in (report.warnings + report.faults)[0]
    assert report.dc_offset == pytest.approx(offset, abs=1e-3)
    assert report.is_fit == is_fit


@pytest.mark.parametrize(("share", "is_fit"), [(0.4, True), (1.0, False)])
def test_phase_cancellation_in_mono_is_a_warning_or_a_fault(tmp_path, share, is_fit):
    voice = make_speech(6, rate_hz=RATE_HZ)

    report = inspect(save(tmp_path / "opposed.wav", np.stack([voice, -share * voice], axis=1)))

    assert "in mono" in (report.warnings + report.faults)[0]
    assert report.is_fit == is_fit


def test_a_mono_voice_loses_nothing_in_mono(tmp_path):
    voice = make_speech(4, rate_hz=RATE_HZ)

    report = inspect(save(tmp_path / "voice.wav", np.stack([voice, voice], axis=1)))

    assert report.mono_loss_lu == pytest.approx(0.0, abs=0.05)


def test_a_mono_file_is_measured_too(tmp_path):
    report = inspect(save(tmp_path / "voice.wav", make_speech(4, rate_hz=24_000), rate_hz=24_000))

    assert (report.channels, report.rate_hz) == (1, 24_000)
    assert report.mono_loss_lu == pytest.approx(0.0, abs=0.05)


def test_chapters_must_be_inside_the_file_and_begin_with_sound(tmp_path):
    music = make_music(6)
    music[2 * RATE_HZ : 3 * RATE_HZ] = 0
    path = save_mp3(
        tmp_path / "news.mp3",
        music,
        chapter("Heard", 0, 2),
        chapter("Silent", 2.1, 5),
        chapter("Outside", 5, 9),
    )

    faults = faults_of(path)

    assert len(faults) == 2
    assert '"Silent" (0:02.1) starts' in faults[0]
    assert '"Outside" ends after the file' in faults[1]


def test_a_file_that_was_cut_short_is_noticed(tmp_path):
    path = save_mp3(tmp_path / "news.mp3", make_music(6))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])

    assert any("its header says 6.000 s" in fault for fault in faults_of(path))


def test_an_mpeg_2_file_that_was_cut_short_is_noticed(tmp_path):
    path = tmp_path / "low.mp3"
    soundfile.write(path, make_music(6, rate_hz=22_050), 22_050)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])

    assert any("its header says 6.000 s" in fault for fault in faults_of(path))


@pytest.mark.parametrize("seconds", [0.5, 3.0])
def test_other_encoders_files_are_not_taken_for_cut_short(tmp_path, seconds):
    path = tmp_path / "jingle.mp3"
    soundfile.write(path, make_music(seconds), RATE_HZ)

    assert inspect(path).faults == ()


def test_values_that_are_no_numbers_are_a_fault(tmp_path):
    music = make_music(2)
    music[500:503, 1] = np.nan

    report = inspect(save(tmp_path / "odd.wav", music))

    assert report.faults == ("3 samples are no numbers (NaN or infinite)",)
    assert np.isfinite(report.loudness_lufs)


def test_limits_are_kept_or_named(tmp_path):
    path = save(tmp_path / "tone.wav", make_tone(5, hz=1000, dbfs=-23), rate_hz=48_000)

    assert faults_of(path, loudness_lufs=-23.2, true_peak_dbtp=-20.0, duration_s=5.05) == ()
    assert faults_of(path, loudness_lufs=-16.0) == ("-23.0 LUFS, target -16.0",)
    assert faults_of(path, true_peak_dbtp=-24.0) == ("true peak -23.0 dBTP, limit -24.0",)
    assert faults_of(path, duration_s=5.5) == ("length 5.0 s, target 5.5",)


@pytest.mark.parametrize(("quiet_s", "warns"), [(0.8, False), (1.2, True)])
def test_a_long_silence_at_start_or_end_is_reported(tmp_path, quiet_s, warns):
    quiet = np.zeros((round(quiet_s * RATE_HZ), 2), dtype=np.float32)
    sound = np.concatenate([quiet, talk(4.5), quiet])

    report = inspect(save(tmp_path / "late.wav", sound))

    assert (report.quiet_start_s, report.quiet_end_s) == pytest.approx((quiet_s, quiet_s), abs=0.05)
    assert report.warnings == (
        ("1.2 s of silence at the start", "1.2 s of silence at the end") if warns else ()
    )


def test_nothing_but_silence_is_a_fault_however_short(tmp_path):
    (fault,) = faults_of(save(tmp_path / "silence.wav", np.zeros((RATE_HZ, 2), dtype=np.float32)))

    assert fault == "the file is silent"


def test_a_sound_shorter_than_the_standards_block_is_measured_over_its_own_length(tmp_path):
    path = save(tmp_path / "blip.wav", make_tone(0.1, hz=1000, dbfs=-23), rate_hz=48_000)

    report = inspect(path)

    assert report.faults == ()
    assert report.loudness_lufs == pytest.approx(-23.0, abs=0.5)


def test_a_file_that_is_no_sound_is_named_before_decoding(tmp_path, capfd):
    path = tmp_path / "news.mp3"
    path.write_text("this is text\n" * 50, encoding="utf-8")

    with pytest.raises(AudioError, match="is plain text"):
        inspect(path)
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_three_seconds_that_are_much_louder_are_reported(tmp_path):
    """The integrated loudness is right, but one sentence is 7 LU louder."""
    sound = talk(40)
    sound[20 * RATE_HZ : 24 * RATE_HZ] *= db_to_gain(9.0)
    sound *= db_to_gain(-23.0 - measure_lufs(sound, rate_hz=RATE_HZ))

    report = inspect(save(tmp_path / "leap.wav", sound), limits=QualityLimits(loudness_lufs=-23.0))

    assert report.faults == ()
    assert any(warning.startswith("the loudest three seconds reach -1") for warning in report.warnings)


@pytest.mark.slow
def test_a_wide_loudness_range_is_reported(tmp_path):
    sound = talk(30)
    sound[: 15 * RATE_HZ] *= 0.1

    (warning,) = inspect(save(tmp_path / "wide.wav", sound)).warnings

    assert warning.startswith("loudness range 2")


def test_a_dropout_in_a_voice_is_reported_and_a_pause_is_not(tmp_path):
    sound = talk(10)
    hole = sound.copy()
    hole[round(3.5 * RATE_HZ) : round(3.6 * RATE_HZ)] = 0

    whole, broken = (inspect(save(tmp_path / f"{n}.wav", s)) for n, s in enumerate((sound, hole)))

    assert (whole.dropouts, whole.warnings) == ((), ())
    ((start_s, end_s),) = broken.dropouts
    assert (start_s, end_s) == pytest.approx((3.5, 3.6), abs=0.01)
    assert any("dropouts: 0:03.5" in warning for warning in broken.warnings)

    robotic = replace(broken, dropouts=broken.dropouts * 20)
    (warning,) = (text for text in find_warnings(robotic, QualityLimits()) if "gaps" in text)
    assert "a robotic voice such as espeak has them" in warning


def test_chapters_are_compared_with_the_first_word(tmp_path):
    """Three chapters: one right, one a second late, one 0.6 s early; the file has no other data."""
    chapters = [chapter("One", 2.5, 5.6), chapter("Late", 6.03, 9.3), chapter("Early", 9.4, 12.0)]

    report = inspect(save_mp3(tmp_path / "news.mp3", talk(14), *chapters))

    assert report.faults == ()
    assert report.first_words_s[0] == pytest.approx(2.5, abs=0.1)
    assert [warning.partition(") is ")[2] for warning in report.warnings] == [
        "1.0 s early, or it is mono music",
        "0.6 s late",
    ]


def test_chapters_over_continuous_music_are_not_compared(tmp_path):
    report = inspect(save_mp3(tmp_path / "news.mp3", make_music(6), chapter("One", 1, 6)))

    assert (report.first_words_s, report.warnings) == ((), ())


@pytest.mark.parametrize("content", [b"", b"this is text", b"ID3\x03\x00\x00\x00\x00\x00\x7f", None])
def test_an_unreadable_file_is_an_error(tmp_path, content):
    path = tmp_path / "news.mp3"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(AudioError, match=r"news\.mp3"):
        inspect(path)
