"""Story and Left -> lines that explain the choice, for `bulletin script --why` and `bulletin why`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bulletin.model import Left, Reason, Story

_SHOWN = 5
ORDER = (
    "Breaking news goes first, then the other news by score, new or repeated; after it sport, the light",
    "story, weather and travel. A score is the sum of the terms below it (docs/CHOICE.md).",
)


def story_lines(stories: Iterable[Story]) -> Iterator[tuple[str, str]]:
    """Rank, section, score, publishers and terms of the score of each story; (bright, dim)."""
    for rank, story in enumerate(stories, 1):
        yield f"{rank:>2}. {story.title}", f"({story.section.value}, {story.score:.2f}, id {story.id})"
        names = dict.fromkeys(article.credit or article.feed for article in story.articles)
        yield "", f"      from {', '.join(names)}"
        for reason in story.reasons:
            yield reason_line(reason)


def left_lines(left: Iterable[Left], *, everything: bool = False) -> Iterator[tuple[str, str]]:
    """Stories left out, grouped by reason, with the id for `kill` and `why`; (bright, dim)."""
    groups: dict[str, list[Left]] = {}
    for item in left:
        groups.setdefault(re.split("[;:]", item.reason)[0], []).append(item)
    for reason, items in groups.items():
        yield f"  {reason}", f"({len(items)})"
        shown = items if everything else items[:_SHOWN]
        for item in shown:
            more = item.reason.removeprefix(reason).lstrip(";: ")
            yield (
                f"    {item.title}",
                "; ".join(filter(None, (more, item.article_id and f"id {item.article_id}"))),
            )
        if len(items) > len(shown):
            yield f"    ... and {len(items) - len(shown)} more", "--all lists them"


def reason_line(reason: Reason) -> tuple[str, str]:
    """A term of a score; (bright, dim)."""
    return f"      {reason.name:<12}{_value(reason)}", f" {reason.note}"


def _value(reason: Reason) -> str:
    """Blank for a reason that moves a story without a score."""
    return f"{reason.value:+7.2f}" if reason.value else " " * 7
