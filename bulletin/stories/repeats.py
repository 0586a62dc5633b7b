"""Stories and what has aired -> which are news, which are repeats, and which have been told often enough."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bulletin.archive.records import Aired
from bulletin.model import Article, Left, Reason, Section, Story
from bulletin.stories.words import stem, stems, tell_words
from bulletin.text import split_sentences

FEWEST = 3
"""News stories below which those told often enough come back."""

_OPENING_CHARS = 600
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_WORD = re.compile(r"[a-z]+")
_SMALL = {
    word: str(number)
    for number, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2
    )
}

# Words of one row tell of the same turn of events: who "dies" after "a man was killed" is no news.
_TURNS = tuple(
    frozenset(map(stem, row.split()))
    for row in (
        "die dies died dead death deaths kill kills killed fatal fatally",
        "arrest arrested arrests detained custody",
        "charge charged charges accused",
        "jail jailed sentence sentenced prison convicted guilty",
        "cleared acquitted freed bail",
        "resign resigns resigned quit quits sacked fired stepped",
        "named identified identify identity",
        "rescue rescued rescuers saved safe",
        "evacuated evacuate evacuation",
        "reopen reopens reopened",
        "close closes closed closure shut shuts",
        "cancelled cancel postponed abandoned",
        "approve approved approves agreed agree passed backed",
        "reject rejected rejects refused refuse blocked",
        "win wins won beat beats victory champions",
        "lose loses lost defeat defeated",
        "apologise apologises apologised apology",
        "suspended suspend suspends",
        "recalled recall recalls",
        "sue sues sued lawsuit",
        "appeal appeals",
        "elected election vote voted votes",
        "strike strikes walkout",
        "collapse collapsed collapses administration bankrupt",
        "warn warns warned warning",
        "deny denies denied",
        "admit admits admitted",
        "launch launched launches begun starts started",
    )
)


def settle_repeats(
    stories: Sequence[Story], *, aired: Mapping[str, Aired], repeats: int
) -> tuple[list[Story], list[Left]]:
    """
    Mark what has been on air, and leave out what has been told `repeats` times more than once.

    `aired` maps a story's id to what is remembered of it. A story with a new turn counts as new.
    Travel and weather are told as long as they hold. Where fewer than `FEWEST` news stories would be
    left, those that were told least often come back: repeats alone never empty a bulletin.
    """
    kept: list[Story] = []
    spent: list[Story] = []
    for story in stories:
        marked = _mark(story, aired.get(story.id))
        (spent if marked.times_aired > repeats else kept).append(marked)
    spent.sort(key=lambda story: (story.times_aired, -story.score, story.id))
    room = FEWEST - sum(story.section is Section.NEWS for story in kept)
    back = [story for story in spent if story.section is Section.NEWS][: max(0, room)]
    left = [
        Left(title=story.title, reason=_often(story.times_aired), article_id=story.best.id)
        for story in spent
        if story not in back
    ]
    return kept + back, left


def new_turn(story: Story, aired: Aired) -> str:
    """
    What a headline that came out after the last airing says that was not said: a number or a turn of
    events ("charged", "dies", "reopens"). Empty when it only says the same in other words.

    Many a publisher leaves the headline and writes a new first sentence over the rest: of an article that
    has aired, a turn of events there counts as well. A number does not: the first telling may have cut it.
    """
    said = f"{aired.title} {aired.text} {aired.heard}"
    said_stems, said_numbers = frozenset(stems(said)), frozenset(_numbers(said))
    for article in story.articles:
        if not article.is_dated or article.published <= aired.last_at:
            continue
        for number in _numbers(article.title):
            if number not in said_numbers:
                return number
        opening = _opening(article) if article.id in aired.article_ids else ""
        for word in tell_words(f"{article.title} {opening}"):
            rows = [row for row in _TURNS if stem(word) in row]
            if rows and not any(row & said_stems for row in rows):
                return word
    return ""


def _opening(article: Article) -> str:
    sentences = split_sentences((article.text or article.summary)[:_OPENING_CHARS])
    return sentences[0] if sentences else ""


def _often(times: int) -> str:
    return "aired once" if times == 1 else f"aired {times} times"


def _numbers(text: str) -> list[str]:
    """However they are written: "1,200" is 1200, "3.50" is 3.5, "two" is 2."""
    found = []
    for match in _NUMBER.finditer(text):
        plain = match[0].replace(",", "")
        found.append(plain.rstrip("0").rstrip(".") if "." in plain else plain)
    return found + [_SMALL[word] for word in _WORD.findall(text.casefold()) if word in _SMALL]


def _mark(story: Story, aired: Aired | None) -> Story:
    if aired is None or story.section in (Section.TRAVEL, Section.WEATHER):
        return story
    if turn := new_turn(story, aired):
        reason = Reason(name="changed", value=0.0, note=f'new since it aired: "{turn}"')
        return replace(story, reasons=(*story.reasons, reason))
    reason = Reason(name="repeat", value=float(-aired.times), note=_often(aired.times))
    return replace(
        story,
        times_aired=aired.times,
        last_said=aired.text,
        reasons=(*story.reasons, reason),
        score=round(story.score - aired.times, 4),
    )
