"""
File of a recording -> whether its end is there, by its own frames, pages or boxes; runs in the importer process only.

A file that was cut off, by a lost line or a full memory card, still decodes up to the cut in most formats.
WAV and AIFF tell it by their first bytes: see `recording_checks.check_is_complete`.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from pathlib import Path

from bulletin.runtime.mp3_frames import read_mp3_frames
from bulletin.speech.clips.recording_checks import incomplete
from bulletin.speech.clips.sniff_sound_type import SoundType

_MOST_STEPS = 500_000
"""Frames or elements that are looked at: ten minutes have 60,000; a file made to do harm has more."""
_LAST_PAGE = 0x04
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_BOX_NAME = frozenset(string.printable.encode()) | {0xA9}
_FRAME_CUT = "its last frame is cut off"


def check_file_end(path: Path, kind: SoundType) -> str:
    """
    A note for the editor where the file cannot tell; empty: its end is there, or its type has no sign of it.

    Raises RecordingError for a file that was cut off, OSError.
    """
    check = _CHECKS.get(kind)
    return check(path.read_bytes()) if check else ""


def flac_s(path: Path) -> float:
    """Seconds that the header of a FLAC file announces (RFC 9639, 8.2); 0: none. Raises OSError."""
    with path.open("rb") as file:
        facts = int.from_bytes(file.read(26)[18:], "big")
    rate_hz, samples = facts >> 44, facts & (1 << 36) - 1
    return samples / rate_hz if rate_hz else 0.0


def _check_mp3(data: bytes) -> str:
    frames = read_mp3_frames(data)
    if frames.is_cut:
        raise incomplete(_FRAME_CUT if frames.count else "it ends within its tag")
    if frames.count and frames.count < frames.announced - 1:  # some count the frame that announces
        raise incomplete(f"{frames.count:,} of the {frames.announced:,} frames that it announces are there")
    return ""


def _check_adts(data: bytes) -> str:
    at = 0
    for _ in range(_MOST_STEPS):
        head = data[at : at + 7]
        if head[:1] != b"\xff":
            return ""  # a tag at the end; or damage, which the decoder judges
        if len(head) < 7:
            raise incomplete(_FRAME_CUT)
        size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        if head[1] & 0xF6 != 0xF0 or size < 7:
            return ""
        if at + size > len(data):
            raise incomplete(_FRAME_CUT)
        at += size
    return ""


def _check_ogg(data: bytes) -> str:
    at, flags = 0, 0
    for _ in range(_MOST_STEPS):
        if at == len(data):
            return (
                "" if flags & _LAST_PAGE else "it has no mark at its end: listen whether all of it is there"
            )
        head = data[at : at + 27]
        if not b"OggS".startswith(head[:4]):
            return ""
        table = data[at + 27 : at + 27 + head[26]] if len(head) == 27 else b""
        if len(head) < 27 or len(table) < head[26] or at + 27 + len(table) + sum(table) > len(data):
            raise incomplete("its last page is cut off")
        at, flags = at + 27 + len(table) + sum(table), head[5]
    return ""


def _check_mp4(data: bytes) -> str:
    at, names = 0, set()
    for _ in range(_MOST_STEPS):
        name, size = data[at + 4 : at + 8], int.from_bytes(data[at : at + 4], "big")
        if at == len(data) or size == 0 or (len(name) == 4 and not _BOX_NAME.issuperset(name)):
            break
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if len(name) < 4 or at + size > len(data):
            raise incomplete(f"{len(data):,} of {at + max(size, 8):,} bytes are there")
        if size < 8:
            return ""
        names.add(name)
        at += size
    if b"mdat" in names and b"moov" not in names:
        raise incomplete("the index that a recorder writes at the end (moov) is missing")
    return ""


def _check_webm(data: bytes) -> str:
    at = 0
    for _ in range(_MOST_STEPS):
        if at == len(data):
            return ""
        element, after = _read_vint(data, at, keeps_mark=True)
        size, body = _read_vint(data, after)
        if element is None or size is None:
            if len(data) - at < 12:
                raise incomplete("its last block is cut off")
            return ""
        is_unknown = size == (1 << 7 * (body - after)) - 1
        if not is_unknown and body + size > len(data):
            raise incomplete("its last block is cut off")
        if is_unknown and element not in (_SEGMENT, _CLUSTER):
            return ""
        at = body if element in (_SEGMENT, _CLUSTER) else body + size
    return ""


def _read_vint(data: bytes, at: int, *, keeps_mark: bool = False) -> tuple[int | None, int]:
    """A number of variable length (RFC 8794, 4) and the place after it; None: it is cut off, or none."""
    head = data[at] if at < len(data) else 0
    length = 9 - head.bit_length()
    if not head or at + length > len(data):
        return None, at
    number = int.from_bytes(data[at : at + length], "big")
    return (number if keeps_mark else number & (1 << 7 * length) - 1), at + length


_CHECKS: Mapping[SoundType, Callable[[bytes], str]] = {
    SoundType.MP3: _check_mp3,
    SoundType.AAC: _check_adts,
    SoundType.OGG: _check_ogg,
    SoundType.M4A: _check_mp4,
    SoundType.WEBM: _check_webm,
}
