"""Script -> bext and cart chunks of a bulletin for the air, in the station's local time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulletin import __version__
from bulletin.audio.formats.wav.bext import BextFields, Loudness, make_bext, pcm_history
from bulletin.audio.formats.wav.cart import CartFields, Timer, make_cart
from bulletin.audio.formats.wav.riff_wave import Chunk
from bulletin.model import Script

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.tables.output_options import FmOptions


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


def make_bulletin_bext(
    script: Script, *, rate_hz: int, made: datetime, loudness: Loudness | None = None
) -> Chunk:
    """Bext chunk of 16-bit stereo; its size does not depend on `loudness`, which is known last."""
    local = made.astimezone(ZoneInfo(script.station.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # By the wall clock, as the standard's "since midnight" and the field beside it are.
    since_s = (local.replace(tzinfo=None) - midnight.replace(tzinfo=None)).seconds
    return make_bext(
        BextFields(
            description=f"{script.title}. {script.station.name}",
            originator=script.station.name,
            originator_reference=f"{script.station.id[:12]} {made.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            originated=local,
            time_reference=since_s * rate_hz,
            loudness=loudness or Loudness(),
            coding_history=pcm_history(rate_hz=rate_hz, bits=16, channels=2, text=f"Bulletin {__version__}"),
        )
    )


def make_timers(*, frames: int, first_word: int) -> tuple[Timer, ...]:
    """
    Audio, intro and segue timers as Rivendell reads them, in frames of the file.

    The segue is at the end: the bulletin has its exact length.
    """
    intro = (("INTs", 0), ("INTe", first_word)) if first_word > 0 else ()
    points = (("AUDs", 0), *intro, ("SEGs", frames), ("SEGe", frames), ("AUDe", frames))
    return tuple(Timer(usage=usage, frame=frame) for usage, frame in points)


def _last_words(line: str, *, most: int = 60) -> str:
    """Out-cue: whole words from the end of a line, up to `most` characters."""
    cue = ""
    for word in reversed(line.split()):
        longer = f"{word} {cue}".strip()
        if len(longer) > most:
            break
        cue = longer
    return cue or line[-most:]
