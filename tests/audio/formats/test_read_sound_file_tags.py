"""Title, artist, chapters and cart of a sound file, in every format."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin.audio.formats.encoders import make_encoder
from bulletin.audio.formats.read_sound_file_tags import read_metadata
from bulletin.audio.formats.write_id3_tags import Head, Tags
from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.model import Chapter
from tests.audio.mixing.test_bext_and_cart_chunks import broadcast_file
from tests.audio.sounds import make_music

TAGS = Tags(
    artist="Wexcombe Radio",
    album="News",
    date=datetime(2026, 11, 24, 7, 0),  # noqa: DTZ001 - tags hold local time
    artwork=b"\xff\xd8 a picture",
)
CHAPTERS = (
    Chapter(start_s=0.0, end_s=1.0, title="Opening ☔"),
    Chapter(start_s=1.0, end_s=2.5, title="Bridge closes", link="https://gazette.example/bridge"),
)
FRAMES = 120_000


def save(folder: Path, fmt: str, *, tags: Tags = TAGS) -> Path:
    head = Head(tags=tags, title="7am news", duration_s=2.5, chapters=CHAPTERS)
    path = folder / f"news.{fmt}"
    encoder = make_encoder(fmt, path, rate_hz=48_000, head=head)
    encoder.write(make_music(2.5, rate_hz=48_000))
    encoder.close()
    return path


@pytest.mark.parametrize("fmt", ["mp3", "flac", "opus"])
def test_written_tags_are_read_back(tmp_path, fmt):
    metadata = read_metadata(save(tmp_path, fmt))

    assert (metadata.title, metadata.artist) == ("7am news", "Wexcombe Radio")
    assert [(c.start_s, c.title, c.link) for c in metadata.chapters] == [
        (c.start_s, c.title, c.link) for c in CHAPTERS
    ]
    assert metadata.promised_frames == (None if fmt == "opus" else FRAMES)
    assert metadata.has_end


def test_only_an_mp3_must_have_its_picture(tmp_path):
    assert [read_metadata(save(tmp_path, fmt)).has_picture for fmt in ("mp3", "flac", "opus", "wav")] == [
        True,
        None,
        None,
        None,
    ]


def test_the_cart_of_a_broadcast_file_is_read(tmp_path):
    metadata = read_metadata(broadcast_file(tmp_path / "fm.wav"))

    assert (metadata.title, metadata.artist) == ("7am news, Tuesday 24 November 2026", "Wexcombe Radio")
    assert (metadata.cart.cut_id, metadata.promised_frames, metadata.chapters) == ("6001", 48_000, None)


def test_other_programs_titles_are_read_too(tmp_path):
    names = []
    for kind in ("flac", "ogg"):
        path = tmp_path / f"song.{kind}"
        with soundfile.SoundFile(path, "w", 44_100, 1) as file:
            file.title, file.artist = "A song", "A band"
            file.write(make_music(0.5)[:, :1])
        metadata = read_metadata(path)
        names.append((metadata.title, metadata.artist))

    assert names == [("A song", "A band")] * 2


@pytest.mark.parametrize("fmt", ["mp3", "wav", "flac", "opus"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_truncated_file_is_noticed_in_every_format(tmp_path, fmt, share):
    """Signs: the length in the header, a missing last page, or a decoder error before the end."""
    path = save(tmp_path, fmt)
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])

    try:
        faults = inspect(path).faults
    except Exception as error:  # noqa: BLE001 - the test checks the kind of error
        faults = (type(error).__name__,)
    assert any(
        "its header says" in fault or "breaks off" in fault or fault == "AudioError" for fault in faults
    )


@pytest.mark.parametrize("fmt", ["mp3", "wav", "flac", "opus"])
def test_a_complete_file_passes(tmp_path, fmt):
    report = inspect(save(tmp_path, fmt))

    assert (report.faults, report.duration_s) == ((), 2.5)
    assert [chapter.end_s for chapter in report.chapters] == ([] if fmt == "wav" else [1.0, 2.5])


@pytest.mark.parametrize("fmt", ["wav", "flac", "opus", "mp3"])
def test_damaged_tags_are_no_reason_to_break_down(tmp_path, fmt):
    data = bytearray(save(tmp_path, fmt).read_bytes())
    rng = np.random.default_rng(3)
    for number in range(40):
        spoilt = bytearray(data)
        for at in rng.integers(4, min(len(data), 4_000), size=12):
            spoilt[at] = rng.integers(256)
        path = tmp_path / f"{number}.bin"
        path.write_bytes(spoilt[: rng.integers(5, len(data))])
        read_metadata(path)
