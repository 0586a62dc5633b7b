"""Tags and chapters of FLAC and Opus, read by an independent library."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import mutagen.flac
import mutagen.oggopus
import pytest

from bulletin.audio.formats.encoders import make_encoder
from bulletin.audio.formats.vorbis_comments import make_comments, write_comments
from bulletin.audio.formats.write_id3_tags import Head, Tags
from bulletin.errors import AudioError
from bulletin.model import Chapter
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.sounds import make_music

TAGS = Tags(
    artist="Wexcombe Radio",
    album="Wexcombe Radio News",
    date=datetime(2026, 11, 24, 7, 0),  # noqa: DTZ001 - tags hold local time
)
CHAPTERS = (
    Chapter(start_s=3_661.5, end_s=3_700, title="Weather ☔"),
    Chapter(start_s=4.0004, end_s=20, title="Bridge\ncloses", link="https://gazette.example/bridge"),
)
READERS = {"flac": mutagen.flac.FLAC, "opus": mutagen.oggopus.OggOpus}
FORMATS = sorted(READERS)


def encode(path: Path, fmt: str, *, title: str = "7am news", chapters=CHAPTERS, frames: int = 24_000) -> Path:
    music = make_music(1, rate_hz=48_000)[:frames]
    head = Head(tags=TAGS, title=title, chapters=chapters)
    encoder = make_encoder(fmt, path / f"sound.{fmt}", rate_hz=48_000, head=head)
    encoder.write(music)
    encoder.close()
    return path / f"sound.{fmt}"


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_independent_reader_finds_tags_and_chapters(tmp_path, fmt):
    sound_file = READERS[fmt](encode(tmp_path, fmt))

    assert dict(sound_file.tags) == {
        "title": ["7am news"],
        "artist": ["Wexcombe Radio"],
        "album": ["Wexcombe Radio News"],
        "date": ["2026-11-24"],
        "genre": ["News"],
        "language": ["en-GB"],
        "chapter000": ["00:00:04.000"],
        "chapter000name": ["Bridge closes"],
        "chapter000url": ["https://gazette.example/bridge"],
        "chapter001": ["01:01:01.500"],
        "chapter001name": ["Weather ☔"],
    }
    assert sound_file.info.length == pytest.approx(0.5)


@pytest.mark.parametrize(("fmt", "vendor"), [("flac", "libFLAC"), ("opus", "libopus")])
def test_the_encoder_keeps_its_name(tmp_path, fmt, vendor):
    assert vendor in READERS[fmt](encode(tmp_path, fmt)).tags.vendor


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(
    "title", ["", "x", "Łódź, Москва, 東京 " * 20, "half \ud83d emoji\x00", "a=b", "x" * 40_000]
)
def test_tags_do_not_change_the_sound(tmp_path, fmt, title):
    path = encode(tmp_path, fmt, title=title)

    assert len(read_sound(path)[0]) == 24_000
    assert READERS[fmt](path)["artist"] == ["Wexcombe Radio"]


@pytest.mark.parametrize("fmt", FORMATS)
def test_surplus_chapters_are_left_out_from_the_end(tmp_path, fmt):
    chapters = [Chapter(start_s=float(n), end_s=n + 1.0, title="t" * 400) for n in range(300)]

    path = encode(tmp_path, fmt, chapters=chapters)

    sound_file = READERS[fmt](path)
    assert 90 < sum(1 for name in dict(sound_file.tags) if name.endswith("name")) < 200
    assert sound_file["title"] == ["7am news"]
    assert len(read_sound(path)[0]) == 24_000


@pytest.mark.parametrize("fmt", FORMATS)
def test_tags_without_room_are_an_error_and_change_nothing(tmp_path, fmt):
    path = encode(tmp_path, fmt, chapters=())
    before = path.read_bytes()

    with pytest.raises(AudioError, match="do not fit into the file"):
        write_comments(path, make_comments(Head(tags=TAGS, title="x" * 5_000)))

    assert path.read_bytes() == before
