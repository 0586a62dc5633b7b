"""
Stories -> the same with a score, and the terms that it is the sum of.

    sources     3 x log2(n)            n publishers that tell it independently (publishers.toml)
    running     3 x log2(m / n)        m publishers tell a step of the same running story
    harm        2, 1.5 or 1            somebody is dead, hurt or in danger (news.toml); half in the lead
    effect      1.5, 1 or 0.5          many are affected, or something is decided; likewise
    local       2 or 1                 a word of the patch in the headline, or else in the lead
    own         3                      the station's own story
    news        0.4 x s, at most 1     s: by how much headline and lead are above what hard news needs
    weight      2 x w                  w: the editor's trust in the best of its feeds
    freshness   3 x 0.5 ^ (age / 6 h)  of its newest article
    place       0.5 / (1 + p / 2)      p: best place in a feed, 0 is the first
    breaking    10                     marked as breaking
    thin        -1.5                   fewer than 40 words are known

The first six are its importance. A story that has aired loses points (limit_repeated_stories.py).

Source: the terms are news values of Galtung and Ruge 1965 ("The structure of foreign news", Journal of Peace
Research 2; first name) and of Harcup and O'Neill 2017 ("What is news?", Journalism Studies 18; second name):

    harm, effect               negativity, threshold    bad news, magnitude, the power elite
    local                      meaningfulness           relevance
    running                    continuity               follow-up
    own                                                 exclusivity

The score of `news` is learnt (`python -m bench.news_weights`). Judgement, no source: sources, weight, freshness,
place, breaking and thin, and the points of every term, because no ranking by editors was at hand to learn them
from. Three publishers (4.8 points) outweigh freshness (3), because many newsrooms judge better than the clock.
`python -m bench.day` replays a day with these points, and docs/CHOICE.md has a worked example.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Reason, Story
from bulletin.stories.grouping.count_publishers import group_publishers
from bulletin.stories.newsworthiness.find_news_value_signals import find_word
from bulletin.stories.newsworthiness.hard_or_soft_news import judge_article
from bulletin.stories.newsworthiness.weigh_effects_on_people import weigh_effects

PER_DOUBLING = 3.0
"""Points for twice as many publishers. Example: `_sources`."""
_HALF_LIFE_H = 6.0
"""Hours in which freshness halves. Judgement, no source: morning news makes room in the evening. Example: `_freshness`."""
_NEWS, _MOST_NEWS = 0.4, 1.0
"""Judgement, no source: certainty that it is news is worth less than a second publisher. Example: `rank_story`."""
_LEAD_WORDS = 60
"""Judgement, no source: a later word of the patch is background. Example: `_local`."""
_THIN_WORDS = 40
"""Judgement, no source: a shorter text holds some two sentences. Example: `rank_story`."""
_FULL_WORDS = 80
"""Words from which more text makes no better source for a script. Example: `best_first`."""
_PER_HOUR = 0.03
"""Trust that an article loses per hour against newer versions of the story. Example: `best_first`."""
_IMPORTANT = frozenset({"sources", "running", "harm", "effect", "local", "own"})
"""Example: `importance_of`."""


def rank_story(
    story: Story,
    *,
    now: datetime,
    options: StoriesOptions | None = None,
    language: str = "en",
    folder: Path | None = None,
) -> Story:
    """
    Score a story whose articles are sorted by `best_first`.

    The terms and their weights are in the module's table and in docs/CHOICE.md, section 4. `folder` holds the station's
    own languages.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="Two die as ferry sinks", summary="", text="", published=at)
    >>> ranked = rank_story(Story(id="1", articles=(ferry,)), now=at)
    >>> {reason.name: reason.value for reason in ranked.reasons}, ranked.score
    ({'harm': 2.0, 'weight': 2.0, 'freshness': 3.0, 'place': 0.5, 'thin': -1.5}, 6.0)
    """
    options = options or StoriesOptions()
    weight = max(article.weight for article in story.articles)
    best = min(story.articles, key=lambda article: (article.position, article.feed))
    words = count_words(story.best)
    # single publishers call many weak stories news, so words that are surely news count
    judgements = (
        judge_article(article, options=options, language=language, folder=folder)
        for article in story.articles
    )
    surely = max(judgement.surely for judgement in judgements)
    own = any(article.is_local for article in story.articles)
    terms = (
        _sources(story, options),
        *weigh_effects(story.articles, language=language, own_words=options.effects, folder=folder),
        _local(story, options.local_words),
        _term("own", 3.0 if own else 0.0, "the station's own"),
        _term("news", min(_MOST_NEWS, _NEWS * surely), "its words are news"),
        _term("weight", 2 * weight, f"trust {weight:g}"),
        _freshness(story, now),
        _term("place", 0.5 / (1 + best.position / 2), f"number {best.position + 1} in {best.feed}"),
        _term("breaking", 10.0 if is_breaking(story) else 0.0, "marked as breaking"),
        _term("thin", -1.5 if words < _THIN_WORDS else 0.0, f"only {words} words"),
    )
    reasons = tuple(term for term in terms if term.value)
    return replace(story, reasons=reasons, score=round(math.fsum(term.value for term in reasons), 4))


def with_reasons(story: Story, *reasons: Reason) -> Story:
    """
    Add reasons to a story; its score grows by their sum.

    >>> with_reasons(Story(id="1", articles=(), score=5.0), Reason(name="repeat", value=-3.0)).score
    2.0
    """
    added = math.fsum(reason.value for reason in reasons)
    return replace(story, reasons=(*story.reasons, *reasons), score=round(story.score + added, 4))


def importance_of(story: Story) -> float:
    """
    Sum the points of a scored story that depend neither on the hour nor on the feed.

    >>> reasons = (Reason(name="sources", value=3.0), Reason(name="freshness", value=2.0))
    >>> importance_of(Story(id="1", articles=(), reasons=reasons))
    3.0
    """
    return math.fsum(reason.value for reason in story.reasons if reason.name in _IMPORTANT)


def best_first(articles: Iterable[Article]) -> tuple[Article, ...]:
    """
    Sort articles: the station's own first, then the most trusted with enough text, then the newest.

    Trust counts for less in a short text: weight x (0.4 + 0.6 x words / 80), 80 words at most. An older
    version loses .03 for each hour by which another is newer, as much as four words.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> short = Article(id="short", feed="a", title="Ferry sinks", summary="", text="It sank.", published=at)
    >>> full = replace(short, id="full", text="It sank off Wexcombe. " * 20)
    >>> [article.id for article in best_first([short, full])]
    ['full', 'short']
    """
    known = tuple(articles)
    newest = max((article.published for article in known), default=None)

    def standing(article: Article) -> tuple[bool, float, float, int, str]:
        words = min(_FULL_WORDS, count_words(article))
        hours = (newest - article.published).total_seconds() / 3600 if newest else 0.0
        quality = article.weight * (0.4 + 0.6 * words / _FULL_WORDS) - _PER_HOUR * hours
        published = article.published.timestamp()
        return not article.is_local, -round(quality, 2), -published, article.position, article.id

    return tuple(sorted(known, key=standing))


def _term(name: str, value: float, note: str) -> Reason:
    """
    Term of a score, rounded to four places.

    >>> _term("place", 1 / 3, "number 2").value
    0.3333
    """
    return Reason(name=name, value=round(value, 4), note=note)


def _sources(story: Story, options: StoriesOptions) -> Reason:
    """
    Points of the publishers that tell a story independently: 3 for each doubling; sisters are named as one.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": at}
    >>> names = ("BBC News", "BBC Sport", "Gazette")
    >>> story = Story(id="1", articles=tuple(Article(id=name, credit=name, **row) for name in names))
    >>> _sources(story, StoriesOptions())
    Reason(name='sources', value=3.0, note='2 publishers (BBC News and BBC Sport are one)')
    """
    publishers = group_publishers(story.articles, owners=options.owners)
    sisters = [" and ".join(names) for names in publishers if len(names) > 1]
    note = f"{len(publishers)} publishers" + (f" ({', '.join(sisters)} are one)" if sisters else "")
    return _term("sources", PER_DOUBLING * math.log2(len(publishers)), note)


def _freshness(story: Story, now: datetime) -> Reason:
    """
    Points of a story's age: 3 when it is new, half as many after each six hours; an undated story is new.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="", summary="", text="", published=at.replace(hour=6))
    >>> _freshness(Story(id="1", articles=(ferry,)), at)
    Reason(name='freshness', value=1.5, note='published 6.0 h ago')
    """
    age_h = max(0.0, (now - story.published).total_seconds() / 3600)
    is_dated = any(article.is_dated for article in story.articles)
    note = f"published {age_h:.1f} h ago" if is_dated else "without a date, taken as new"
    return _term("freshness", 3 * 0.5 ** (age_h / _HALF_LIFE_H), note)


def _local(story: Story, local_words: Sequence[str]) -> Reason:
    """
    Points of a word of the patch: 2 in a headline, 1 in the first sixty words.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "summary": "", "published": at}
    >>> ferry = Article(id="1", title="Ferry sinks", text="It left Wexcombe.", **row)
    >>> _local(Story(id="1", articles=(ferry,)), ["Wexcombe"])
    Reason(name='local', value=1.0, note='Wexcombe')
    """
    titles = " ".join(article.title for article in story.articles)
    leads = " ".join(" ".join((a.text or a.summary).split()[:_LEAD_WORDS]) for a in story.articles)
    for text, value in ((titles, 2.0), (leads, 1.0)):
        if word := find_word(text, local_words):
            return _term("local", value, word)
    return _term("local", 0.0, "")


def is_breaking(story: Story) -> bool:
    """
    Whether one of its articles is marked as breaking.

    None of 604 articles, which have no marks of a feed; kept, because an editor's mark must lead.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=published, is_breaking=True)
    >>> is_breaking(Story(id="1", articles=(article,)))
    True
    """
    return any(article.is_breaking for article in story.articles)


def count_words(article: Article) -> int:
    """
    Count the known words of an article: of its text, else of its summary.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> count_words(Article(id="1", feed="a", title="Ferry sinks", summary="", text="It sank.", published=at))
    2
    """
    return len((article.text or article.summary).split())
