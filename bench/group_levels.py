"""Rules for what a station of a group must have on air at a slot, written again from docs/CLOCK.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bench.group_history import Kill, Story, Told

NEWS = ("fresh", "partial")
LAST_GOOD, EVERGREEN = "last-good", "evergreen"


def right_standby(
    told: Iterable[Told], kills: Sequence[Kill], *, due: datetime, at: datetime, max_age_h: float
) -> tuple[str, list[Story]]:
    """
    The level of a stand-by that goes on air at `at` for the slot at `due`, and the stories that it may repeat.

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
        return EVERGREEN, []
    killed = [kill for kill in kills if kill.at < at]
    left = [
        story
        for story in last.stories
        if not any(kill.tells(f"{story.title} {story.words}") for kill in killed)
    ]
    return (LAST_GOOD, left) if left else (EVERGREEN, [])


def judge_level(level: str, *, right: str, is_news_possible: bool, is_news_due: bool) -> str:
    """
    What is wrong with the level on air at a slot; "" for nothing.

    `right` is the level of a stand-by. `is_news_due`: nothing hindered the news, or long before the slot only.
    """
    if level in NEWS:
        return "" if is_news_possible else f"{level}, although no feed answered"
    if is_news_due:
        return f"{level}, although nothing hindered the news"
    return "" if level == right else f"{level} in place of {right}"


def judge_stories(told: Told, allowed: Sequence[Story]) -> str:
    """What is wrong with the stories of a repeated bulletin; "" for nothing."""
    titles = {story.title for story in allowed}
    strange = [story.title for story in told.stories if story.title not in titles]
    missing = titles - {story.title for story in told.stories}
    if strange:
        return f"repeats {strange[0]!r}, which the last bulletin does not have or may not tell any more"
    return f"does not repeat {min(missing)!r}" if missing else ""
