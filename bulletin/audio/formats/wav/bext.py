"""BextFields -> `bext` chunk of EBU Tech 3285, version 2. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from bulletin.audio.formats.wav.ascii_fields import (
    to_date_and_time,
    to_field,
    to_lines,
)
from bulletin.audio.formats.wav.riff_wave import Chunk

NAME = b"bext"

_VERSION = 2
_FORM = struct.Struct("<256s32s32s18sQH64s5h180x")
_UNKNOWN = 0x7FFF
"""Code of a loudness that was not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """Loudness of the finished file by EBU R 128; None: not measured."""

    integrated_lufs: float | None = None
    range_lu: float | None = None
    true_peak_dbtp: float | None = None
    momentary_max_lufs: float | None = None
    short_term_max_lufs: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BextFields:
    """Fields of a broadcast extension chunk; text of any length and script becomes ASCII of a fixed size."""

    description: str
    """255 characters are kept."""
    originator: str
    """The station; 31 characters are kept."""
    originator_reference: str = ""
    """Unique identifier; 31 characters are kept."""
    originated: datetime
    """Station's local time, which is written without a zone."""
    time_reference: int = 0
    """Frames from midnight to the first frame."""
    loudness: Loudness = Loudness()
    coding_history: str = ""
    """A line for each step."""


def make_bext(fields: BextFields) -> Chunk:
    """Chunk; its size depends on the coding history only, so that `replace_chunk` can add the loudness."""
    loudness = fields.loudness
    values = (
        loudness.integrated_lufs,
        loudness.range_lu,
        loudness.true_peak_dbtp,
        loudness.momentary_max_lufs,
        loudness.short_term_max_lufs,
    )
    data = _FORM.pack(
        to_field(fields.description, size=256),
        to_field(fields.originator, size=32),
        to_field(fields.originator_reference, size=32),
        to_date_and_time(fields.originated),
        fields.time_reference,
        _VERSION,
        bytes(64),
        *map(_hundredths, values),
    )
    return Chunk(name=NAME, data=data + to_lines(fields.coding_history))


def pcm_history(*, rate_hz: int, bits: int, channels: int, text: str) -> str:
    """One line of coding history (EBU R 98); commas of `text`, which separate fields, become blanks."""
    mode = "mono" if channels == 1 else "stereo"
    plain = text.replace(",", " ")
    return f"A=PCM,F={rate_hz},W={bits},M={mode},T={plain}"


def _hundredths(value: float | None) -> int:
    """Hundredths of a unit; silence and values out of range count as not measured."""
    if value is None or not -327.0 < value < 327.0:
        return _UNKNOWN
    return round(value * 100)
