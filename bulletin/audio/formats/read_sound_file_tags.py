"""Sound file -> FileMetadata: title, artist, chapters, picture, promised length. Bytes only."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from bulletin.audio.formats.mp3_info_frame import read_length
from bulletin.audio.formats.vorbis_comments import read_chapter_comments, read_flac, read_ogg
from bulletin.audio.formats.wav import cart
from bulletin.audio.formats.wav.riff_wave import walk_chunks
from bulletin.audio.formats.write_id3_tags import decode_syncsafe, id3_size
from bulletin.errors import AudioError
from bulletin.model import Chapter

_MOST_TAG_BYTES = 16_000_000
"""Largest tag that is read: a damaged one may claim a quarter of a gigabyte."""
_INFO_BYTES = 4096
"""Bytes after the tag in which the Info frame of an MP3 is."""
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
"""Encodings of texts in ID3."""


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
    has_end: bool = True
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
        raise AudioError(
            f"{path}: cannot be read ({error.strerror}); check its permissions, or copy it again"
        ) from error
    except (struct.error, ValueError, IndexError):
        # Damaged tags: the sound may be whole.
        return FileMetadata()
    return None


def _read_mp3(file: BinaryIO) -> FileMetadata:
    size = id3_size(file.read(10))
    file.seek(0)
    metadata = read_id3(file.read(min(size, _MOST_TAG_BYTES)))
    file.seek(size)
    return replace(metadata, promised_frames=read_length(file.read(_INFO_BYTES)))


def read_id3(tag: bytes) -> FileMetadata:
    """Fields of a tag of version 2.3 or 2.4; empty without a tag. Raises struct.error or ValueError on damage."""
    # Version 2.4 has frame sizes of 7 bits a byte, like the size of the tag in all versions.
    is_new = tag[3:4] == b"\x04"
    frames = list(_id3_frames(tag[10:], is_new=is_new))
    texts = {name: _read_text(body) for name, body in frames if name[:1] == b"T"}
    return FileMetadata(
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
    fields = dict(_id3_frames(rest[16:], is_new=is_new))
    link = fields.get(b"WXXX", b"").rpartition(b"\x00")[2].decode("latin-1")
    title = _read_text(fields.get(b"TIT2", b""))
    return Chapter(start_s=start_ms / 1000, end_s=end_ms / 1000, title=title, link=link)


def _id3_frames(data: bytes, *, is_new: bool) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 10 <= len(data) and data[at]:
        digits = data[at + 4 : at + 8]
        size = decode_syncsafe(digits) if is_new else int.from_bytes(digits, "big")
        yield data[at : at + 4], data[at + 10 : at + 10 + size]
        at += 10 + size


def _read_text(body: bytes) -> str:
    encoding = _ENCODINGS.get(body[0] if body else 0, "latin-1")
    return body[1:].decode(encoding, "replace").rstrip("\x00")


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
    has_end, comments = read_ogg(file)
    return replace(_from_comments(comments, promised_frames=None, has_picture=False), has_end=has_end)


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
