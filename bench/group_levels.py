"""Rules for what a station of a group must have on air at a slot, written again from docs/CLOCK.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.group_history import Kill, Story, Told

NEWS = ("fresh", "partial")
LAST_GOOD, EVERGREEN = "last-good", "evergreen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What a stand-by must be."""

    levels: tuple[str, ...]
    """Two where a kill may have blocked the last story."""
    may: tuple[Story, ...] = ()
    """Stories that it may repeat."""
    must: tuple[Story, ...] = ()
    """Stories that it must repeat."""

    def __str__(self) -> str:
        return " or ".join(self.levels)


def right_standby(
    told: Iterable[Told], kills: Sequence[Kill], *, due: datetime, at: datetime, max_age_h: float
) -> Right:
    """
    What a stand-by must be that goes on air at `at` for the slot at `due`.

    `told` are the bulletins of the station, `kills` those that hold for it. The stand-by repeats the news of the
    newest hour, unless that is older than `max_age_h`, or everything in it was killed by then.
    """
    news = [
        one
        for one in told
        if one.level in NEWS and one.recorded_at < at and (one.withdrawn_at is None or one.withdrawn_at > at)
    ]
    last = max(news, key=lambda one: (one.due, one.recorded_at), default=None)
    if last is None or last.due >= due or due - last.due > timedelta(hours=max_age_h):
        return Right(levels=(EVERGREEN,))
    killed = [kill for kill in kills if kill.at < at]
    may = tuple(one for one in last.stories if not any(kill.tells(one.all_words) for kill in killed))
    must = tuple(one for one in may if not any(kill.may_block(one) for kill in killed))
    levels = (LAST_GOOD,) * bool(may) + (EVERGREEN,) * (not must)
    return Right(levels=levels, may=may, must=must)


def judge_level(level: str, *, right: Right, is_news_possible: bool, is_news_due: bool) -> str:
    """
    What is wrong with the level on air at a slot; "" for nothing.

    `right` is what a stand-by must be. `is_news_due`: nothing hindered the news, or long before the slot only.
    """
    if level in NEWS:
        return "" if is_news_possible else f"{level}, although no feed answered"
    if is_news_due:
        return f"{level}, although nothing hindered the news"
    return "" if level in right.levels else f"{level} in place of {right}"


def judge_stories(told: Told, right: Right) -> str:
    """What is wrong with the stories of a repeated bulletin; "" for nothing."""
    repeated, allowed = {one.title for one in told.stories}, {one.title for one in right.may}
    if strange := repeated - allowed:
        return f"repeats {min(strange)!r}, which the last bulletin does not have or may not tell any more"
    missing = {one.title for one in right.must} - repeated
    return f"does not repeat {min(missing)!r}" if missing else ""
