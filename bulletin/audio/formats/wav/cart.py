"""CartFields <-> `cart` chunk of AES46-2002, version 0101, which playouts read. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from bulletin import __version__
from bulletin.audio.formats.wav.fixed_size_ascii_fields import (
    from_date_and_time,
    from_field,
    to_date_and_time,
    to_field,
    to_lines,
)
from bulletin.audio.formats.wav.riff_wave import Chunk

NAME = b"cart"
FULL_SCALE = 32768
"""16-bit sample value of 0 dB."""
MOST_TIMERS = 8

_VERSION = b"0101"
_FORM = struct.Struct("<4s" + 7 * "64s" + 2 * "18s" + 3 * "64s" + "i" + MOST_TIMERS * "4sI" + "276x1024s")
_MOST_TEXT = 16_000
"""Bytes."""
_ALWAYS = (b"1900-01-0100:00:00", b"9999-12-3123:59:59")
"""Start and end dates for "at once" and "never expires" (AES46-2002)."""
_NAMES = ("title", "artist", "cut_id", "client_id", "category", "classification", "out_cue")
"""Fields of text, in the order of the chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CartFields:
    """Fields of a cart chunk; text of any length and script becomes ASCII, of which 63 characters are kept."""

    title: str
    artist: str = ""
    cut_id: str = ""
    """Cart number."""
    client_id: str = ""
    category: str = ""
    """ "NEWS", "PSA"."""
    classification: str = ""
    out_cue: str = ""
    """Last words."""
    starts: datetime | None = None
    """First time on air, local, written without a zone; None: at once."""
    expires: datetime | None = None
    """End of its validity, local; None: never."""
    timers: tuple[tuple[str, int], ...] = ()
    """
    At most eight points at which a playout acts, in order of time: four characters, and the frame in the file.

    What Rivendell and most others know: "AUDs", "AUDe" where the sound starts and ends, "INTs", "INTe" the
    music before the first word, "SEGs", "SEGe" where the next item may start.
    """
    text: str = ""
    """Script as lines; 16 KB are kept, the limit of libsndfile."""


def make_cart(fields: CartFields) -> Chunk:
    """
    Chunk of 2048 bytes and the text, ended by a zero.

    The text is never absent: libsndfile 1.2 reads one of random length from a chunk without.
    """
    timers = [(usage.encode("ascii"), frame) for usage, frame in fields.timers]
    data = _FORM.pack(
        _VERSION,
        *(to_field(getattr(fields, name), size=64) for name in _NAMES),
        to_date_and_time(fields.starts) if fields.starts else _ALWAYS[0],
        to_date_and_time(fields.expires) if fields.expires else _ALWAYS[1],
        to_field("Bulletin", size=64),
        to_field(__version__, size=64),
        b"",
        FULL_SCALE,
        *chain.from_iterable(timers + [(b"", 0)] * (MOST_TIMERS - len(timers))),
        b"",
    )
    text = to_lines(fields.text, most=_MOST_TEXT)
    return Chunk(name=NAME, data=data + (text if text.endswith(b"\0") else text + bytes(2)))


def read_cart(data: bytes) -> CartFields | None:
    """Fields of a chunk; None when it is too short."""
    if len(data) < _FORM.size:
        return None
    parts = _FORM.unpack_from(data)
    starts, expires = parts[8:10]
    return CartFields(
        **dict(zip(_NAMES, map(from_field, parts[1:8]), strict=True)),
        starts=None if starts == _ALWAYS[0] else from_date_and_time(starts),
        expires=None if expires == _ALWAYS[1] else from_date_and_time(expires),
        timers=tuple(
            (usage.decode("latin-1"), frame)
            for usage, frame in zip(parts[14:30:2], parts[15:30:2], strict=True)
            if usage.strip(b"\0 ")
        ),
        text=from_field(data[_FORM.size :]).replace("\r\n", "\n"),
    )
