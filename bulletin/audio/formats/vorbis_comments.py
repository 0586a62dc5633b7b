"""Tags and Chapter <-> Vorbis comments of a finished FLAC or Opus file. Bytes only."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from bulletin.audio.formats.write_id3_tags import Head
from bulletin.errors import AudioError
from bulletin.model import Chapter

Comments = Sequence[tuple[str, str]]
"""(NAME, value) in order; names may repeat."""

_MOST_BYTES = 48_000
"""Limit of all comments: libsndfile drops a longer one from Opus, and it fits into one page of Ogg."""
_MOST_CHAPTERS = 255
_FLAC_STREAM, _FLAC_COMMENT, _FLAC_PICTURE = 0, 4, 6
_MOST_READ = 10_000
_OGG_LAST = 0b100
_LONGEST_PAGE = 27 + 255 + 255 * 255
_FLAC_PADDING = b"\x81"
"""Header byte of a padding block that is the last one before the sound."""


def make_comments(head: Head) -> tuple[tuple[str, str], ...]:
    """Comments with the names that players read; chapters as CHAPTERnnn (wiki.xiph.org/Chapter_Extension)."""
    tags = head.tags
    comments = [
        ("TITLE", head.title),
        ("ARTIST", tags.artist),
        ("ALBUM", tags.album),
        ("DATE", f"{tags.date:%Y-%m-%d}"),
        ("GENRE", "News"),
        ("LANGUAGE", tags.language),
        ("COMMENT", tags.comment),
        ("CLONED_VOICE", tags.cloned_voice),
    ]
    ordered = sorted(head.chapters, key=lambda chapter: chapter.start_s)[:_MOST_CHAPTERS]
    for number, chapter in enumerate(ordered):
        comments += [
            (f"CHAPTER{number:03d}", _clock(chapter.start_s)),
            (f"CHAPTER{number:03d}NAME", chapter.title),
            (f"CHAPTER{number:03d}URL", chapter.link),
        ]
    return tuple((name, " ".join(value.split())) for name, value in comments if value.strip())


def room_for(comments: Comments) -> int:
    """Bytes of filler that the encoder must write as a comment, to make room for `write_comments`."""
    return len(_body(comments, vendor=b"")) + 16


def write_comments(path: Path, comments: Comments) -> None:
    """
    Replace the comments of a finished FLAC or Opus file; its size stays.

    Raises AudioError when there is no room for them, and OSError.
    """
    with path.open("r+b") as file:
        write = _write_flac if file.read(4) == b"fLaC" else _write_opus
        is_written = write(file, comments)
    if not is_written:
        raise AudioError(f"{path}: title and chapters do not fit into the file; make the bulletin again")


def read_flac(file: BinaryIO) -> tuple[int | None, dict[str, str], bool]:
    """Promised frames, comments by upper-case name, and whether there is a picture, of a FLAC file."""
    frames: int | None = None
    comments: dict[str, str] = {}
    has_picture = False
    for start, kind, size, _ in _flac_blocks(file):
        file.seek(start + 4)
        if kind == _FLAC_STREAM:
            # The last 36 bits before the checksum; 0: unknown to the encoder.
            frames = int.from_bytes(file.read(18)[13:], "big") & (1 << 36) - 1 or None
        elif kind == _FLAC_COMMENT:
            comments = _read_body(file.read(size))
        has_picture = has_picture or kind == _FLAC_PICTURE
    return frames, comments, has_picture


def read_ogg(file: BinaryIO) -> tuple[bool, dict[str, str]]:
    """Whether an Ogg file has its last page, and its Opus or Vorbis comments."""
    page, start = _read_page(file)
    is_opus = page[start : start + 8] == b"OpusHead"
    page, start = _read_page(file)
    return _has_end(file), _read_body(bytes(page[start + (8 if is_opus else 7) :]))


def read_chapter_comments(comments: Mapping[str, str]) -> tuple[Chapter, ...]:
    """Chapters of CHAPTERnnn comments by number; each lasts until the next, the last one to infinity."""
    starts = sorted(
        (int(match[1]), _seconds(value), match[1])
        for name, value in comments.items()
        if (match := re.fullmatch(r"CHAPTER(\d{2,3})", name))
    )
    ends = [*(start for _, start, _ in starts[1:]), math.inf][: len(starts)]
    return tuple(
        Chapter(
            start_s=start,
            end_s=end,
            title=comments.get(f"CHAPTER{digits}NAME", ""),
            link=comments.get(f"CHAPTER{digits}URL", ""),
        )
        for (_, start, digits), end in zip(starts, ends, strict=True)
    )


def _read_body(body: bytes) -> dict[str, str]:
    """Comments by upper-case name, the first of each; of any encoder."""
    at = 4 + int.from_bytes(body[:4], "little")
    count = int.from_bytes(body[at : at + 4], "little")
    at += 4
    comments: dict[str, str] = {}
    for _ in range(min(count, _MOST_READ)):
        size = int.from_bytes(body[at : at + 4], "little")
        name, is_pair, value = body[at + 4 : at + 4 + size].decode("utf-8", "replace").partition("=")
        if is_pair:
            comments.setdefault(name.upper(), value)
        at += 4 + size
    return comments


def _has_end(file: BinaryIO) -> bool:
    """Whether the last page is complete and marked as the last; a torn file has none."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_PAGE))
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) - at < 27 or not tail[at + 5] & _OGG_LAST:
        return False
    lacing = tail[at + 27 : at + 27 + tail[at + 26]]
    return len(tail) >= at + 27 + len(lacing) + sum(lacing)


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _body(comments: Comments, *, vendor: bytes) -> bytes:
    """Encoded comments, as many as fit; `vendor` is the encoder's name with its length."""
    written: list[bytes] = []
    room = _MOST_BYTES
    for name, value in comments:
        text = f"{name}={value}".encode("utf-8", "replace")
        room -= 4 + len(text)
        if room < 0:
            break
        written.append(struct.pack("<I", len(text)) + text)
    return vendor + struct.pack("<I", len(written)) + b"".join(written)


