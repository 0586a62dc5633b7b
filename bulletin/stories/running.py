"""
Ranked stories -> the same, each running story's best step lifted, and its other steps named.

Talks, a trial or a storm come as a dozen events in a day, each told by two or three publishers: "Talks to
resume", "Strait closed during talks", "Good progress, says minister". None of them is told by many, though all
publishers tell of nothing else. Which events are steps of one running story the grouping says (`group.py`).
One of its steps, the best, gets the points that so many publishers are worth. The others come back only where
the bulletin would be short, so that one running story neither fills it nor is told twice.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bulletin.model import Article, Reason, Section, Story
from bulletin.stories.publishers import Owners, count_publishers
from bulletin.stories.rank import PER_DOUBLING, with_reasons

_FEWEST = 3
"""Publishers; two are as often chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Stories in the order in which they came."""

    stories: tuple[Story, ...]
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of a lifted story -> ids of the other steps of its running story, the best first."""


def lift_running(
    stories: Sequence[Story],
    *,
    affairs: Mapping[str, int],
    owners: Owners,
    hints: Sequence[Article] = (),
) -> Running:
    """
    Give the best step of each running story the term "running".

    `affairs` says to which running story an article belongs. `hints` are live blogs, features and their like:
    no stories, but each says what its publisher takes for the news.
    """
    together: dict[int, list[Story]] = defaultdict(list)
    for story in stories:
        if (
            story.section in (Section.NEWS, Section.SPORT)
            and (affair := _affair_of(story, affairs)) is not None
        ):
            together[affair].append(story)
    told: dict[int, list[Article]] = defaultdict(list)
    for hint in hints:
        if hint.id in affairs:
            told[affairs[hint.id]].append(hint)
    lifted: dict[str, Story] = {}
    steps: dict[str, tuple[str, ...]] = {}
    for affair, members in together.items():
        best, *others = sorted(members, key=lambda story: (story.is_soft, -story.score, story.id))
        articles = [article for story in members for article in story.articles]
        lifted[best.id] = _lift(best, [*articles, *told[affair]], owners=owners)
        if lifted[best.id] is not best and others:
            steps[best.id] = tuple(story.id for story in others)
    return Running(stories=tuple(lifted.get(story.id, story) for story in stories), steps=steps)


def _affair_of(story: Story, affairs: Mapping[str, int]) -> int | None:
    """That of most of its articles."""
    known = Counter(affairs[article.id] for article in story.articles if article.id in affairs)
    return min(known, key=lambda affair: (-known[affair], affair)) if known else None


def _lift(story: Story, articles: Sequence[Article], *, owners: Owners) -> Story:
    own, publishers = (count_publishers(some, owners=owners) for some in (story.articles, articles))
    if publishers < _FEWEST or publishers == own:
        return story
    value = round(PER_DOUBLING * math.log2(publishers / own), 4)
    note = f"{publishers} publishers tell a step of the same running story"
    return with_reasons(story, Reason(name="running", value=value, note=note))
