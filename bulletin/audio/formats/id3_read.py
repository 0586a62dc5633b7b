"""ID3 tag -> title, artist, chapters, picture. Pure bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.audio.formats.id3_write import decode_syncsafe
from bulletin.model import Chapter

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Id3:
    """Fields of an ID3 tag that players show."""

    title: str
    artist: str
    has_picture: bool
    chapters: tuple[Chapter, ...]
    """In file order."""


def read_id3(tag: bytes) -> Id3:
    """Fields of a tag of version 2.3 or 2.4; empty without a tag. Raises struct.error or ValueError on damage."""
    is_new = _is_new(tag)
    frames = list(_frames(tag[10:], is_new=is_new))
    texts: dict[bytes, str] = {name: _read_text(body) for name, body in frames if name[:1] == b"T"}
    return Id3(
        title=texts.get(b"TIT2", ""),
        artist=texts.get(b"TPE1", ""),
        has_picture=any(name == b"APIC" for name, _ in frames),
        chapters=_read_chapters(frames, is_new=is_new),
    )


def _read_chapters(frames: Sequence[tuple[bytes, bytes]], *, is_new: bool) -> tuple[Chapter, ...]:
    """Chapters in file order; none where one is damaged."""
    try:
        return tuple(_read_chapter(body, is_new=is_new) for name, body in frames if name == b"CHAP")
    except (struct.error, ValueError):
        return ()


def _read_chapter(body: bytes, *, is_new: bool) -> Chapter:
    _, _, rest = body.partition(b"\x00")
    start_ms, end_ms = struct.unpack(">II", rest[:8])
    fields = dict(_frames(rest[16:], is_new=is_new))
    link = fields.get(b"WXXX", b"").rpartition(b"\x00")[2].decode("latin-1")
    title = _read_text(fields.get(b"TIT2", b""))
    return Chapter(start_s=start_ms / 1000, end_s=end_ms / 1000, title=title, link=link)


def _is_new(tag: bytes) -> bool:
    """Version 2.4 has frame sizes of 7 bits a byte, like the size of the tag in all versions."""
    return tag[3:4] == b"\x04"


def _frames(data: bytes, *, is_new: bool) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 10 <= len(data) and data[at]:
        digits = data[at + 4 : at + 8]
        size = decode_syncsafe(digits) if is_new else int.from_bytes(digits, "big")
        yield data[at : at + 4], data[at + 10 : at + 10 + size]
        at += 10 + size


def _read_text(body: bytes) -> str:
    encoding = _ENCODINGS.get(body[0] if body else 0, "latin-1")
    return body[1:].decode(encoding, "replace").rstrip("\x00")