def _vendor(body: bytes) -> bytes:
    """Encoder's name, kept because players work around bugs of encoders by name."""
    return body[: 4 + int.from_bytes(body[:4], "little")]


def _write_flac(file: BinaryIO, comments: Comments) -> bool:
    """Rewrite the last metadata block, and pad it; False without room."""
    for start, kind, size, is_last in _flac_blocks(file):
        if kind != _FLAC_COMMENT or not is_last:
            continue
        file.seek(start + 4)
        body = _body(comments, vendor=_vendor(file.read(size)))
        padding = size - len(body) - 4
        if padding >= 0:
            file.seek(start)
            file.write(struct.pack(">I", _FLAC_COMMENT << 24 | len(body)) + body)
            file.write(_FLAC_PADDING + struct.pack(">I", padding)[1:] + bytes(padding))
            return True
    return False


def _flac_blocks(file: BinaryIO) -> Iterator[tuple[int, int, int, bool]]:
    """First byte, type, length, and whether it is the last one, of each metadata block."""
    at, is_last = 4, False
    while not is_last:
        file.seek(at)
        (head,) = struct.unpack(">I", file.read(4))
        is_last, kind, size = bool(head >> 31), head >> 24 & 127, head & 0xFFFFFF
        yield at, kind, size, is_last
        at += 4 + size


def _write_opus(file: BinaryIO, comments: Comments) -> bool:
    """Rewrite the second page; bytes after the comments are padding (RFC 7845, 5.2); False without room."""
    file.seek(0)
    _read_page(file)
    at = file.tell()
    page, start = _read_page(file)
    size = len(page) - start
    packet = b"OpusTags" + _body(comments, vendor=_vendor(bytes(page[start + 8 :])))
    if page[start : start + 8] != b"OpusTags" or size < len(packet):
        return False
    page[start:] = packet + bytes(size - len(packet))
    page[22:26] = bytes(4)
    page[22:26] = struct.pack("<I", _ogg_crc(page))
    file.seek(at)
    file.write(page)
    return True


def _read_page(file: BinaryIO) -> tuple[bytearray, int]:
    """Page of Ogg, and the offset of its payload."""
    head = file.read(27)
    lacing = file.read(head[26])
    return bytearray(head + lacing + file.read(sum(lacing))), 27 + len(lacing)


def _ogg_crc(page: bytearray) -> int:
    """CRC-32 of polynomial 04C11DB7, highest bit first, from zero (RFC 3533, 6)."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc >> 31 else 0)) & 0xFFFFFFFF
    return crc


def _clock(seconds: float) -> str:
    whole, ms = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{ms:03d}"
