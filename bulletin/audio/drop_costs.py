"""Stories -> what listeners lose with each, and which can go alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bulletin.model import Section, StoryScript

_DROP_NEWS = (4.0, 3.2, 2.4, 1.6, 1.0)
"""Costs, as in choice.py: of the second news story, the third ...; the last figure holds for all that follow."""
_DROP_LIGHT = 1.3
_DROP_SECTION = {Section.SPORT: (1.5, 0.5), Section.TRAVEL: (1.2, 0.4), Section.WEATHER: (3.0, 0.3)}
"""One story of each is what listeners wait for; a second one only fills a long bulletin."""


def drop_costs(stories: Sequence[StoryScript], go_alone: Sequence[bool]) -> list[float]:
    """What listeners lose with each: the later in its section a story stands, the less."""
    costs: list[float] = []
    # The lead is no matter of choice, so the news behind it is counted without it.
    before = Counter({Section.NEWS: -1} if stories and stories[0].section is Section.NEWS else {})
    for item, alone in zip(stories, go_alone, strict=True):
        section = item.section
        by_place = _DROP_SECTION.get(section, _DROP_NEWS)
        is_light = alone and section is Section.NEWS
        costs.append(_DROP_LIGHT if is_light else by_place[min(max(before[section], 0), len(by_place) - 1)])
        before[section] += 1
    return costs


def may_go_alone(stories: Sequence[StoryScript]) -> list[bool]:
    """Of each whether it can be dropped, or kept, whatever happens to the news before it."""
    are_news = [item.section is Section.NEWS for item in stories]
    last = max((place for place, is_news in enumerate(are_news) if is_news), default=0)
    return [
        not is_news or (item.story.is_light and place == last)
        for place, (item, is_news) in enumerate(zip(stories, are_news, strict=True))
    ]
