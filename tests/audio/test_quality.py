from datetime import datetime

import numpy as np
import pytest
import soundfile

from bulletin.audio.id3 import Tags, make_id3
from bulletin.audio.quality import Limits, inspect
from bulletin.errors import AudioError
from bulletin.model import Chapter
from tests.audio.sounds import make_music, make_speech, make_tone
from tests.audio.test_encode import encode

RATE_HZ = 44_100
LOCAL = datetime(2026, 11, 24, 7, 0)  # noqa: DTZ001 - tags hold local time


def save(path, samples, *, rate_hz=RATE_HZ):
    soundfile.write(path, samples, rate_hz, subtype="FLOAT")
    return path


def save_mp3(path, samples, *chapters):
    tags = Tags(artist="Wexcombe Radio", album="News", date=LOCAL)
    head = make_id3(tags, title="7am news", lyrics="", duration_s=1.0, chapters=chapters)
    path.write_bytes(encode(samples, head=head).getvalue())
    return path


def chapter(title, start_s, end_s):
    return Chapter(start_s=start_s, end_s=end_s, title=title)


def faults_of(path, **limits):
    return inspect(path, limits=Limits(**limits)).faults


def test_a_good_file_is_measured_and_fit(tmp_path):
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


def test_a_silence_across_two_blocks_is_one(tmp_path):
    music = make_music(14)
    music[round(8.5 * RATE_HZ) : round(11.5 * RATE_HZ)] = 0

    ((start_s, end_s),) = inspect(save(tmp_path / "gap.wav", music)).silences

    assert (start_s, end_s) == pytest.approx((8.5, 11.5), abs=0.06)


def test_flat_tops_are_a_fault_and_a_single_high_frame_is_none(tmp_path):
    clipped, touching = np.clip(make_music(2) * 8, -1, 1), make_music(2)
    touching[1_000, 0] = 1.0

    assert "clipped at" in faults_of(save(tmp_path / "clipped.wav", clipped))[0]
    assert faults_of(save(tmp_path / "touching.wav", touching)) == ()


def test_an_offset_and_a_phase_that_cancels_are_warnings(tmp_path):
    music = make_music(3)
    opposed = np.stack([music[:, 0], -music[:, 0]], axis=1)

    offset = inspect(save(tmp_path / "offset.wav", music + 0.01))
    cancels = inspect(save(tmp_path / "opposed.wav", opposed))

    assert "off centre" in offset.warnings[0]
    assert offset.dc_offset == pytest.approx(0.01, abs=1e-3)
    assert "one loudspeaker" in cancels.warnings[0]
    assert offset.is_fit
    assert cancels.is_fit


def test_a_voice_on_both_sides_loses_nothing_on_one_loudspeaker(tmp_path):
    voice = make_speech(4, rate_hz=RATE_HZ)

    report = inspect(save(tmp_path / "voice.wav", np.stack([voice, voice], axis=1)))

    assert report.mono_loss_lu == pytest.approx(0.0, abs=0.05)


def test_a_mono_file_is_measured_too(tmp_path):
    report = inspect(save(tmp_path / "voice.wav", make_speech(4, rate_hz=24_000), rate_hz=24_000))

    assert (report.channels, report.rate_hz) == (1, 24_000)
    assert report.mono_loss_lu == pytest.approx(0.0, abs=0.05)


def test_chapters_must_lie_inside_and_begin_with_sound(tmp_path):
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
    assert '"Silent" starts' in faults[0]
    assert '"Outside" lies outside' in faults[1]


def test_a_file_that_was_cut_short_is_noticed(tmp_path):
    path = save_mp3(tmp_path / "news.mp3", make_music(6))
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

    assert report.faults == ("it holds 3 values that are no numbers",)
    assert np.isfinite(report.loudness_lufs)


def test_limits_are_kept_or_named(tmp_path):
    path = save(tmp_path / "tone.wav", make_tone(5, hz=1000, dbfs=-23), rate_hz=48_000)

    assert faults_of(path, loudness_lufs=-23.2, true_peak_dbtp=-20.0, duration_s=5.05) == ()
    assert faults_of(path, loudness_lufs=-16.0) == ("-23.0 LUFS, not -16.0",)
    assert faults_of(path, true_peak_dbtp=-24.0) == ("its peaks reach -23.0 dBTP, not -24.0 at most",)
    assert faults_of(path, duration_s=5.5) == ("it lasts 5.0 s, not 5.5",)


@pytest.mark.parametrize("content", [b"", b"this is text", b"ID3\x03\x00\x00\x00\x00\x00\x7f", None])
def test_what_cannot_be_read_is_an_error(tmp_path, content):
    path = tmp_path / "news.mp3"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(AudioError, match=r"news\.mp3"):
        inspect(path)
