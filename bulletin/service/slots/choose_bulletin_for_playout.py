"""Sounds of a station -> the sound for a playout that fetches. Pure, except for `find_candidate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.config.profile_options import Profile
from bulletin.config.tables.output_options import Kind
from bulletin.model import Level
from bulletin.publishing.json_sidecar_file import SideFile
from bulletin.runtime.latest_credible_time import ON_AIR_CLOCKS_DIFFER
from bulletin.service.monitoring.station_health import GOOD

LATEST = "latest"
_VALID = timedelta(hours=1)
"""Validity of a sound whose side file names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCandidate:
    """A sound that can be sent."""

    path: Path
    kind: str
    """The rendition: "fm", "speaker", "podcast"; "standby" for a stand-by that is not public."""
    level: Level
    due: datetime
    """Its slot; aware, UTC."""
    made: datetime
    valid_until: datetime

    def age_s(self, now: datetime) -> float:
        """Seconds since it was made."""
        return max(0.0, (now - self.made).total_seconds())


def pulled_kind(profile: Profile) -> str:
    """
    The rendition that the pull endpoint's addresses stand for.

    "fm" where the station makes it, else the first with a time check, else the first that is one sound.
    """
    outputs = profile.outputs
    whole: list[Kind] = [kind for kind in outputs.make if kind != "stories"] or list(outputs.make)
    if "fm" in whole:
        return "fm"
    return next((kind for kind in whole if outputs.rendition(kind).time_check), whole[0])


def find_candidate(folder: Path, kind: str) -> PullCandidate | None:
    """The sound of a rendition in a folder; None where the side file or the sound is missing or damaged."""
    name = LATEST if kind == "podcast" else kind
    side_file = SideFile.read(folder / f"{name}.json")
    # latest.json names the episode's file; latest.mp3 is the same sound under its fixed name
    path = folder / "latest.mp3" if name == LATEST else side_file.sound_in(folder)
    due, made, level = side_file.due, side_file.made, side_file.level
    if not (due and made and level and path and path.is_file() and path.stat().st_size):
        return None
    return PullCandidate(
        path=path,
        kind=kind,
        level=level,
        due=due,
        made=made,
        valid_until=side_file.valid_until or due + _VALID,
    )


def is_young(candidate: PullCandidate, *, max_age_s: float | None, now: datetime) -> bool:
    """
    Whether a sound is news and not older than `max_age_s`; without a limit, whether it is news and valid.

    The age of a sound from the future is not known: the clock was set back since.
    """
    is_known = candidate.made <= now + ON_AIR_CLOCKS_DIFFER
    is_in_time = (
        now < candidate.valid_until if max_age_s is None else is_known and candidate.age_s(now) <= max_age_s
    )
    return candidate.level in GOOD and is_in_time


def choose_candidate(
    candidates: Sequence[PullCandidate], *, max_age_s: float | None, now: datetime, last_good_h: float
) -> PullCandidate | None:
    """
    The candidate that is sent; None where none may air.

    News that is young enough; else the first valid one, news before a stand-by; else the first that is not older
    than `last_good_h` hours.
    """
    may_air = [candidate for candidate in candidates if _may_air(candidate, now, last_good_h)]
    news_first = sorted(may_air, key=lambda candidate: candidate.level not in GOOD)
    for candidate in news_first:
        if is_young(candidate, max_age_s=max_age_s, now=now):
            return candidate
    valid = (candidate for candidate in news_first if now < candidate.valid_until)
    return next(valid, next(iter(news_first), None))


def _may_air(candidate: PullCandidate, now: datetime, last_good_h: float) -> bool:
    limit = timedelta(hours=last_good_h)
    # one made far in the future comes from a clock that ran ahead, and would stay the newest for years
    return now - max(candidate.due, candidate.made) <= limit and candidate.made - now <= limit
