"""What a broadcast file says of its making -> the `bext` chunk of EBU Tech 3285, version 2, and back. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from bulletin.audio.formats.wav.ascii_fields import (
    from_date_and_time,
    from_field,
    to_date_and_time,
    to_field,
    to_lines,
)
from bulletin.audio.formats.wav.riff_wave import Chunk
from bulletin.errors import AudioError

NAME = b"bext"

_VERSION = 2
_FORM = struct.Struct("<256s32s32s18sQH64s5h180x")
_UNKNOWN = 0x7FFF
"""A loudness that nobody measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """Of the finished file, as EBU R 128 has it. None: not measured."""

    integrated_lufs: float | None = None
    range_lu: float | None = None
    true_peak_dbtp: float | None = None
    momentary_max_lufs: float | None = None
    short_term_max_lufs: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BextFields:
    """A broadcast extension chunk; words of any length and script become ASCII of a fixed length."""

    description: str
    """255 characters are kept."""
    originator: str
    """The station; 31 characters are kept."""
    originator_reference: str = ""
    """A name that no other file has; 31 characters are kept."""
    originated: datetime
    """The wall clock is written: give the station's local time."""
    time_reference: int = 0
    """Frames between midnight and the first one."""
    loudness: Loudness = Loudness()
    coding_history: str = ""
    """A line for each step."""


def make_bext(fields: BextFields) -> Chunk:
    """The same length for the same coding history, so that `replace_chunk` can put in what was measured."""
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


def read_bext(data: bytes) -> BextFields:
    """The fields of a chunk of any version. Raises AudioError when it is too short or has no date."""
    if len(data) < _FORM.size:
        raise AudioError(f"bext: {len(data)} bytes are too few")
    description, originator, reference, date, frames, version, _, *values = _FORM.unpack_from(data)
    originated = from_date_and_time(date)
    if originated is None:
        raise AudioError(f"bext: {date.decode('latin-1')!r} is no date and time")
    known = [None if value == _UNKNOWN or version < 2 else value / 100 for value in values]
    return BextFields(
        description=from_field(description),
        originator=from_field(originator),
        originator_reference=from_field(reference),
        originated=originated,
        time_reference=frames,
        loudness=Loudness(
            integrated_lufs=known[0],
            range_lu=known[1],
            true_peak_dbtp=known[2],
            momentary_max_lufs=known[3],
            short_term_max_lufs=known[4],
        ),
        coding_history=from_field(data[_FORM.size :]).replace("\r\n", "\n"),
    )


def pcm_history(*, rate_hz: int, bits: int, channels: int, text: str) -> str:
    """One line of coding history (EBU R 98); what would part its fields is left out of `text`."""
    mode = "mono" if channels == 1 else "stereo"
    plain = text.replace(",", " ")
    return f"A=PCM,F={rate_hz},W={bits},M={mode},T={plain}"


def _hundredths(value: float | None) -> int:
    """Silence and nonsense are told as not measured."""
    if value is None or not -327.0 < value < 327.0:
        return _UNKNOWN
    return round(value * 100)
