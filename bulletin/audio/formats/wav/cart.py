"""CartFields <-> `cart` chunk of AES46-2002, version 0101, which playouts read. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from bulletin import __version__
from bulletin.audio.formats.wav.ascii_fields import (
    from_date_and_time,
    from_field,
    to_ascii,
    to_date_and_time,
    to_field,
    to_lines,
    to_url_field,
)
from bulletin.audio.formats.wav.riff_wave import Chunk
from bulletin.errors import AudioError

NAME = b"cart"
FULL_SCALE = 32768
"""16-bit sample value of 0 dB."""
MOST_TIMERS = 8

_VERSION = b"0101"
_FORM = struct.Struct("<4s" + 7 * "64s" + 2 * "18s" + 3 * "64s" + "i" + MOST_TIMERS * "4sI" + "276x1024s")
LEAST_BYTES = _FORM.size
_MOST_TEXT = 16_000
"""Bytes."""
_ALWAYS = (b"1900-01-0100:00:00", b"9999-12-3123:59:59")
"""Start and end dates for "at once" and "never expires" (AES46-2002)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Point in the sound at which a playout acts."""

    usage: str
    """
    Four characters. What Rivendell and most others know: "AUDs", "AUDe" where the sound starts and ends,
    "INTs", "INTe" the music before the first word, "SEGs", "SEGe" where the next item may start.
    """
    frame: int
    """From the start of the file."""


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
    producer: str = "Bulletin"
    producer_version: str = __version__
    user_defined: str = ""
    level_reference: int = FULL_SCALE
    timers: tuple[Timer, ...] = ()
    """At most eight, in order of time."""
    url: str = ""
    """At most 1023 ASCII characters; a longer one is left out."""
    text: str = ""
    """Script as lines; 16 KB are kept, the limit of libsndfile."""


def make_cart(fields: CartFields) -> Chunk:
    """
    Chunk of 2048 bytes and the text, ended by a zero. Raises AudioError for an invalid timer.

    The text is never absent: libsndfile 1.2 reads one of random length from a chunk without.
    """
    data = _FORM.pack(
        _VERSION,
        *(to_field(text, size=64) for text in _words(fields)),
        to_date_and_time(fields.starts) if fields.starts else _ALWAYS[0],
        to_date_and_time(fields.expires) if fields.expires else _ALWAYS[1],
        to_field(fields.producer, size=64),
        to_field(fields.producer_version, size=64),
        to_field(fields.user_defined, size=64),
        fields.level_reference,
        *_pack_timers(fields.timers),
        to_url_field(fields.url, size=1024),
    )
    text = to_lines(fields.text, most=_MOST_TEXT)
    return Chunk(name=NAME, data=data + (text if text.endswith(b"\0") else text + bytes(2)))


def read_cart(data: bytes) -> CartFields:
    """Fields of a chunk. Raises AudioError when it is too short."""
    if len(data) < _FORM.size:
        raise AudioError(f"cart: {len(data)} bytes are too few")
    _, *rest = _FORM.unpack_from(data)
    words = [from_field(word) for word in rest[:7]]
    starts, expires = rest[7:9]
    producer, version, user = (from_field(word) for word in rest[9:12])
    pairs = zip(rest[13:29:2], rest[14:29:2], strict=True)
    return CartFields(
        title=words[0],
        artist=words[1],
        cut_id=words[2],
        client_id=words[3],
        category=words[4],
        classification=words[5],
        out_cue=words[6],
        starts=None if starts == _ALWAYS[0] else from_date_and_time(starts),
        expires=None if expires == _ALWAYS[1] else from_date_and_time(expires),
        producer=producer,
        producer_version=version,
        user_defined=user,
        level_reference=rest[12],
        timers=tuple(Timer(usage=u.decode("latin-1"), frame=n) for u, n in pairs if u.strip(b"\0 ")),
        url=from_field(rest[29]),
        text=from_field(data[_FORM.size :]).replace("\r\n", "\n"),
    )


def _words(fields: CartFields) -> tuple[str, ...]:
    return (
        fields.title,
        fields.artist,
        fields.cut_id,
        fields.client_id,
        fields.category,
        fields.classification,
        fields.out_cue,
    )


def _pack_timers(timers: tuple[Timer, ...]) -> list[bytes | int]:
    if len(timers) > MOST_TIMERS:
        raise AudioError(f"a cart chunk holds {MOST_TIMERS} timers, not {len(timers)}")
    packed: list[bytes | int] = []
    for timer in timers:
        if len(timer.usage) != 4 or to_ascii(timer.usage).ljust(4) != timer.usage:
            raise AudioError(f"a cart timer is named by four characters, not {timer.usage!r}")
        if not 0 <= timer.frame < 2**32:
            raise AudioError(f"a cart timer cannot stand at frame {timer.frame}")
        packed += [timer.usage.encode("ascii"), timer.frame]
    return packed + [bytes(4), 0] * (MOST_TIMERS - len(timers))
