"""Sound file -> FileMetadata: title, artist, chapters, picture, promised length. Bytes only."""

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
from bulletin.audio.formats.wav import cart
from bulletin.audio.formats.wav.riff_wave import walk_chunks
from bulletin.errors import AudioError
from bulletin.model import Chapter

_MOST_TAG_BYTES = 16_000_000
"""Largest tag that is read: a damaged one may claim a quarter of a gigabyte."""
_INFO_BYTES = 4096
"""Bytes after the tag in which the Info frame of an MP3 is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMetadata:
    """Metadata of a sound file."""

    title: str = ""
    artist: str = ""
    has_picture: bool | None = None
    """None: not read from this format."""
    chapters: tuple[Chapter, ...] | None = None
    """In file order. None: the format has no chapters."""
    promised_frames: int | None = None
    """Length by the header; None without one."""
    is_whole: bool = True
    """False: the end is missing."""
    cart: cart.CartFields | None = None
    """Instructions for a playout."""


def read_metadata(path: Path) -> FileMetadata | None:
    """Metadata of MP3, WAV, FLAC and Ogg; None for other formats. Raises AudioError."""
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
        # Damaged tags: the sound may be whole.
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
        promised_frames=read_length(file.read(_INFO_BYTES)),
    )


def _read_wave(file: BinaryIO) -> FileMetadata:
    """The sizes of the chunks are believed: a torn file promises more than it holds."""
    chunks: dict[bytes, bytes] = {}
    frame_bytes, sound_bytes = 0, None
    for name, _, size in walk_chunks(file):
        if name == b"data":
            sound_bytes = sound_bytes if sound_bytes is not None else size
        elif size < _MOST_TAG_BYTES:
            chunks.setdefault(name, file.read(size))
    if len(form := chunks.get(b"fmt ", b"")) >= 16:
        (frame_bytes,) = struct.unpack_from("<H", form, 12)
    fields = cart.read_cart(chunks.get(cart.NAME, b""))
    return FileMetadata(
        title=fields.title if fields else "",
        artist=fields.artist if fields else "",
        promised_frames=sound_bytes // frame_bytes if frame_bytes and sound_bytes is not None else None,
        cart=fields,
    )


def _read_flac(file: BinaryIO) -> FileMetadata:
    frames, comments, has_picture = read_flac(file)
    return _from_comments(comments, promised_frames=frames, has_picture=has_picture)


def _read_ogg(file: BinaryIO) -> FileMetadata:
    is_whole, comments = read_ogg(file)
    return replace(_from_comments(comments, promised_frames=None, has_picture=False), is_whole=is_whole)


def _from_comments(
    comments: Mapping[str, str], *, promised_frames: int | None, has_picture: bool
) -> FileMetadata:
    return FileMetadata(
        title=comments.get("TITLE", ""),
        artist=comments.get("ARTIST", ""),
        # None for our own files: the comments have no room for a picture.
        has_picture=has_picture or "METADATA_BLOCK_PICTURE" in comments or None,
        chapters=read_chapter_comments(comments),
        promised_frames=promised_frames,
    )


_READERS: Mapping[bytes, Callable[[BinaryIO], FileMetadata]] = {
    b"ID3": _read_mp3,
    b"\xff": _read_mp3,
    b"RIFF": _read_wave,
    b"fLaC": _read_flac,
    b"OggS": _read_ogg,
}
"""Readers by the first bytes of a file."""
