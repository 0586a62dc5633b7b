"""Ranked stories -> the order in which they air, within the editor's limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bulletin.config.options import StoriesOptions
from bulletin.model import Left, Reason, Section, Story
from bulletin.stories.rank import is_breaking

_UNSORTED = "news"
"""The category of feeds that nobody has sorted; it has no limit."""


def order_stories(
    stories: Sequence[Story], *, options: StoriesOptions
) -> tuple[tuple[Story, ...], tuple[Left, ...]]:
    """
    Lead, news, sport, the light story, weather, travel.

    Breaking stories come first, then fresh ones, then repeats, each by score; a story of feeds that
    the editor doesn't trust (weight 0) does not lead while there is another.
    """
    left: list[Left] = []
    news, light = _pick_news([s for s in stories if s.section is Section.NEWS], options, left)
    parts = {
        section: _pick_section([s for s in stories if s.section is section], options, left)
        for section in (Section.SPORT, Section.WEATHER, Section.TRAVEL)
    }
    ordered = (*news, *parts[Section.SPORT], *light, *parts[Section.WEATHER], *parts[Section.TRAVEL])
    return ordered, tuple(left)


def standing(story: Story) -> tuple[bool, bool, bool, float, str]:
    """Sort key: breaking, hard, fresh, score; the id settles a draw."""
    return not is_breaking(story), story.is_soft, story.times_aired > 0, -story.score, story.id


def _pick_news(
    stories: Sequence[Story], options: StoriesOptions, left: list[Left]
) -> tuple[list[Story], list[Story]]:
    """The news that airs, and the light story for the end, if there is one beside the news."""
    ranked = sorted(stories, key=standing)
    light = [story for story in ranked if story.is_light and not is_breaking(story)]
    closing: list[Story] = []
    if options.light_last and options.most > 1 and len(light) < len(ranked):
        # A second light story is no news either: it comes after all that is.
        ranked = [story for story in ranked if story not in light] + light[1:]
        fresh = sum(not story.times_aired and not story.is_light for story in ranked)
        if light and (not light[0].times_aired or fresh < options.most):
            closing = [_say(light[0], "light", "kept for the end")]
        else:
            # one that has aired already keeps no place from news that hasn't
            ranked += light[:1]
    kept, over = _within_limits(ranked, options, closing=closing)
    room = options.most - len(closing)
    left += over
    left += [_left(story, f"no room after {room} better stories", "most") for story in kept[room:]]
    return _trusted_first(kept[:room]), closing


def _pick_section(stories: Sequence[Story], options: StoriesOptions, left: list[Left]) -> list[Story]:
    ranked = sorted(stories, key=standing)
    room = options.most_in_sections
    enough = "no room: {} of {} are enough"
    left += [_left(story, enough.format(room, story.section), "most_in_sections") for story in ranked[room:]]
    return ranked[:room]


def _within_limits(
    ranked: Sequence[Story], options: StoriesOptions, *, closing: Sequence[Story]
) -> tuple[list[Story], list[Left]]:
    """At most so many of one feed and of one category, `closing` ones counted; breaking ones count, and stay."""
    sources = Counter(story.best.feed for story in closing)
    categories = Counter(story.best.category.casefold() for story in closing)
    kept: list[Story] = []
    left: list[Left] = []
    for story in ranked:
        feed, category = story.best.feed, story.best.category.casefold()
        full = category != _UNSORTED and categories[category] >= options.per_category
        if sources[feed] >= options.per_source and not is_breaking(story):
            left.append(_left(story, f"already {options.per_source} stories from {feed}", "per_source"))
        elif full and not is_breaking(story):
            said = f'already {options.per_category} stories of "{category}"'
            left.append(_left(story, said, "per_category"))
        else:
            kept.append(story)
            sources[feed] += 1
            categories[category] += 1
    return kept, left


def _trusted_first(stories: list[Story]) -> list[Story]:
    """Let the first story of a trusted feed lead."""
    lead = next((story for story in stories if any(a.weight > 0 for a in story.articles)), None)
    if lead is None or is_breaking(stories[0]):
        return stories
    rest = [story for story in stories if story is not lead]
    return [lead if stories[0] is lead else _say(lead, "lead", "the first that is trusted"), *rest]


def _say(story: Story, name: str, note: str) -> Story:
    """With a reason for its place that is no part of its score."""
    return replace(story, reasons=(*story.reasons, Reason(name=name, value=0.0, note=note)))


def _left(story: Story, reason: str, limit: str) -> Left:
    return Left(title=story.title, reason=reason, article_id=story.best.id, limit=limit)
