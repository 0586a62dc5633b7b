"""The text of a page -> may it be taken for the article? Pure."""

from __future__ import annotations

import re

_ENOUGH_WORDS = 60
_LEAST_WORDS = 20
"""A page with less holds no article, however honest it is."""
_TITLE_SHARE = 1 / 3
_WALLS = (
    (
        "asks for consent to cookies",
        re.compile(
            r"before you continue|accept all|we value your privacy|our \d{0,5}\s?partners|manage (?:your )?cookie"
            r"|store and/or access information|consent to (?:the use of )?cookies|cookie (?:policy|preferences|settings)",
            re.IGNORECASE,
        ),
    ),
    (
        "is behind a paywall",
        re.compile(
            r"subscribe (?:now )?to (?:continue|read|unlock|keep)|already a subscriber|to continue reading"
            r"|subscribers? only|for subscribers|unlock (?:this|the full)|log ?in to (?:read|continue)"
            r"|(?:register|sign (?:in|up)) to (?:read|continue|keep)|free trial|start your subscription",
            re.IGNORECASE,
        ),
    ),
    (
        "checks for robots",
        re.compile(
            r"just a moment|checking your browser|enable javascript|verify (?:that )?you are (?:a )?human"
            r"|are you a robot|unusual traffic|access denied|enable cookies",
            re.IGNORECASE,
        ),
    ),
    (
        "is an error page",
        re.compile(
            r"page (?:not found|can.?t be found|does not exist)|error 40\d|404 not found", re.IGNORECASE
        ),
    ),
)
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 5
"""Letters that must be the same: "closes" and "closed" are."""


def judge_text(text: str, *, title: str) -> str:
    """
    Why `text` is not the article called `title`; nothing when it may be.

    A wall is believed where there is little else to read: an article may well speak of cookies. Fewer
    words than 60 are an honest brief if they tell of the title.
    """
    words = len(text.split())
    if words < _ENOUGH_WORDS:
        for reason, phrases in _WALLS:
            if phrases.search(text):
                return f"the page {reason}"
    if words < _LEAST_WORDS:
        return f"the page holds {words} words only"
    if words < 2 * _ENOUGH_WORDS and _walls_in(text) >= 2:
        return "the page is a wall, not an article"
    if not _speaks_of(title, text):
        return "the page speaks of something else than the title"
    return ""


def _walls_in(text: str) -> int:
    return sum(len(phrases.findall(text)) for _, phrases in _WALLS)


def _speaks_of(title: str, text: str) -> bool:
    """A third of the title's words occur, as far as their first five letters."""
    wanted = {word[:_STEM] for word in _WORD.findall(title.casefold())}
    if not wanted:
        return True
    present = {word[:_STEM] for word in _WORD.findall(text.casefold())}
    return len(wanted & present) >= len(wanted) * _TITLE_SHARE
