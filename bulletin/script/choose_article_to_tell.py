"""Story -> the publisher's version that is read: sentences of one text, never of two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bulletin.editing.edited_article import Lead, Telling
from bulletin.editing.sentence_model.airable_sentence_classifier import THRESHOLDS
from bulletin.model import Article, Story

MOST_VERSIONS = 6
"""Versions of one story that are compared; the choice has put the best first."""
ENOUGH = 40
"""Words from which a version is long enough to be read alone."""
SURE = 0.75
"""Rating of a first sentence from which the search ends."""

OVERTAKEN = timedelta(hours=4)
"""Age against the newest version, from which a version is out of date."""

Tell = Callable[[Article], Telling]


def choose_version(story: Story, tell: Tell) -> tuple[Article, Telling]:
    """
    The first version with a lead of one breath and enough sentences; else the nearest to that.

    Of a story that has aired, the newest version with a lead that has not. A version that is out of date
    ("talks to begin", when they have ended) comes last of those with a sure lead. The newest version of the
    station's own newsroom goes before all publishers' versions, however short it is.
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
