"""Tags and Chapter -> ID3v2.3 tag, with the frames in the order that players need. Pure bytes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from bulletin.audio.formats.wav.riff_wave import Chunk
from bulletin.model import Chapter

_UTF16 = b"\x01"
"""UTF-16 with a byte order mark, the only encoding of version 2.3 for all of Unicode."""
_BOM = b"\xff\xfe"
_END = b"\x00\x00"
_ROOM = 512
"""Padding, so that an editor can change a title without moving the sound."""
_MOST_CHAPTERS = 255
"""Limit of the table of contents, which counts entries in one byte."""
_LANGUAGES = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "cze", "cy": "wel", "da": "dan", "de": "ger", "el": "gre",
    "en": "eng", "es": "spa", "et": "est", "eu": "baq", "fi": "fin", "fr": "fre", "ga": "gle", "gd": "gla",
    "gl": "glg", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "is": "ice", "it": "ita", "ja": "jpn",
    "ko": "kor", "lt": "lit", "lv": "lav", "nb": "nob", "nl": "dut", "nn": "nno", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "rum", "ru": "rus", "sk": "slo", "sl": "slv", "sr": "srp", "sv": "swe", "tr": "tur",
    "uk": "ukr", "ur": "urd", "zh": "chi",
}  # fmt: skip
"""ISO 639-1 -> ISO 639-2/B, which ID3 requires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """Tags of a sound file beside title and chapters."""

    artist: str
    album: str
    date: datetime
    """The station's local time."""
    language: str = "en-GB"
    artwork: bytes | None = None
    """JPEG."""
    comment: str = ""
    cloned_voice: str = ""
    """The person whose voice is imitated, and the day of consent, for programs; empty: no voice is cloned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Metadata of a file; each format writes the fields that it supports."""

    tags: Tags
    title: str
    lyrics: str = ""
    duration_s: float = 0.0
    chapters: Sequence[Chapter] = ()
    chunks: Sequence[Chunk] = ()
    """For WAV: bext and cart, in this order, before the sound."""


def make_id3(head: Head) -> bytes:
    """Complete tag, to be written before the first frame of an MP3."""
    tags = head.tags
    language = _LANGUAGES.get(tags.language.split("-")[0].casefold(), "und")
    texts = {
        "TIT2": head.title,
        "TPE1": tags.artist,
        "TALB": tags.album,
        "TYER": f"{tags.date:%Y}",
        "TDAT": f"{tags.date:%d%m}",
        "TIME": f"{tags.date:%H%M}",
        "TCON": "News",
        "TLAN": language,
        "TLEN": str(round(head.duration_s * 1000)),
    }
    frames = [_text(name, text) for name, text in texts.items()]
    frames += _chapter_frames(head.chapters[:_MOST_CHAPTERS])
    if tags.comment:
        frames.append(_comment(tags.comment, language))
    if tags.cloned_voice:
        frames.append(_user_text("CLONED_VOICE", tags.cloned_voice))
    if head.lyrics:
        frames.append(_lyrics(head.lyrics, language))
    if tags.artwork:
        front_cover = b"\x03"
        frames.append(_frame("APIC", b"\x00image/jpeg\x00" + front_cover + b"\x00" + tags.artwork))
    body = b"".join(frames) + bytes(_ROOM)
    return b"ID3\x03\x00\x00" + _syncsafe(len(body)) + body


def id3_size(data: bytes) -> int:
    """Length of the tag at the start of `data`; 0 without one."""
    if len(data) < 10 or data[:3] != b"ID3":
        return 0
    return 10 + decode_syncsafe(data[6:10])


def _chapter_frames(chapters: Sequence[Chapter]) -> list[bytes]:
    """Table of contents, then the chapters in time order: players show them in file order."""
    if not chapters:
        return []
    ordered = sorted(chapters, key=lambda chapter: chapter.start_s)
    names = [f"ch{number:03d}".encode() for number in range(len(ordered))]
    top_level_and_ordered = 0b11
    contents = b"toc\x00" + bytes([top_level_and_ordered, len(names)]) + b"".join(n + b"\x00" for n in names)
    return [_frame("CTOC", contents), *map(_chapter, names, ordered)]


def _chapter(name: bytes, chapter: Chapter) -> bytes:
    by_time_only = 0xFFFFFFFF
    times = (round(chapter.start_s * 1000), round(chapter.end_s * 1000), by_time_only, by_time_only)
    body = name + b"\x00" + struct.pack(">IIII", *times) + _text("TIT2", chapter.title)
    if chapter.link:
        body += _frame("WXXX", b"\x00chapter url\x00" + _ascii_url(chapter.link))
    return _frame("CHAP", body)


def _lyrics(text: str, language: str) -> bytes:
    """Language, empty description, lines of text."""
    clean = text.replace("\x00", " ").encode("utf-16-le", "replace")
    return _frame("USLT", _UTF16 + language.encode() + _BOM + _END + _BOM + clean)


def _comment(text: str, language: str) -> bytes:
    """Language, empty description, text."""
    return _frame(
        "COMM", _UTF16 + language.encode() + _BOM + _END + _BOM + text.encode("utf-16-le", "replace")
    )


def _user_text(description: str, text: str) -> bytes:
    encoded = (_BOM + item.encode("utf-16-le", "replace") for item in (description, text))
    return _frame("TXXX", _UTF16 + _END.join(encoded))


def _text(name: str, text: str) -> bytes:
    """One line without zeros, which would end it; lone surrogates become question marks."""
    clean = " ".join(text.replace("\x00", " ").split())
    return _frame(name, _UTF16 + _BOM + clean.encode("utf-16-le", "replace"))


def _ascii_url(link: str) -> bytes:
    return quote(link, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace").encode("ascii")


def _frame(name: str, body: bytes) -> bytes:
    return name.encode() + struct.pack(">IH", len(body), 0) + body


def _syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def decode_syncsafe(data: bytes) -> int:
    """Number of four bytes with seven bits each (ID3v2, 6.2)."""
    return sum(byte << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))
