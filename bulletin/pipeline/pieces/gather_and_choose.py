"""Station -> articles of its feeds, and the stories chosen from them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bulletin.archive.ledgers.feed_answers import FeedAnswers
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.articles.gather_articles import Progress, gather_articles
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import ArchiveError
from bulletin.model import Chosen, Feed, Gathered
from bulletin.runtime.deadline import Deadline
from bulletin.station.build_station_object import Station
from bulletin.stories.choose_stories import choose_stories

log = logging.getLogger(__name__)

REMEMBERED = timedelta(days=14)
"""Age up to which the choice of stories considers aired ones; no profile may admit older stories."""

_FEEDS_SHARE = 0.35
"""Share of the remaining time that the feeds may take."""


def gather(
    station: Station, *, now: datetime, deadline: Deadline | None = None, progress: Progress | None = None
) -> Gathered:
    """
    Articles of the feeds, and the station's own stories.

    A draft of a group makes no request: it reads what the pieces of its feeds have put into the archive.
    """
    options = station.profile.fetch
    if deadline:
        budget_s = min(options.budget_s, _FEEDS_SHARE * deadline.left_s)
        options = options.model_copy(update={"budget_s": budget_s})
    if station.feeds_for_all:
        gathered = station.feeds_for_all.gather(station.feeds, now=now, options=options)
    else:
        gathered = gather_articles(
            station.feeds,
            now=now,
            options=options,
            catalog=station.archive,
            answers=station.answers,
            progress=progress,
        )
    _record_answers(station, gathered, now=now)
    own_stories = station.archive.own_stories(station.words.id, now)
    return replace(gathered, articles=(*own_stories, *gathered.articles))


def _record_answers(station: Station, gathered: Gathered, *, now: datetime) -> None:
    """Record which feeds answered, for the feed health of the week; a failure to do so stops no bulletin."""
    try:
        FeedAnswers(station.archive).record(station.words.id, gathered.reports, at=now)
    except ArchiveError as error:
        log.warning("answers of the feeds not recorded: station=%s: %s", station.words.id, error)


def ask_feeds(
    feeds: Sequence[Feed], *, now: datetime, options: FetchOptions, answers: ResponseCache | None = None
) -> Gathered:
    """
    Fetch each feed without its article pages and without the archive, to find the dead ones.

    `answers` has the turns of the hosts, where others ask them, too.
    """
    without_pages = options.model_copy(update={"pages_per_feed": 0})
    return gather_articles(feeds, now=now, options=without_pages, answers=answers)


def choose(
    gathered: Gathered,
    station: Station,
    *,
    now: datetime,
    again: bool = False,
    others: Sequence[str] | None = None,
) -> Chosen:
    """
    Choose stories by the profile, the kill list and the stories that have aired.

    `others` are the further languages that have a voice now, by default all of the profile.
    """
    archive, profile, name = station.archive, station.profile, station.words.id
    aired = {} if again or profile.repeats_freely else archive.aired(name, since=now - REMEMBERED)
    options = profile.stories
    killed = tuple(kill.entry for each in station.kill_lists for kill in archive.kills(each))
    return choose_stories(
        gathered.articles,
        now=now,
        options=options.model_copy(update={"kill": (*options.kill, *killed)}),
        language=profile.language,
        others=tuple(profile.speech.languages) if others is None else others,
        aired=aired,
        folder=station.words.languages,
    )


def known_names(gathered: Gathered, chosen: Chosen) -> set[str]:
    """Ids and aliases of every article and story of this run."""
    names = {name for article in gathered.articles for name in (article.id, *article.aliases)}
    return names.union(story.id for story in (*chosen.stories, *chosen.reserve, *chosen.ranked))
