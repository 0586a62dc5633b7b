"""Story -> the publisher's version that is told: a whole text, never sentences of two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bulletin.editing.edited_article import Lead, Telling
from bulletin.editing.sentence_model.sentence_classifier import THRESHOLDS
from bulletin.model import Article, Story

MOST_VERSIONS = 6
"""Versions of one story that are looked at; the choice has put the best first."""
ENOUGH = 40
"""Words from which a version is long enough to be told for itself."""
SURE = 0.75
"""From which a first sentence is good enough to look no further."""

OVERTAKEN = timedelta(hours=4)
"""Older than the newest version by so much, a version tells what has gone on since."""

Tell = Callable[[Article], Telling]


def choose_version(story: Story, tell: Tell) -> tuple[Article, Telling]:
    """
    The first version with a lead that can be read in one breath and enough to tell; else the one that comes nearest.

    Of a story that has aired, the newest version whose lead has not. A version that others have overtaken
    ("talks to begin", when they have ended) comes last of those that are sure. What the station's own newsroom
    wrote goes before all publishers' versions, however short it is: its newest.
    """
    if own_versions := [article for article in story.articles if article.is_local]:
        article = max(own_versions, key=lambda version: version.published)
        if (telling := tell(article)).pieces:
            return article, telling
    versions = [article for article in story.articles if article.section is story.section][:MOST_VERSIONS]
    if story.said_before and (newer := _newer_version(story, versions, tell)):
        return newer
    newest = max(article.published for article in versions)
    tellings: list[tuple[Article, Telling]] = []
    for article in versions:
        telling = tell(article)
        if _is_good(telling) and newest - article.published <= OVERTAKEN:
            return article, telling
        tellings.append((article, telling))
    return min(
        tellings,
        key=lambda version: _rank(version[1], is_overtaken=newest - version[0].published > OVERTAKEN),
    )


def _newer_version(story: Story, versions: list[Article], tell: Tell) -> tuple[Article, Telling] | None:
    for article in sorted(versions, key=lambda version: version.published, reverse=True):
        if article.published < story.best.published:
            return None
        telling = tell(article)
        is_news = article.published > story.best.published and telling.sure >= THRESHOLDS[0].opening
        if (
            telling.pieces
            and (is_news or _is_good(telling))
            and telling.pieces[0].sentences[0] not in story.said_before
        ):
            return article, telling
    return None


def _is_good(telling: Telling) -> bool:
    is_enough = telling.words >= ENOUGH and telling.sure >= SURE
    return bool(telling.pieces) and telling.lead is Lead.SENTENCE and is_enough


def _rank(telling: Telling, *, is_overtaken: bool) -> tuple[bool, bool, bool, Lead, bool, float]:
    is_doubtful = telling.sure < THRESHOLDS[0].opening
    is_short = telling.words < ENOUGH
    return not telling.pieces, is_doubtful, is_overtaken, telling.lead, is_short, -telling.sure
