"""An ID3 tag -> what it says: title, artist, chapters, picture. Pure bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from bulletin.model import Chapter

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Id3:
    """What players show of an MP3."""

    title: str
    artist: str
    has_picture: bool
    chapters: tuple[Chapter, ...]
    """In the order in which they stand."""


def read_id3(tag: bytes) -> Id3:
    """What a tag of version 2.3 or 2.4 says; nothing of none, or where it is damaged."""
    frames = list(_frames(tag[10:], is_new=_is_new(tag)))
    texts: dict[bytes, str] = {name: _read_text(body) for name, body in frames if name[:1] == b"T"}
    return Id3(
        title=texts.get(b"TIT2", ""),
        artist=texts.get(b"TPE1", ""),
        has_picture=any(name == b"APIC" for name, _ in frames),
        chapters=read_chapters(tag),
    )


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
