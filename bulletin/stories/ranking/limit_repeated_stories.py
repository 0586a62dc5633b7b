"""
Stories, aired stories -> stories that may air (marked as news or repeats), and spent ones.

Source: the news values "continuity" of Galtung and Ruge 1965 and "follow-up" of Harcup and O'Neill 2017: a story
stays news while it develops. docs/CHOICE.md, section 5, has the figures of `python -m bench.day`, on which the
rules were tuned. Judgement, no source: the points and the number of airings, because one day cannot measure them.

`python -m bench.rule_matches` chooses from the 604 fresh articles without aired stories, so that no rule here
matches there. All are kept, because a station repeats stories every hour; `python -m bench.day` uses them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from bulletin.archive.record_dataclasses import Aired
from bulletin.language.read_word_lists import read_table
from bulletin.language.split_sentences import split_sentences
from bulletin.model import Article, Reason, Section, Story
from bulletin.stories.grouping.extract_headline_terms import vocabulary
from bulletin.stories.ranking.score_stories import best_first, count_words, importance_of, with_reasons

_DISCOUNT = 3.0
"""
Points that each airing costs at importance 0; half of it at importance 2, a third at 4.

Example: `_mark`.
"""
_HALVES = 2.0
"""Example: `_mark`."""
_FULL_WORDS, _SHARE = 80, 0.5
"""A newer version airs if it has half the words of the best one, or forty. Example: `_newer_first`."""
_MOST_COUNTED = 6
"""Airings that cost points; further ones are free. Example: `_mark`."""
_OPENING_CHARS = 600
"""Example: `_opening`."""
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
"""Example: `_numbers`."""
_WORD = re.compile(r"[a-z]+")
"""Example: `_numbers`."""
_SMALL = {
    word: str(number)
    for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
}
"""Example: `_numbers`."""


def settle_repeats(
    stories: Sequence[Story], *, aired: Mapping[str, Aired], repeats: int
) -> tuple[list[Story], list[Story]]:
    """
    Mark aired stories, and return those that may air again and those that are spent.

    `aired` maps a story's id to its aired story. A story may air again `repeats` times, and half as often again for
    each point of its importance; each airing costs points, fewer for an important story. With a new turn of events
    it counts as new. Travel and weather air as long as they hold.

    docs/CHOICE.md, section 5, replays a day by these rules.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Story(id="1", articles=(Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at),))
    >>> four = Aired(story_id="1", article_ids=(), title="Ferry sinks", text="", times=4, first_at=at, last_at=at)
    >>> kept, spent = settle_repeats([ferry], aired={"1": four}, repeats=3)
    >>> kept, [tell_airings(story.times_aired) for story in spent]
    ([], ['aired 4 times'])
    """
    kept: list[Story] = []
    spent: list[Story] = []
    for story in stories:
        most = most_airings(story, repeats=repeats)
        marked = _mark(story, aired.get(story.id), most=most)
        (spent if marked.times_aired >= most else kept).append(marked)
    return kept, spent


def tell_airings(times: int) -> str:
    """
    Number of airings, for the reason.

    >>> tell_airings(1), tell_airings(3)
    ('aired once', 'aired 3 times')
    """
    return "aired once" if times == 1 else f"aired {times} times"


def most_airings(story: Story, *, repeats: int) -> int:
    """
    Count the airings that a scored story may have while it is fresh.

    >>> minor = Story(id="1", articles=())
    >>> major = Story(id="2", articles=(), reasons=(Reason(name="sources", value=9.0),))
    >>> most_airings(minor, repeats=3), most_airings(major, repeats=3)
    (4, 17)
    """
    return 1 + int(repeats * (1 + importance_of(story) / _HALVES))


def new_turn(story: Story, aired: Aired) -> str:
    """
    Find a number or a turn of events ("charged", "dies") that a headline since the last airing adds; else empty.

    Many publishers keep the headline and write a new first sentence: in an aired article a turn of events there
    counts as well. A number does not, because the first telling may have cut it.

    >>> from datetime import UTC, datetime
    >>> at, later = datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)
    >>> title, first = "Man charged over ferry fire", "Ferry burns"
    >>> article = Article(id="1", feed="a", title=title, summary="", text="", published=later)
    >>> aired = Aired(story_id="1", article_ids=(), title=first, text="", times=1, first_at=at, last_at=at)
    >>> new_turn(Story(id="1", articles=(article,)), aired)
    'charged'
    """
    words, spoken_text = vocabulary(), f"{aired.title} {aired.text} {aired.heard}"
    spoken_stems = frozenset(map(words.stem, words.split(spoken_text)))
    spoken_numbers = frozenset(_numbers(spoken_text))
    for article in story.articles:
        if not article.is_dated or article.published <= aired.last_at:
            continue
        for number in _numbers(article.title):
            if number not in spoken_numbers:
                return number
        opening = _opening(article) if article.id in aired.article_ids else ""
        for word in words.split(f"{article.title} {opening}"):
            rows = [row for row in _turns() if words.stem(word) in row]
            if rows and not any(row & spoken_stems for row in rows):
                return word
    return ""


@cache
def _turns() -> tuple[frozenset[str], ...]:
    """
    Rows of turns.toml as stems.

    >>> any(vocabulary().stem("dies") in row for row in _turns())
    True
    """
    stem = vocabulary().stem
    rows = read_table("bulletin.stories.ranking", "turns.toml")["rows"]
    return tuple(frozenset(map(stem, row.split())) for row in rows)


def _opening(article: Article) -> str:
    """
    First sentence of an article.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> _opening(Article(id="1", feed="a", title="", summary="", text="It sank. It rained.", published=at))
    'It sank.'
    """
    sentences = split_sentences((article.text or article.summary)[:_OPENING_CHARS])
    return sentences[0] if sentences else ""


def _numbers(text: str) -> list[str]:
    """
    List the numbers of a text in one form.

    >>> _numbers("1,200 of two at 3.50")
    ['1200', '3.5', '2']
    """
    numbers = []
    for match in _NUMBER.finditer(text):
        plain = match[0].replace(",", "")
        numbers.append(plain.rstrip("0").rstrip(".") if "." in plain else plain)
    return numbers + [_SMALL[word] for word in _WORD.findall(text.casefold()) if word in _SMALL]


def _mark(story: Story, aired: Aired | None, *, most: int) -> Story:
    """
    Aired story as news again, or with the points that its airings cost; fewer for an important story.

    Travel and weather are not marked, because they air as long as they hold.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="Ferry", summary="", text="", published=at)
    >>> ferry = Story(id="1", articles=(article,))
    >>> twice = Aired(story_id="1", article_ids=(), title="Ferry", text="", times=2, first_at=at, last_at=at)
    >>> _mark(ferry, twice, most=4).reasons[0].note, _mark(ferry, twice, most=4).score
    ('aired 2 times, 4 allowed', -6.0)
    """
    if aired is None or story.section in (Section.TRAVEL, Section.WEATHER):
        return story
    story = replace(_newer_first(story, aired), said_before=aired.sentences)
    if turn := new_turn(story, aired):
        return with_reasons(story, Reason(name="changed", value=0.0, note=f'new since it aired: "{turn}"'))
    counted = min(aired.times, _MOST_COUNTED)
    discount = -_DISCOUNT * counted / (1 + importance_of(story) / _HALVES)
    note = f"{tell_airings(aired.times)}, {most} allowed"
    story = replace(story, times_aired=aired.times, last_said=aired.text)
    return with_reasons(story, Reason(name="repeat", value=round(discount, 4), note=note))


def _newer_first(story: Story, aired: Aired) -> Story:
    """
    Best version since the last airing first, unless it is thin or of less trust.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> old = Article(id="1", feed="a", title="", summary="", text="It sank.", published=at)
    >>> new = replace(old, id="2", published=at.replace(hour=9))
    >>> aired = Aired(story_id="1", article_ids=(), title="", text="", times=1, first_at=at, last_at=at)
    >>> [article.id for article in _newer_first(Story(id="1", articles=(old, new)), aired).articles]
    ['2', '1']
    """
    newer = [a for a in story.articles if a.is_dated and a.published > aired.last_at]
    if not newer or story.best in newer or story.best.is_local:
        return story
    first = best_first(newer)[0]
    enough = _SHARE * min(count_words(story.best), _FULL_WORDS)
    if count_words(first) < enough or first.weight < story.best.weight:
        return story
    return replace(story, articles=(first, *(a for a in story.articles if a is not first)))
