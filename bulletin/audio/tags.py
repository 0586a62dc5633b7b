"""What a sound file says of itself: title, artist, chapters, picture, and its exact length. Bytes only."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bulletin.audio.id3 import id3_size
from bulletin.audio.mp3frame import read_length
from bulletin.errors import AudioError
from bulletin.model import Chapter

_MOST_TAG_BYTES = 16_000_000
"""A picture may be large; a damaged tag may claim a quarter of a gigabyte."""
_INFO_BYTES = 4096
"""Where an MP3's first frame is looked for."""
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What stands in a file beside its sound."""

    title: str = ""
    artist: str = ""
    has_picture: bool = False
    chapters: tuple[Chapter, ...] = ()
    """In the order in which they stand."""
    promised: int | None = None
    """Samples for each channel that its header promises; None: it says nothing of them."""


def read_said(path: Path) -> Said | None:
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
    return None


def _read_mp3(file: BinaryIO) -> Said:
    size = id3_size(file.read(10))
    file.seek(0)
    tag = file.read(min(size, _MOST_TAG_BYTES))
    file.seek(size)
    promised = read_length(file.read(_INFO_BYTES))
    frames = list(_frames(tag[10:], is_new=_is_new(tag)))
    texts: dict[bytes, str] = {name: _read_text(body) for name, body in frames if name[:1] == b"T"}
    return Said(
        title=texts.get(b"TIT2", ""),
        artist=texts.get(b"TPE1", ""),
        has_picture=any(name == b"APIC" for name, _ in frames),
        chapters=read_chapters(tag),
        promised=promised,
    )


_READERS: Mapping[bytes, Callable[[BinaryIO], Said]] = {b"ID3": _read_mp3, b"\xff": _read_mp3}
"""By the first bytes of a file: here stand RIFF and Vorbis comments when somebody reads them."""


def read_chapters(tag: bytes) -> tuple[Chapter, ...]:
    """Chapters of an ID3 tag of version 2.3 or 2.4, in the order in which they stand; none of a damaged one."""
    try:
        is_new = _is_new(tag)
        frames = _frames(tag[10:], is_new=is_new)
        return tuple(_read_chapter(body, is_new=is_new) for name, body in frames if name == b"CHAP")
    except (struct.error, ValueError):
        return ()


def _read_chapter(body: bytes, *, is_new: bool) -> Chapter:
    _, _, rest = body.partition(b"\x00")
    start_ms, end_ms = struct.unpack(">II", rest[:8])
    parts = dict(_frames(rest[16:], is_new=is_new))
    link = parts.get(b"WXXX", b"").rpartition(b"\x00")[2].decode("latin-1")
    title = _read_text(parts.get(b"TIT2", b""))
    return Chapter(start_s=start_ms / 1000, end_s=end_ms / 1000, title=title, link=link)


def _is_new(tag: bytes) -> bool:
    """Version 2.4 counts a frame's bytes in sevens of bits, as the tag's own size is counted in all versions."""
    return tag[3:4] == b"\x04"


def _frames(data: bytes, *, is_new: bool) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 10 <= len(data) and data[at]:
        digits = data[at + 4 : at + 8]
        size = sum(
            byte << shift
            for byte, shift in zip(digits, (21, 14, 7, 0) if is_new else (24, 16, 8, 0), strict=True)
        )
        yield data[at : at + 4], data[at + 10 : at + 10 + size]
        at += 10 + size


def _read_text(body: bytes) -> str:
    encoding = _ENCODINGS.get(body[0] if body else 0, "latin-1")
    return body[1:].decode(encoding, "replace").rstrip("\x00")
