"""`mix_bulletin`, checked on its decoded and measured MP3."""

import errno
import os
import subprocess
import sys
import threading
import uuid
from datetime import datetime
from pathlib import Path

import mutagen.id3
import numpy as np
import pytest
import soundfile

from bulletin.audio.mixing.mix_bulletin import Order, StationJingles, Tags, mix_bulletin
from bulletin.audio.quality.inspect_sound_file import QualityLimits, inspect
from bulletin.config.profile_options import AudioOptions
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import AudioError
from bulletin.imaging.find_shipped_jingle_sets import default_jingles
from bulletin.model import Role, Spoken
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.sounds import VOICE, make_bulletin_script, make_story_script, speak_noise

pytestmark = pytest.mark.slow

LOCAL = datetime(2026, 11, 24, 7, 0)  # noqa: DTZ001 - tags hold local time
TAGS = Tags(artist="Wexcombe Radio", album="Wexcombe Radio News", date=LOCAL, artwork=b"\xff\xd8 a picture")
TARGET_S = 36.0
"""A short target; stories last a third of their usual time, to keep the tests fast."""


def our_jingles():
    ours = default_jingles()
    return StationJingles(ident=ours["ident"], bed=ours["bed"], sting=ours["sting"], closing=ours["closing"])


def mix(script, spoken, path, *, target_s=TARGET_S, jingles=None, tags=TAGS, **options):
    return mix_bulletin(
        script,
        spoken,
        jingles=our_jingles() if jingles is None else jingles,
        options=AudioOptions(),
        orders=[Order(kind="podcast", path=path, options=PodcastOptions(**options))],
        target_s=target_s,
        tags=tags,
    )


