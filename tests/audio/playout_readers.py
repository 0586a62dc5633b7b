"""Readers of broadcast WAV files as in playout systems and libraries, independent of our writers."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

import soundfile

from bulletin.audio.formats.wav.fixed_size_ascii_fields import from_date_and_time, from_field
from bulletin.audio.formats.wav.riff_wave import walk_chunks
from bulletin.audio.mixing.bext_and_cart_chunks import _BEXT, _UNKNOWN

GET_CART = 0x1401
"""Command SFC_GET_CART_INFO of libsndfile."""
_SNDFILE_CART = struct.Struct(
    "<4s" + 7 * "64s" + "10s8s10s8s" + 3 * "64s" + "i" + 8 * "4si" + "276s1024sI16384s"
)


def sndfile_cart(path: Path) -> dict[str, object]:
    """The cart chunk as libsndfile reads it."""
    data = soundfile._ffi.new("char[]", _SNDFILE_CART.size)
    with soundfile.SoundFile(path) as file:
        assert soundfile._snd.sf_command(file._file, GET_CART, data, _SNDFILE_CART.size) == 1
    parts = _SNDFILE_CART.unpack(bytes(soundfile._ffi.buffer(data, _SNDFILE_CART.size)))
    words = [part.partition(b"\0")[0].decode("ascii") for part in parts[1:15] if isinstance(part, bytes)]
    names = "title artist cut_id client_id category classification out_cue start_date start_time end_date end_time"
    fields: dict[str, object] = dict(zip((*names.split(), "producer", "version", "user"), words, strict=True))
    timers = parts[16:32]
    fields["chunk"] = parts[0]
    fields["level"] = parts[15]
    fields["timers"] = [
        (u.decode("ascii"), n) for u, n in zip(timers[::2], timers[1::2], strict=True) if u.strip(b"\0")
    ]
    fields["url"] = parts[33].partition(b"\0")[0].decode("ascii")
    fields["text"] = parts[35][: parts[34]].partition(b"\0")[0].decode("ascii")
    return fields


@dataclass
class RivendellCut:
    """Fields of a cart chunk that Rivendell imports; points in milliseconds."""

    title: str = ""
    artist: str = ""
    cut_id: str = ""
    category: str = ""
    out_cue: str = ""
    start_date: date | None = None
    start_time: time | None = None
    end_date: date | None = None
    end_time: time | None = None
    points: dict[str, int] = field(default_factory=dict)
    text: str = ""


_RIVENDELL_POINTS = {
    "SEGs": "segue start",
    "SEC1": "segue start",
    "SEGe": "segue end",
    "EOD ": "segue end",
    "INTs": "talk start",
    "INTe": "talk end",
    "INT ": "talk end",
    "INT1": "talk end",
    "AUDs": "start",
    "AUDe": "end",
}


def rivendell_cut(path: Path) -> RivendellCut:
    """
    Read the cart chunk like Rivendell's RDWaveFile (lib/rdwavefile.cpp): fixed offsets, any date separator.

    Rivendell compares chunk names without case and does not skip the pad byte of an odd chunk, so
    it finds no chunk after an odd one.
    """
    data = path.read_bytes()
    rate_hz = struct.unpack_from("<I", data, _rivendell_find(data, b"fmt ")[0] + 4)[0]
    at, size = _rivendell_find(data, b"cart")
    cart = data[at : at + 2048]

    def words(start: int, length: int) -> str:
        return cart[start : start + length].replace(b"\0", b"").decode("ascii")

    cut = RivendellCut(
        title=words(4, 64),
        artist=words(68, 64),
        cut_id=words(132, 64),
        category=words(260, 64),
        out_cue=words(388, 64),
        start_date=_rivendell_date(words(452, 10)),
        start_time=_rivendell_time(words(462, 8)),
        end_date=_rivendell_date(words(470, 10)),
        end_time=_rivendell_time(words(480, 8)),
        text=data[at + 2048 : at + size].decode("ascii"),
    )
    for slot in range(8):
        usage = cart[684 + slot * 8 : 688 + slot * 8]
        (frame,) = struct.unpack_from("<I", cart, 688 + slot * 8)
        if usage[0] and usage.decode("ascii") in _RIVENDELL_POINTS:
            cut.points[_RIVENDELL_POINTS[usage.decode("ascii")]] = int(1000 * frame / rate_hz)
    return cut


def _rivendell_find(data: bytes, name: bytes) -> tuple[int, int]:
    at = 12
    while at + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, at + 4)
        if data[at : at + 4].lower() == name:
            return at + 8, size
        at += 8 + size
    raise AssertionError(f"Rivendell would find no {name!r}")


def _rivendell_date(text: str) -> date | None:
    year, month, day = min(int(text[:4]), 8000), int(text[5:7]), int(text[8:10])
    return date(year, month, day) if 0 < month < 13 and 0 < day < 32 else None


def _rivendell_time(text: str) -> time:
    hour, minute, second = text.split(":")
    return time(int(hour), int(minute), int(second))


def read_chunks(path: Path) -> dict[bytes, bytes]:
    """First chunk of each name; the data chunk without its content."""
    chunks: dict[bytes, bytes] = {}
    with path.open("rb") as file:
        for name, start, size in walk_chunks(file):
            file.seek(start)
            chunks.setdefault(name, b"" if name == b"data" else file.read(size))
    return chunks


@dataclass
class Bext:
    """Fields of a bext chunk."""

    description: str
    originator: str
    originator_reference: str
    originated: datetime | None
    time_reference: int
    version: int
    loudness: tuple[float | None, ...]
    """Integrated loudness, range, true peak, highest momentary and short-term loudness; None if not measured."""
    coding_history: str


def read_bext(data: bytes) -> Bext:
    """Fields of a bext chunk."""
    description, originator, reference, date, frames, version, _, *values = _BEXT.unpack_from(data)
    return Bext(
        description=from_field(description),
        originator=from_field(originator),
        originator_reference=from_field(reference),
        originated=from_date_and_time(date),
        time_reference=frames,
        version=version,
        loudness=tuple(None if value == _UNKNOWN else value / 100 for value in values),
        coding_history=from_field(data[_BEXT.size :]).replace("\r\n", "\n"),
    )
