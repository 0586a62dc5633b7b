"""A bulletin for the air -> the chunks by which a playout knows it: when it may air, where its first word is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastTake:
    """What is known of the sound."""

    rate_hz: int
    duration_s: float
    first_word_s: float = 0.0
    """Music plays before it; 0: none does."""
    segue_s: float | None = None
    """Where the next item may start; None: at the end, and the bulletin is as long as it was asked to be."""
    words: str = ""
    """What airs, a line for each passage."""
    bits: int = 16
    channels: int = 2


def make_bulletin_cart(script: Script, take: BroadcastTake, *, options: FmOptions) -> Chunk:
    """It may air from the hour it was made for until the next one is due; times in the station's zone."""
    station, zone = script.station, ZoneInfo(script.station.time_zone)
    lines = [line for line in take.words.splitlines() if line.strip()]
    return make_cart(
        CartFields(
            title=script.title,
            artist=station.name,
            cut_id=options.cut_id or station.id,
            client_id=station.name,
            category=options.category,
            classification="News bulletin",
            out_cue=_last_words(lines[-1]) if lines else "",
            starts=script.at.astimezone(zone),
            expires=(script.at + timedelta(minutes=options.valid_min)).astimezone(zone),
            timers=make_timers(take),
            text="\n".join(lines),
        )
    )


def make_bulletin_bext(
    script: Script, take: BroadcastTake, *, made: datetime, loudness: Loudness | None = None
) -> Chunk:
    """The same length with loudness and without: make it again when the file has been heard."""
    local = made.astimezone(ZoneInfo(script.station.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # by the wall clock, as the standard's "since midnight" and the field beside it are
    since_s = (local.replace(tzinfo=None) - midnight.replace(tzinfo=None)).seconds
    return make_bext(
        BextFields(
            description=f"{script.title}. {script.station.name}",
            originator=script.station.name,
            originator_reference=f"{script.station.id[:12]} {made.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            originated=local,
            time_reference=since_s * take.rate_hz,
            loudness=loudness or Loudness(),
            coding_history=pcm_history(
                rate_hz=take.rate_hz, bits=take.bits, channels=take.channels, text=f"Bulletin {__version__}"
            ),
        )
    )


def make_timers(take: BroadcastTake) -> tuple[Timer, ...]:
    """Audio, intro and segue, as Rivendell reads them, in frames of the file."""
    segue_s = take.duration_s if take.segue_s is None else take.segue_s
    intro = (("INTs", 0.0), ("INTe", take.first_word_s)) if take.first_word_s > 0 else ()
    points = (
        ("AUDs", 0.0),
        *intro,
        ("SEGs", segue_s),
        ("SEGe", take.duration_s),
        ("AUDe", take.duration_s),
    )
    return tuple(Timer(usage=usage, frame=round(at_s * take.rate_hz)) for usage, at_s in points)


def _last_words(line: str, *, most: int = 60) -> str:
    """Whole words from the end, as many as a presenter needs."""
    kept = ""
    for word in reversed(line.split()):
        longer = f"{word} {kept}".strip()
        if len(longer) > most:
            break
        kept = longer
    return kept or line[-most:]
