"""StoryScript -> cost of dropping it, and whether it can be dropped alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bulletin.model import Section, StoryScript

_DROP_NEWS = (4.0, 3.2, 2.4, 1.6, 1.0)
"""Costs, in the unit of choose_stories_that_fit.py: of the second news story, the third ...; the last one holds for all that follow."""
_DROP_LIGHT = 1.3
_DROP_SECTION = {Section.SPORT: (1.5, 0.5), Section.TRAVEL: (1.2, 0.4), Section.WEATHER: (3.0, 0.3)}
"""Costs of the first story of a section, and of each further one, which only fills a long bulletin."""


_DROP_REQUIRED = 1000.0
"""Cost of dropping a story that an editor pinned: more than any length that is missed by."""


def drop_costs(stories: Sequence[StoryScript], droppable_alone: Sequence[bool]) -> list[float]:
    """
    Cost of dropping each story: the later in its section, the less.

    A required story goes after all others; where not all required ones fit, the last of them goes first.
    """
    costs: list[float] = []
    # The lead always airs, so the news after it is counted from zero.
    earlier = Counter({Section.NEWS: -1} if stories and stories[0].section is Section.NEWS else {})
    for item, is_alone in zip(stories, droppable_alone, strict=True):
        section = item.section
        by_rank = _DROP_SECTION.get(section, _DROP_NEWS)
        is_light = is_alone and section is Section.NEWS and not item.is_required
        costs.append(_DROP_LIGHT if is_light else by_rank[min(max(earlier[section], 0), len(by_rank) - 1)])
        earlier[section] += 1
    required = [index for index, item in enumerate(stories) if item.is_required]
    for rank, index in enumerate(reversed(required)):
        costs[index] = _DROP_REQUIRED * 2.0**rank
    return costs


def find_droppable_alone(stories: Sequence[StoryScript]) -> list[bool]:
    """Whether each story can be dropped or kept independently of the news before it, as required ones are kept."""
    are_news = [item.section is Section.NEWS for item in stories]
    last = max((index for index, is_news in enumerate(are_news) if is_news), default=0)
    return [
        item.is_required or not is_news or (item.story.is_light and index == last)
        for index, (item, is_news) in enumerate(zip(stories, are_news, strict=True))
    ]
