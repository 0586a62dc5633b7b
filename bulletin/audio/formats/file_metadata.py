"""What a sound file says of itself: title, artist, chapters, picture, and its exact length. Bytes only."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from bulletin.audio.formats.id3_read import read_id3
from bulletin.audio.formats.id3_write import id3_size
from bulletin.audio.formats.mp3_info_frame import read_length
from bulletin.audio.formats.vorbis_comments import read_chapter_comments, read_flac, read_ogg
from bulletin.audio.formats.wav import bext, cart
from bulletin.audio.formats.wav.ascii_fields import from_field
from bulletin.audio.formats.wav.riff_wave import walk_chunks
from bulletin.errors import AudioError
from bulletin.model import Chapter

_MOST_TAG_BYTES = 16_000_000
"""A picture may be large; a damaged tag may claim a quarter of a gigabyte."""
_INFO_BYTES = 4096
"""Where an MP3's first frame is looked for."""
_DESCRIPTION = 256
"""Bytes at the start of a bext chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMetadata:
    """What stands in a file beside its sound."""

    title: str = ""
    artist: str = ""
    has_picture: bool | None = None
    """None: none is looked for in this kind of file."""
    chapters: tuple[Chapter, ...] | None = None
    """In the order in which they stand. None: this kind of file has none."""
    promised: int | None = None
    """Samples for each channel that its header promises; None: it says nothing of them."""
    is_whole: bool = True
    """False: its end is missing."""
    cart: cart.CartFields | None = None
    """What a playout is told."""


def read_said(path: Path) -> FileMetadata | None:
    """What a file says of itself; None of a kind whose tags nobody here reads. Raises AudioError."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            for magic, read in _READERS.items():
                if start.startswith(magic):
                    return read(file)
    except OSError as error:
        raise AudioError(f"{path}: cannot be read ({error.strerror})") from error
    except (struct.error, ValueError, IndexError):
        # Whether damaged tags matter is for others to say; the sound may be whole.
        return FileMetadata()
    return None


def _read_mp3(file: BinaryIO) -> FileMetadata:
    size = id3_size(file.read(10))
    file.seek(0)
    tag = read_id3(file.read(min(size, _MOST_TAG_BYTES)))
    file.seek(size)
    return FileMetadata(
        title=tag.title,
        artist=tag.artist,
        has_picture=tag.has_picture,
        chapters=tag.chapters,
        promised=read_length(file.read(_INFO_BYTES)),
    )


def _read_wave(file: BinaryIO) -> FileMetadata:
    """A torn one promises more than it holds, so the sizes are believed."""
    parts: dict[bytes, bytes] = {}
    frame_bytes, sound_bytes = 0, None
    for name, size in walk_chunks(file):
        if name == b"data":
            sound_bytes = sound_bytes if sound_bytes is not None else size
        elif size < _MOST_TAG_BYTES:
            parts.setdefault(name, file.read(size))
    if len(form := parts.get(b"fmt ", b"")) >= 16:
        (frame_bytes,) = struct.unpack_from("<H", form, 12)
    data = parts.get(cart.NAME, b"")
    told = cart.read_cart(data) if len(data) >= cart.LEAST_BYTES else None
    start = parts.get(bext.NAME, b"")
    info = _read_info(parts.get(b"LIST", b""))
    return FileMetadata(
        title=(told.title if told else "") or from_field(start[:_DESCRIPTION]) or info.get(b"INAM", ""),
        artist=(told.artist if told else "")
        or from_field(start[_DESCRIPTION : _DESCRIPTION + 32])
        or info.get(b"IART", ""),
        promised=sound_bytes // frame_bytes if frame_bytes and sound_bytes is not None else None,
        cart=told,
    )


def _read_info(data: bytes) -> dict[bytes, str]:
    """A RIFF's list of INFO fields."""
    found: dict[bytes, str] = {}
    at = 4 if data[:4] == b"INFO" else len(data)
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        found.setdefault(name, from_field(data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def _read_flac(file: BinaryIO) -> FileMetadata:
    frames, comments, has_picture = read_flac(file)
    return _from_comments(comments, promised=frames, has_picture=has_picture)


def _read_ogg(file: BinaryIO) -> FileMetadata:
    is_whole, comments = read_ogg(file)
    return replace(_from_comments(comments, promised=None, has_picture=False), is_whole=is_whole)


def _from_comments(comments: Mapping[str, str], *, promised: int | None, has_picture: bool) -> FileMetadata:
    return FileMetadata(
        title=comments.get("TITLE", ""),
        artist=comments.get("ARTIST", ""),
        # Ours have none: what a picture takes has no room in the encoders' comments.
        has_picture=has_picture or "METADATA_BLOCK_PICTURE" in comments or None,
        chapters=read_chapter_comments(comments),
        promised=promised,
    )


_READERS: Mapping[bytes, Callable[[BinaryIO], FileMetadata]] = {
    b"ID3": _read_mp3,
    b"\xff": _read_mp3,
    b"RIFF": _read_wave,
    b"fLaC": _read_flac,
    b"OggS": _read_ogg,
}
"""By the first bytes of a file."""
