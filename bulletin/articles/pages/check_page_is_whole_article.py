"""Check of a page's text: whether it is the article, and complete. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bulletin.language.read_word_lists import read_table

ENOUGH_WORDS = 60
_LEAST_WORDS = 20
"""A page with fewer words holds no article."""
_TITLE_SHARE = 1 / 3
_SUMMARY_SHARE = 1 / 2
"""Share of a summary's words: everyday words are among them."""
_SAME_TITLE_SHARE = 0.6
_WORDS_PER_WALL = 60
"""Least words per wall phrase where only a page's own title confirms its text."""
_LAST_PARAGRAPHS = 4
_LONGEST_WALL = 40
BEHIND_PAYWALL = "the page is behind a paywall"
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 5
"""Letters that must be equal: "closes" and "closed" are one stem."""


def find_fault(text: str, *, title: str, summary: str = "", headlines: Sequence[str] = ()) -> str:
    """
    Why `text` is not the article called `title`; empty when it may be.

    Wall phrases count where there is little other text: an article may be about cookies. Fewer words than 60 are
    a brief if they hold the title's words. `summary` is the feed's, `headlines` are the page's own: the words of a
    feature's title need not occur in its text.
    """
    words = len(text.split())
    if words < ENOUGH_WORDS:
        for reason, phrases in _walls().values():
            if phrases.search(text):
                return f"the page {reason}"
    if words < _LEAST_WORDS:
        return f"the page holds {words} words only"
    if words < 2 * ENOUGH_WORDS and _walls_in(text) >= 2:
        return "the page is a paywall or consent page, not an article"
    if _share(title, text) >= _TITLE_SHARE or (summary and _share(summary, text) >= _SUMMARY_SHARE):
        return ""
    named = any(_share(title, headline) >= _SAME_TITLE_SHARE for headline in headlines)
    if words >= ENOUGH_WORDS and named and _walls_in(text) * _WORDS_PER_WALL <= words:
        return ""
    return "the page is about something else than the title"


def cut_wall(text: str) -> tuple[str, bool]:
    """
    The text without the request to pay for its rest, and whether there was one.

    Such a request is a short paragraph among the last; the text before it may break off within a sentence.
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
    """Kind of wall -> message, and its phrases."""
    table = read_table("bulletin.articles.pages", "walls.toml")
    return {
        kind: (str(wall["message"]), re.compile("|".join(wall["phrases"]), re.IGNORECASE))
        for kind, wall in table.items()
    }


def _walls_in(text: str) -> int:
    return sum(len(phrases.findall(text)) for _, phrases in _walls().values())


def _share(sought: str, text: str) -> float:
    """Share of the words of `sought` in `text`, by their first five letters; 1 where there are none."""
    stems = {word[:_STEM] for word in _WORD.findall(sought.casefold())}
    if not stems:
        return 1.0
    present = {word[:_STEM] for word in _WORD.findall(text.casefold())}
    return len(stems & present) / len(stems)
