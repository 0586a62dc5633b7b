import shutil
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from bulletin.audio.metering.loudness import db_to_gain, measure_lufs
from bulletin.audio.mixing.limiter import limit
from bulletin.audio.quality.quality_gate import check_quality
from bulletin.config.tables.output_options import PodcastOptions, SpeakerOptions
from bulletin.errors import QualityError
from bulletin.model import Quality
from tests.audio.sounds import make_speech
from tests.support.factories import make_bulletin

RATE_HZ = 44_100
OPTIONS = {"podcast": PodcastOptions(), "speaker": SpeakerOptions()}


def make_file(path, *, gap_s=0.0, gain_db=0.0):
    """A bulletin with a single file: twelve seconds of mono voice at about -16 LUFS."""
    voice = np.repeat(make_speech(12, rate_hz=RATE_HZ)[:, None], 2, axis=1)
    voice *= db_to_gain(gain_db - 16.0 - measure_lufs(voice, rate_hz=RATE_HZ))
    voice[6 * RATE_HZ : round((6 + gap_s) * RATE_HZ)] = 0
    limited = limit(voice, rate_hz=RATE_HZ, ceiling_dbtp=-2.0)
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, "PCM_24") as file:
        file.title, file.artist = "7am news", "Wexcombe Radio"
        file.write(limited)
    bulletin = make_bulletin(path)
    (made,) = bulletin.renditions
    return replace(bulletin, renditions=(replace(made, chapters=(), cues=(), duration_s=12.0),))


def test_a_good_bulletin_passes_with_its_measured_quality(tmp_path):
    bulletin = make_file(tmp_path / "news.flac")

    passed = check_quality(bulletin, options=OPTIONS, unfit=tmp_path / "unfit")

    (made,) = passed.renditions
    assert (made.quality.faults, made.quality.warnings, passed.notes) == ((), (), ())
    assert made.quality.short_term_max_lufs == pytest.approx(-16, abs=0.5)
    assert not (tmp_path / "unfit").exists()


def test_a_fault_is_an_error_that_names_file_fault_and_remedy_and_keeps_the_file(tmp_path):
    bulletin = make_file(tmp_path / "news.flac", gap_s=2.0)
    content = (tmp_path / "news.flac").read_bytes()

    with pytest.raises(QualityError, match=r"news\.flac \(podcast\).*dead air from 6\.0 to 8\.0 s") as caught:
        check_quality(bulletin, options=OPTIONS, unfit=tmp_path / "unfit")

    kept = tmp_path / "unfit" / "podcast.flac"
    assert kept.read_bytes() == content
    assert f"bulletin inspect {kept}" in str(caught.value)
    assert "The last bulletin stays" in str(caught.value)
    assert caught.value.exit_code == 9


def test_a_file_that_cannot_be_kept_is_refused_all_the_same(tmp_path):
    (tmp_path / "unfit").write_text("a file in the way", encoding="utf-8")

    with pytest.raises(QualityError, match="stays; make the bulletin again"):
        check_quality(make_file(tmp_path / "news.flac", gap_s=2.0), options=OPTIONS, unfit=tmp_path / "unfit")


def test_a_small_deviation_passes_with_a_note(tmp_path):
    bulletin = make_file(tmp_path / "news.flac", gain_db=0.35)

    passed = check_quality(bulletin, options=OPTIONS, unfit=tmp_path / "unfit")

    (note,) = passed.notes
    assert note.startswith("podcast: ")
    assert "LUFS, target -16.0" in note


def test_each_rendition_has_limits_of_its_own(tmp_path):
    """The loudness of a podcast is 2 LU too low for a speaker; one faulty rendition stops all."""
    bulletin = make_file(tmp_path / "news.flac")
    (podcast,) = bulletin.renditions
    shutil.copyfile(podcast.path, tmp_path / "speaker.wav")
    speaker = replace(podcast, kind="speaker", path=tmp_path / "speaker.wav")

    with pytest.raises(QualityError, match=r"speaker\.wav \(speaker\).*target -14\.0") as caught:
        check_quality(
            replace(bulletin, renditions=(podcast, speaker)), options=OPTIONS, unfit=tmp_path / "unfit"
        )

    assert "news.flac (podcast)" not in str(caught.value)


def test_a_file_measured_while_mixing_is_not_decoded_again(tmp_path):
    """The file is deleted before the check."""
    bulletin = make_file(tmp_path / "news.flac")
    (made,) = bulletin.renditions
    made.path.unlink()
    quality = Quality(short_term_max_lufs=-15, range_lu=3, clipped=0, dc_offset=0, mono_loss_lu=0)

    passed = check_quality(
        replace(bulletin, renditions=(replace(made, quality=quality),)), options=OPTIONS, unfit=tmp_path
    )

    assert passed.renditions[0].quality is quality
