"""Script and Rundown -> bext and cart chunks of a WAV for the air, in the station's local time."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from bulletin import __version__
from bulletin.audio.formats.encoding_request import Order
from bulletin.audio.formats.wav.cart import CartFields, make_cart
from bulletin.audio.formats.wav.fixed_size_ascii_fields import to_date_and_time, to_field, to_lines
from bulletin.audio.formats.wav.riff_wave import Chunk, replace_chunk
from bulletin.audio.metering.loudness import MOMENTARY, SHORT_TERM, loudest_lufs, range_lu
from bulletin.audio.metering.measure_sound_file import FileMeasurements
from bulletin.audio.place_sounds_on_timeline import Rundown
from bulletin.model import Script

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.tables.output_options import FmOptions

_BEXT = struct.Struct("<256s32s32s18sQH64s5h180x")
"""Form of EBU Tech 3285, version 2."""
_UNKNOWN = 0x7FFF
"""Code of a loudness that was not measured."""


def is_broadcast(order: Order) -> bool:
    """Whether the file of an order needs the chunks: playouts read them in WAV."""
    return order.kind == "fm" and order.options.format == "wav"


def make_chunks(
    script: Script, order: Order, rundown: Rundown, *, made: datetime, cloned_voice: str = ""
) -> tuple[Chunk, ...]:
    """bext, without loudness, and cart: when the file may air, where its first word is, how it ends."""
    first_word = min((voiced.start for voiced in rundown.voiced), default=0)
    has_intro = any(played.start < first_word for played in rundown.played)
    cart = make_bulletin_cart(
        script,
        options=cast("FmOptions", order.options),
        lines=[voiced.clip.passage.text for voiced in rundown.voiced],
        frames=rundown.frames,
        first_word=first_word if has_intro else 0,
    )
    return make_bext(script, rate_hz=order.rate_hz, made=made, cloned_voice=cloned_voice), cart


def add_loudness(
    path: Path,
    measured: FileMeasurements,
    *,
    script: Script,
    rate_hz: int,
    made: datetime,
    cloned_voice: str = "",
) -> None:
    """Write the measured loudness into the bext chunk of the finished file. Raises AudioError, OSError."""
    loudness = (
        measured.loudness_lufs,
        range_lu(measured.powers),
        measured.true_peak_dbtp,
        loudest_lufs(measured.powers, hops=MOMENTARY),
        loudest_lufs(measured.powers, hops=SHORT_TERM),
    )
    bext = make_bext(script, rate_hz=rate_hz, made=made, loudness=loudness, cloned_voice=cloned_voice)
    replace_chunk(path, bext)


def make_bulletin_cart(
    script: Script, *, options: FmOptions, lines: Sequence[str], frames: int, first_word: int
) -> Chunk:
    """
    Cart chunk of a bulletin that may air from its hour on for `valid_min`.

    `lines` is the text of each passage that airs; `frames` and `first_word` count frames of the file, the
    latter is 0 without an intro of music.
    """
    station, zone = script.station, ZoneInfo(script.station.time_zone)
    spoken = [line for text in lines for line in text.splitlines() if line.strip()]
    return make_cart(
        CartFields(
            title=script.title,
            artist=station.name,
            cut_id=options.cut_id or station.id,
            client_id=station.name,
            category=options.category,
            classification="News bulletin",
            out_cue=_last_words(spoken[-1]) if spoken else "",
            starts=script.at.astimezone(zone),
            expires=(script.at + timedelta(minutes=options.valid_min)).astimezone(zone),
            timers=make_timers(frames=frames, first_word=first_word),
            text="\n".join(spoken),
        )
    )


def make_bext(
    script: Script,
    *,
    rate_hz: int,
    made: datetime,
    loudness: Sequence[float] | None = None,
    cloned_voice: str = "",
) -> Chunk:
    """
    Bext chunk of 16-bit stereo; its size does not depend on `loudness`, which is known last.

    The description states a `cloned_voice`: the person and the day of the consent.

    `loudness`: integrated LUFS, range in LU, true peak in dBTP, highest momentary and short-term LUFS.
    """
    local = made.astimezone(ZoneInfo(script.station.time_zone))
    # By the wall clock, as the standard's "since midnight" and the field beside it are.
    since_s = local.hour * 3600 + local.minute * 60 + local.second
    head = f"Cloned voice: {cloned_voice}. " if cloned_voice else ""
    data = _BEXT.pack(
        to_field(f"{head}{script.title}. {script.station.name}", size=256),
        to_field(script.station.name, size=32),
        to_field(f"{script.station.id[:12]} {made.astimezone(UTC):%Y%m%dT%H%M%SZ}", size=32),
        to_date_and_time(local),
        since_s * rate_hz,
        2,
        b"",
        *(map(_hundredths, loudness) if loudness else [_UNKNOWN] * 5),
    )
    history = f"A=PCM,F={rate_hz},W=16,M=stereo,T=Bulletin {__version__}"
    return Chunk(name=b"bext", data=data + to_lines(history))


def make_timers(*, frames: int, first_word: int) -> tuple[tuple[str, int], ...]:
    """
    Audio, intro and segue timers as Rivendell reads them, in frames of the file.

    The segue is at the end: the bulletin has its exact length.
    """
    intro = (("INTs", 0), ("INTe", first_word)) if first_word > 0 else ()
    return (("AUDs", 0), *intro, ("SEGs", frames), ("SEGe", frames), ("AUDe", frames))


def _hundredths(value: float) -> int:
    """Hundredths of a unit; silence and values out of range count as not measured."""
    return round(value * 100) if -327.0 < value < 327.0 else _UNKNOWN


def _last_words(line: str, *, most: int = 60) -> str:
    """Out-cue: whole words from the end of a line, up to `most` characters."""
    cue = ""
    for word in reversed(line.split()):
        longer = f"{word} {cue}".strip()
        if len(longer) > most:
            break
        cue = longer
    return cue or line[-most:]