def make_day():
    return make_bulletin_script(
        *[make_story_script(name) for name in ("one", "two")],
        make_story_script("cat", headline=False, light=True),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A short mixed bulletin, its spoken clips and the path of its file."""
    folder = tmp_path_factory.mktemp("mix")
    script = make_day()
    spoken = speak_noise(script, folder, hurry=3)
    return mix(script, spoken, folder / "news.mp3"), spoken, folder / "news.mp3"


def test_the_file_meets_every_target(made):
    """Length within 0.1 s, loudness within 0.2 LU, peaks under the ceiling, no silence, right chapters."""
    _, _, path = made
    limits = QualityLimits(
        loudness_lufs=-16.0,
        loudness_tolerance_lu=0.2,
        true_peak_dbtp=-1.5,
        duration_s=TARGET_S,
        duration_tolerance_s=0.1,
    )

    report = inspect(path, limits=limits)

    assert (report.faults, report.warnings) == ((), ())
    assert report.range_lu < 8


def test_the_bulletin_object_describes_the_file(made):
    bulletin, spoken, path = made
    (rendition,) = bulletin.renditions

    report = inspect(path)

    assert (rendition.kind, rendition.media_type, rendition.path) == ("podcast", "audio/mpeg", path)
    assert rendition.duration_s == report.duration_s
    assert rendition.loudness_lufs == pytest.approx(report.loudness_lufs, abs=0.01)
    assert rendition.true_peak_dbtp == pytest.approx(report.true_peak_dbtp, abs=0.01)
    assert [(c.title, c.link) for c in report.chapters] == [(c.title, c.link) for c in rendition.chapters]
    assert (bulletin.planned_s, bulletin.voice, bulletin.notes) == (TARGET_S, spoken.voice, ())
    assert {passage.role for passage in bulletin.aired} == set(Role)


def test_at_each_chapters_time_its_first_words_are_heard(made):
    """The decoded sound at a chapter is its spoken clip, to the millisecond."""
    bulletin, spoken, path = made
    decoded, rate_hz = read_sound(path)
    first_words = {
        p.story_id or p.role: p for p in bulletin.aired if p.role in ("opening", "story", "closing")
    }

    for chapter in bulletin.renditions[0].chapters:
        key = chapter.story_id or (Role.CLOSING if chapter.title == "Closing" else Role.OPENING)
        clip = next(clip for clip in spoken.clips if clip.passage == first_words[key])
        words = soundfile.read(clip.path, frames=round(0.2 * clip.rate_hz), dtype="float32")[0]
        start = round((chapter.start_s - 0.05) * rate_hz)
        heard = decoded[start : start + round(0.3 * rate_hz)].mean(axis=1)
        assert abs(lag_s(words, clip.rate_hz, heard, rate_hz) - 0.05) < 0.002


def lag_s(words, words_hz, heard, heard_hz):
    """Lag of `words` in `heard`, from the peak of their correlation."""
    wanted = np.interp(np.arange(0, len(words), words_hz / heard_hz), np.arange(len(words)), words)
    return int(np.argmax(np.correlate(heard, wanted[: len(heard) // 2], "valid"))) / heard_hz


def test_tags_chapters_words_and_artwork_are_in_the_file(made):
    bulletin, _, path = made

    tag = mutagen.id3.ID3(path)

    assert str(tag["TIT2"]) == bulletin.script.title
    assert str(tag["TPE1"]) == "Wexcombe Radio"
    assert tag.getall("APIC")[0].data == b"\xff\xd8 a picture"
    assert tag.getall("USLT")[0].text.splitlines() == [cue.text for cue in bulletin.renditions[0].cues]
    assert len(tag.getall("CHAP")) == len(bulletin.renditions[0].chapters)


@pytest.mark.slow
@pytest.mark.parametrize("target_s", [33.3, pytest.param(40.0, marks=pytest.mark.slow)])
def test_other_targets_are_hit_too(made, target_s, tmp_path):
    _, spoken, _ = made

    bulletin = mix(make_day(), spoken, tmp_path / "news.mp3", target_s=target_s)

    assert bulletin.renditions[0].duration_s == pytest.approx(target_s, abs=0.1)


@pytest.mark.parametrize(
    ("loudness_lufs", "true_peak_dbtp", "bitrate_kbps"),
    [
        pytest.param(-23.0, -1.0, 192, marks=pytest.mark.slow),
        (-14.0, -2.0, 64),
        pytest.param(-11.5, -1.5, 128, marks=pytest.mark.slow),  # the highest loudness that a profile may set
        pytest.param(-16.0, -6.0, 320, marks=pytest.mark.slow),
    ],
)
def test_other_levels_and_bitrates_are_met(made, tmp_path, loudness_lufs, true_peak_dbtp, bitrate_kbps):
    _, spoken, _ = made
    path = tmp_path / "news.mp3"

    mix(
        make_day(),
        spoken,
        path,
        loudness_lufs=loudness_lufs,
        true_peak_dbtp=true_peak_dbtp,
        bitrate_kbps=bitrate_kbps,
    )

    limits = QualityLimits(
        loudness_lufs=loudness_lufs, loudness_tolerance_lu=0.3, true_peak_dbtp=true_peak_dbtp
    )
    assert inspect(path, limits=limits).faults == ()


@pytest.mark.slow
def test_without_any_music_it_is_still_a_bulletin(made, tmp_path):
    _, spoken, _ = made

    bulletin = mix(make_day(), spoken, tmp_path / "news.mp3", jingles=StationJingles())

    report = inspect(
        tmp_path / "news.mp3", limits=QualityLimits(loudness_lufs=-16.0, loudness_tolerance_lu=0.2)
    )
    assert report.faults == ()
    assert not [note for note in bulletin.notes if note.startswith("without")]


@pytest.mark.slow
def test_a_jingle_that_is_no_music_is_left_out_and_noted(made, tmp_path):
    _, spoken, _ = made
    fake = tmp_path / "ident.mp3"
    fake.write_text("this is a text file")
    jingles = StationJingles(ident=fake, bed=tmp_path / "gone.wav", sting=default_jingles()["sting"])

    bulletin = mix(make_day(), spoken, tmp_path / "news.mp3", jingles=jingles)

    assert [note.split(":")[0] for note in bulletin.notes if note.startswith("without")] == [
        "without ident",
        "without bed",
    ]
    assert inspect(tmp_path / "news.mp3").is_fit


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.1, 0.4, 40.0])
def test_jingles_of_odd_lengths_and_levels_give_a_valid_bulletin(made, tmp_path, seconds):
    _, spoken, _ = made
    rng = np.random.default_rng(2)
    clipped = np.clip(rng.standard_normal((round(seconds * 22_050), 1)), -1, 1)
    path = tmp_path / "jingle.wav"
    soundfile.write(path, clipped, 22_050)

    bulletin = mix(
        make_day(),
        spoken,
        tmp_path / "news.mp3",
        jingles=StationJingles(ident=path, bed=path, sting=path, closing=path),
    )

    report = inspect(tmp_path / "news.mp3", limits=QualityLimits(loudness_lufs=-16.0, true_peak_dbtp=-1.5))
    assert report.faults == ()
    assert bulletin.story_ids


def test_no_speech_is_an_error_and_no_file(tmp_path):
    with pytest.raises(AudioError, match="nothing was spoken"):
        mix(make_day(), Spoken(clips=(), voice=VOICE, attempts=()), tmp_path / "news.mp3")

    assert not list(tmp_path.iterdir())


def test_a_broken_clip_leaves_the_last_bulletin_and_no_part(made, tmp_path):
    folder, path = tmp_path / "out", tmp_path / "out" / "news.mp3"
    folder.mkdir()
    path.write_bytes(b"the last bulletin")
    script = make_day()
    spoken = speak_noise(script, tmp_path)
    for clip in spoken.clips:
        clip.path.write_bytes(b"broken")

    with pytest.raises(AudioError, match="cannot be read as sound"):
        mix(script, spoken, path)

    assert [(item.name, item.read_bytes()) for item in folder.iterdir()] == [
        ("news.mp3", b"the last bulletin")
    ]


def test_a_missing_folder_is_an_error(made, tmp_path):
    _, spoken, _ = made

    with pytest.raises(AudioError, match=r"news\.mp3: cannot be written \(.+\); create the folder"):
        mix(make_day(), spoken, tmp_path / "missing" / "news.mp3")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is not here")
def test_a_full_disk_is_an_error_and_leaves_no_part(made, tmp_path, monkeypatch):
    _, spoken, _ = made
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=0))  # so that the name of the part is known
    (tmp_path / "part-000000000000-news.mp3").symlink_to("/dev/full")

    with pytest.raises(AudioError, match=os.strerror(errno.ENOSPC)):
        mix(make_day(), spoken, tmp_path / "news.mp3")

    assert not list(tmp_path.iterdir())
    assert "lame" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.slow
def test_the_same_bulletin_is_the_same_file(made, tmp_path):
    _, spoken, path = made

    mix(make_day(), spoken, tmp_path / "news.mp3")

    assert (tmp_path / "news.mp3").read_bytes() == path.read_bytes()


def test_mixing_needs_neither_scipy_nor_pydantic_nor_a_program():
    """Their import takes longer than mixing a bulletin."""
    code = "import sys, bulletin.audio.mixing.mix_bulletin; print(sorted({'scipy', 'pydantic', 'pyloudnorm'} & set(sys.modules)))"

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": ""},
    )

    assert done.stdout.strip() == "[]"
