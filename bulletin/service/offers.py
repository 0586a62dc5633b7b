"""What a station has lying there for a playout that fetches -> the one that it gets. Pure but for looking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.config.options import Profile
from bulletin.model import Level
from bulletin.service.health import GOOD

LATEST = "latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A sound that could be sent."""

    path: Path
    kind: str
    """The rendition: "fm", "speaker", "podcast"; "standby" for what was made for this door alone."""
    level: Level
    due: datetime
    """Aware UTC: the hour that it is for."""
    made: datetime

    def age_s(self, now: datetime) -> float:
        """Since it was made."""
        return max(0.0, (now - self.made).total_seconds())


def kinds_of(profile: Profile) -> tuple[str, ...]:
    """The renditions that are one sound, those with a time check first: who fetches is on air."""
    outputs = profile.outputs
    whole = [kind for kind in dict.fromkeys(outputs.make) if kind != "stories"]
    return tuple(sorted(whole, key=lambda kind: not outputs.rendition(kind).time_check))


def find_offers(folder: Path, kinds: Sequence[str]) -> tuple[Offer, ...]:
    """What lies in the public folder, in the order of `kinds`; what cannot be told is left out."""
    found = (_look(folder, LATEST if kind == "podcast" else kind, kind) for kind in kinds)
    return tuple(offer for offer in found if offer)


def in_format(offers: Sequence[Offer], suffix: str) -> tuple[Offer, ...]:
    """Those that are in the wanted format go first; the others can be converted."""
    return tuple(sorted(offers, key=lambda offer: (offer.level not in GOOD, offer.path.suffix != suffix)))


def is_young(offer: Offer, *, max_age_s: float | None, now: datetime) -> bool:
    """News, and not older than was asked for; without a limit whatever is news."""
    return offer.level in GOOD and (max_age_s is None or offer.age_s(now) <= max_age_s)


def choose_offer(
    offers: Sequence[Offer], *, max_age_s: float | None, now: datetime, last_good_h: float
) -> Offer | None:
    """
    The first that is young enough; else the first that may still air. None where nothing may.

    A stand-by in its hour may; news may for `last_good_h` hours, as everywhere: nobody hears yesterday's.
    """
    for offer in offers:
        if is_young(offer, max_age_s=max_age_s, now=now) and _may_air(offer, now, last_good_h):
            return offer
    return next((offer for offer in offers if _may_air(offer, now, last_good_h)), None)


def _may_air(offer: Offer, now: datetime, last_good_h: float) -> bool:
    limit = timedelta(hours=last_good_h)
    # made so far ahead it is of a clock that ran ahead, and would be the newest for years
    return now - max(offer.due, offer.made) <= limit and offer.made - now <= limit


def _look(folder: Path, name: str, kind: str) -> Offer | None:
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        told = json.loads((folder / f"{name}.json").read_bytes())
        # latest.json names the episode; latest.mp3 is the same sound under the name that stays
        path = folder / ("latest.mp3" if name == LATEST else Path(told["audio"]).name)
        due, made = datetime.fromisoformat(told["due"]), datetime.fromisoformat(told["made"])
        if path.is_file() and path.stat().st_size and due.tzinfo and made.tzinfo:
            return Offer(
                path=path,
                kind=kind,
                level=Level(told["level"]),
                due=due.astimezone(UTC),
                made=made.astimezone(UTC),
            )
    return None
