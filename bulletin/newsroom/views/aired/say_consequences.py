"""Change of published bulletins -> sentences that say what will happen to outlets and deliveries. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.aired.withdrawal_plan import PlannedBulletin
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds

KEEP_DOWNLOADS = "Listeners keep what they have downloaded until their apps fetch the correction."


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a change of published bulletins will do."""

    title: str
    """Title of the story or the bulletin."""
    lines: tuple[str, ...]
    """One sentence for each thing that changes: bulletins, feed, newest file, playout, deliveries."""


def outlet_lines(desk: Desk, outlets: set[str], *, is_gone: bool) -> Iterator[str]:
    """What becomes of feed, pages and the playout's file."""
    if "podcast" in outlets:
        yield (
            "The feed loses the episode, and latest.mp3 is then the bulletin before it."
            if is_gone
            else 'The feed gets a "Correction" with a new date, and the old address serves the new sound.'
        )
    if "page" in outlets:
        yield "The listener's pages lose it." if is_gone else "The listener's pages show the new one."
    if on_air := sorted(outlets & set(on_air_kinds(desk.loaded.profile))):
        files = " and ".join(on_air)
        yield (
            f"The playout's file ({files}) is replaced by a stand-by at once, and by a bulletin for the next slot."
            if is_gone
            else f"The playout's file ({files}) is replaced."
        )


def delivery_lines(destinations: Sequence[str]) -> Iterator[str]:
    """Destinations outside the output folder."""
    if destinations:
        yield f"Deliveries follow within seconds: {', '.join(destinations)}."


def count_bulletins(bulletins: Sequence[PlannedBulletin]) -> str:
    """ "One bulletin is", "3 bulletins are"."""
    return "One bulletin is" if len(bulletins) == 1 else f"{len(bulletins)} bulletins are"


def name_bulletins(bulletins: Sequence[PlannedBulletin]) -> str:
    """Titles with outlets, five at most."""
    shown = [f"{item.title} ({', '.join(item.outlets)})" for item in bulletins[:5]]
    more = len(bulletins) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more else [])])
