"""The text of a page -> may it be taken for the article, and for the whole of it? Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

ENOUGH_WORDS = 60
_LEAST_WORDS = 20
"""A page with less holds no article, however honest it is."""
_TITLE_SHARE = 1 / 3
_SUMMARY_SHARE = 1 / 2
"""Everyday words are among those of a summary, so more of them have to occur."""
_SAME_TITLE_SHARE = 0.6
_WORDS_PER_WALL = 60
"""Where only a page's own title speaks for its text, it must not speak of cookies or subscriptions oftener."""
_LAST_PARAGRAPHS = 4
_LONGEST_WALL = 40
BEHIND_PAYWALL = "the page is behind a paywall"
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 5
"""Letters that must be the same: "closes" and "closed" are."""


def judge_text(text: str, *, title: str, summary: str = "", headlines: Sequence[str] = ()) -> str:
    """
    Why `text` is not the article called `title`; nothing when it may be.

    A wall is believed where there is little else to read: an article may well speak of cookies. Fewer
    words than 60 are an honest brief if they tell of the title. `summary` is the feed's own, `headlines`
    are what the page calls itself: a feature's title need not occur in its text.
    """
    words = len(text.split())
    if words < ENOUGH_WORDS:
        for reason, phrases in _walls().values():
            if phrases.search(text):
                return f"the page {reason}"
    if words < _LEAST_WORDS:
        return f"the page holds {words} words only"
    if words < 2 * ENOUGH_WORDS and _walls_in(text) >= 2:
        return "the page is a wall, not an article"
    if _share(title, text) >= _TITLE_SHARE or (summary and _share(summary, text) >= _SUMMARY_SHARE):
        return ""
    named = any(_share(title, headline) >= _SAME_TITLE_SHARE for headline in headlines)
    if words >= ENOUGH_WORDS and named and _walls_in(text) * _WORDS_PER_WALL <= words:
        return ""
    return "the page speaks of something else than the title"


def cut_wall(text: str) -> tuple[str, bool]:
    """
    The text without what asks to pay for its rest, and whether there was such a thing.

    It stands in the last paragraphs, and is short; what goes before it may break off within a sentence.
    """
    paragraphs = text.split("\n\n")
    _, phrases = _walls()["payment"]
    first = max(1, len(paragraphs) - _LAST_PARAGRAPHS)
    for number, paragraph in enumerate(paragraphs[first:], first):
        if len(paragraph.split()) <= _LONGEST_WALL and phrases.search(paragraph):
            return cut_unfinished("\n\n".join(paragraphs[:number])), True
    return text, False


def cut_unfinished(text: str) -> str:
    """The text up to its last full sentence; all of it where there is none."""
    text = re.sub(r"(?<=[.!?])\s?(?:\.{3}|…)$", "", text)
    ends = list(re.finditer(r"(?<!\.)[.!?][\"”’»)]*(?=\s|$)", text))
    return text[: ends[-1].end()] if ends else text


@cache
def _walls() -> dict[str, tuple[str, re.Pattern[str]]]:
    """Kind of wall -> what is said of it, and its phrases."""
    table = tomllib.loads((files("bulletin.articles.pages") / "walls.toml").read_text("utf-8"))
    return {
        kind: (str(wall["told"]), re.compile("|".join(wall["phrases"]), re.IGNORECASE))
        for kind, wall in table.items()
    }


def _walls_in(text: str) -> int:
    return sum(len(phrases.findall(text)) for _, phrases in _walls().values())


def _share(wanted: str, text: str) -> float:
    """How many of the words occur, as far as their first five letters; all where there is none to look for."""
    stems = {word[:_STEM] for word in _WORD.findall(wanted.casefold())}
    if not stems:
        return 1.0
    present = {word[:_STEM] for word in _WORD.findall(text.casefold())}
    return len(stems & present) / len(stems)
