"""A sound file or its samples -> what is wrong with it, in words that an editor can act upon."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError
from bulletin.runtime.sound_file import Samples

_CLIPPED_AT = 0.999
_CLIPPED_RUN = 4
"""Neighbours at full scale that make a flat top: three a good limiter leaves too, at 44.1 kHz."""
_CLIPPED_TOPS = 5
"""Fewer flat tops than these in a whole jingle nobody hears."""
_WHERE_FTYP = 4
_FOREIGN = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA)"),
    (b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (b"#!AMR", "an AMR phone recording"),
    (b"MThd", "MIDI notes, no sound"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF document"),
)
"""What a file begins with, whatever it is called."""
_OURS = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC", b"OggS", b"caff", b"Creative Voice")
"""Sound, should the length behind the name look like letters."""

MISSING_S = 0.1
"""Encoders that say nothing of their delay promise up to two frames too much."""
_ID3_HEADER, _ID3V1, _APE_FOOTER = 10, 128, 32
_LAYER_III = 0b01
_MPEG_1, _MPEG_2, _MPEG_25 = 0b11, 0b10, 0b00
_RATES_HZ = {
    _MPEG_1: (44_100, 48_000, 32_000),
    _MPEG_2: (22_050, 24_000, 16_000),
    _MPEG_25: (11_025, 12_000, 8_000),
}
_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def describe_format(path: Path) -> str:
    """What an unreadable file really is, by its first bytes: "MPEG-4 (M4A)"; empty when that is not known."""
    with suppress(OSError):
        with path.open("rb") as file:
            head = file.read(16)
        if not head:
            return "an empty file"
        if head[_WHERE_FTYP : _WHERE_FTYP + 4] == b"ftyp":
            brand = head[8:12].strip().upper()
            # M4P is what the iTunes Store sold with FairPlay.
            return "a copy-protected M4P purchase" if brand == b"M4P" else "MPEG-4 (M4A, M4P or video)"
        known = next((name for magic, name in _FOREIGN if head.startswith(magic)), "")
        if known:
            return known
        if not head.startswith(_OURS) and all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
            return "plain text"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a file ends that should go on."""

    after_s: float
    promised_s: float = 0.0
    """How long it says that it is; 0 when it does not."""


def find_break(path: Path, *, length_s: float, rate_hz: int, is_torn: bool = False) -> Break | None:
    """
    What half a copy leaves: a header that promises more than the `length_s` that were decoded, an Ogg
    without its last page, or a file `is_torn`, at which a decoder gave up; None of a whole file, and of kinds
    that tell nothing.
    """
    # Only of a jingle that is new: a run with those of yesterday needs no reader of tags for it.
    from bulletin.audio.formats.file_metadata import read_said

    with suppress(AudioError):
        said = read_said(path)
        promised_s = said.promised / rate_hz if said and said.promised else 0.0
        if promised_s - length_s >= MISSING_S:
            return Break(after_s=length_s, promised_s=promised_s)
        is_torn = is_torn or bool(said and not said.is_whole)
    return Break(after_s=length_s) if is_torn else None


def lost_share(path: Path) -> float:
    """
    The share of an MP3 that is in no frame: decoders jump over it, or make noise of it.

    0 of any other file, and of an MP3 whose frames nobody can tell (another layer, a free bitrate).
    """
    with suppress(OSError):
        data = path.read_bytes()
        if not data.startswith(_OURS):
            return _lost_share(data)
    return 0.0


def _lost_share(data: bytes) -> float:
    data = _without_tags(data)
    at = 0
    lost = 0
    is_known = False
    while 0 <= at < len(data) - 4:
        size = _frame_bytes(data, at)
        # One header may stand anywhere by chance: a frame is followed by another, or by the end.
        if size and (at + size >= len(data) - 4 or _frame_bytes(data, at + size)):
            is_known = True
            at += size
            continue
        following = data.find(b"\xff", at + 1)
        lost += (following if following >= 0 else len(data)) - at
        at = following
    return lost / len(data) if is_known else 0.0


def _without_tags(data: bytes) -> bytes:
    """ID3v2 before the sound; ID3v1 and APE behind it, which may hold a picture."""
    if data[-_ID3V1:].startswith(b"TAG"):
        data = data[:-_ID3V1]
    if data[-_APE_FOOTER:].startswith(b"APETAGEX"):
        size = int.from_bytes(data[-_APE_FOOTER + 12 : -_APE_FOOTER + 16], "little")
        data = data[: max(0, len(data) - size)]
    if not data.startswith(b"ID3") or len(data) < _ID3_HEADER:
        return data
    return data[
        _ID3_HEADER + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)) :
    ]


def _frame_bytes(data: bytes, at: int) -> int:
    """Of the frame that begins there; 0 where none of layer III does."""
    head = data[at : at + 3]
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or head[1] >> 1 & 3 != _LAYER_III:
        return 0
    version, rate, bitrate = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version not in _RATES_HZ or rate == 3 or not 0 < bitrate < 15:
        return 0
    is_first = version == _MPEG_1
    kbps = (_KBPS if is_first else _KBPS_LOW)[bitrate]
    return (144_000 if is_first else 72_000) * kbps // _RATES_HZ[version][rate] + (head[2] >> 1 & 1)


def count_flat_tops(samples: Samples) -> int:
    """How many crests of (frames, channels) are cut off flat at full scale."""
    tops = 0
    for side in samples.T:
        high = np.abs(side) >= _CLIPPED_AT
        if high.any():
            edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]]).astype(np.int8)))
            tops += int((edges[1::2] - edges[::2] >= _CLIPPED_RUN).sum())
    return tops


def is_clipped(samples: Samples) -> bool:
    """Whether so many crests are cut off that it is heard."""
    return count_flat_tops(samples) >= _CLIPPED_TOPS
