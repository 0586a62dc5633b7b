"""Why a bulletin tells what it tells, line by line: for `bulletin script --why` and `bulletin why`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulletin.model import Left, Reason, Story

ORDER = (
    "Breaking news goes first, then the other news by score, told before or not; after it sport, the light",
    "story, weather and travel. A score is the sum of the terms below it (docs/CHOICE.md).",
)


def story_lines(stories: Iterable[Story]) -> Iterator[tuple[str, str]]:
    """Of each story its place, section and score, who tells it, and the terms of the score; (bright, dim)."""
    for place, story in enumerate(stories, 1):
        yield f"{place:>2}. {story.title}", f"({story.section.value}, {story.score:.2f}, id {story.id})"
        names = dict.fromkeys(article.credit or article.feed for article in story.articles)
        yield "", f"      told by {', '.join(names)}"
        for reason in story.reasons:
            yield reason_line(reason)


def left_lines(left: Iterable[Left]) -> Iterator[tuple[str, str]]:
    """What was left out, the reason and the id, by which it can be killed or looked up."""
    for item in left:
        yield f"  {item.title}", f"{item.reason}{f' (id {item.article_id})' if item.article_id else ''}"


def reason_line(reason: Reason) -> tuple[str, str]:
    """A term of a score; (bright, dim)."""
    return f"      {reason.name:<12}{_value(reason)}", f" {reason.note}"


def _value(reason: Reason) -> str:
    """Nothing for a reason that moves a story without a score."""
    return f"{reason.value:+7.2f}" if reason.value else " " * 7
