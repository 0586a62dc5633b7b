"""FeedDocument -> Articles. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bulletin.articles.feeds.feed_dates import believable, embargo_end
from bulletin.articles.feeds.feed_entry_identity import absolute_link, find_reused, identities
from bulletin.articles.markup.keep_text_in_station_language import keep_language
from bulletin.articles.parsed_feed import FeedDocument, FeedEntry
from bulletin.articles.weather.forecast_to_articles import report_forecast
from bulletin.model import Article, Feed

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?\b")
_TITLE_WORDS = 12
_MOST_EMBARGOES = 2
_BREAKING = re.compile(
    r"\W*(?:(?i:breaking(?:\s+news)?|just\s+in|news\s*flash)(?:\s*[:|!–—\])]+|\s+-)\s"
    r"|BREAKING(?:\s+NEWS)?\s(?=.*[a-z]))\s*"
)
"""Mark that publishers put before a title: "Breaking: ", "[BREAKING] ", "BREAKING NEWS – "."""
_ELLIPSIS = re.compile(r"(?:\s*\[?(?:…|\.\.\.)\]?)+\s*$")


_FAULTS = (
    "without words, left out",
    "without a date that can be true",
    "twice in the feed, taken once",
    "dated in the future, held back until then",
)
"""Faults of entries, in the order of the notes of the feed's report."""


def adapt(
    document: FeedDocument, feed: Feed, *, now: datetime, base: str = "", known: Sequence[Article] = ()
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """
    The articles of a feed, each once, in the feed's order, with the profile's options of the feed; and notes on faults.

    As `adapt_for_all`.
    """
    articles, notes = adapt_for_all(document, feed, now=now, base=base, known=known)
    return tuple(relabel(article, feed) for article in articles), notes


def adapt_for_all(
    document: FeedDocument, feed: Feed, *, now: datetime, base: str = "", known: Sequence[Article] = ()
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """
    The articles of a feed as they are stored for every profile that reads it: `relabel` applies one's options.

    `base` is the address of the feed, for relative links. `known` are its articles of the last read: an undated
    entry keeps the time of its first read, or it would be fresh for ever.
    """
    if document.forecast:
        return report_forecast(document.forecast, feed, now=now)
    maker = _Maker(document, feed, now=now, base=base, known=known)
    without_words, undated, twice, held = _FAULTS
    faults, taken, articles = Counter[str](), set[str](), list[Article]()
    for position, entry in enumerate(document.entries):
        if not entry.title and not entry.text and not entry.summary:
            faults[without_words] += 1
            continue
        article = maker.make(entry, position)
        names = {article.id, *article.aliases}
        if taken & names:
            faults[twice] += 1
            continue
        taken |= names
        faults[undated] += not article.is_dated
        faults[held] += article.not_before is not None
        articles.append(article)
    notes = (
        f"{faults[fault]} {'entry' if faults[fault] == 1 else 'entries'} {fault}"
        for fault in _FAULTS
        if faults[fault]
    )
    return tuple(articles), tuple(notes)


class _Maker:
    """Converter of the entries of one feed."""

    def __init__(
        self, document: FeedDocument, feed: Feed, *, now: datetime, base: str, known: Sequence[Article]
    ) -> None:
        self.feed, self.now = feed, now
        self.base = document.link or base or feed.url
        self.language = pick_language(document.language, "")
        """Language that the feed states, perhaps without a country; empty where it states none."""
        self.reused = find_reused(document.entries)
        self.embargoes = _find_embargoes(document.entries, feed, now=now)
        """Dates in the future that are meant as such."""
        self.first_seen = {name: a.published for a in known if not a.is_dated for name in (a.id, *a.aliases)}
        """Times of the first reads of undated entries, by each of their names."""

    def make(self, entry: FeedEntry, position: int) -> Article:
        feed, date = self.feed, _date(entry, self.feed, now=self.now)
        held = date if date in self.embargoes else None
        dated = held or believable(date, now=self.now)
        link = absolute_link(entry.link or _guid_link(entry.guid), base=self.base)
        names = identities(entry, feed=feed.name, link=link, published=dated or self.now, reused=self.reused)
        seen = next((self.first_seen[name] for name in names if name in self.first_seen), self.now)
        title, is_breaking = read_breaking(entry.title)
        return Article(
            id=names[0],
            aliases=names[1:],
            feed=feed.name,
            title=title or make_title(entry.text or entry.summary),
            is_breaking=is_breaking,
            summary=entry.summary or entry.text,
            text=_ELLIPSIS.sub("…", max(entry.text, entry.summary, key=len)),
            link=link,
            published=dated or seen,
            is_dated=dated is not None,
            not_before=held,
            credit=feed.credit,
            weight=feed.weight,
            category=feed.category,
            language=pick_language(entry.language, self.language),
            position=position,
            labels=entry.labels,
        )


def _date(entry: FeedEntry, feed: Feed, *, now: datetime) -> datetime | None:
    """The entry's date; moved by the age of a recording, which is read as if it were made now."""
    moved_by = now - feed.recording.made_at if feed.recording else timedelta()
    try:
        return entry.published and entry.published + moved_by
    except OverflowError:
        return None


def _find_embargoes(entries: Sequence[FeedEntry], feed: Feed, *, now: datetime) -> frozenset[datetime]:
    """Embargoes are dates of one or two entries; where more lie in the future, the feed's clock is wrong."""
    ends = [embargo_end(_date(entry, feed, now=now), now=now) for entry in entries]
    ahead = [end for end in ends if end]
    return frozenset(ahead) if len(ahead) <= _MOST_EMBARGOES else frozenset()


def relabel(article: Article, feed: Feed) -> Article:
    """
    A stored article with the profile's present options of its feed.

    Of a text in two languages only the half in the profile's language stays; a language without a country gets the
    profile's.
    """
    if article.is_forecast:
        return replace(article, feed=feed.name, credit=feed.credit or article.credit, weight=feed.weight)
    return replace(
        article,
        feed=feed.name,
        credit=feed.credit,
        weight=feed.weight,
        category=feed.category,
        language=pick_language(article.language, feed.language),
        summary=keep_language(article.summary, language=feed.language),
        text=keep_language(article.text, language=feed.language),
    )


def pick_language(stated: str, usual: str) -> str:
    """
    The stated language of a feed or an entry in BCP 47; the usual one when it states none.

    A bare "en" says less than the "en-GB" of the profile.
    """
    match = _LANGUAGE.match(stated.strip())
    if match is None:
        return usual
    language = match[1].lower()
    if match[2]:
        return f"{language}-{match[2].upper()}"
    return usual if usual.split("-")[0].lower() == language else language


def read_breaking(title: str) -> tuple[str, bool]:
    """ "BREAKING NEWS: Bridge falls" -> ("Bridge falls", True)."""
    match = _BREAKING.match(title)
    if match is None or not title[match.end() :].strip():
        return title, False
    rest = title[match.end() :].strip()
    return rest[:1].upper() + rest[1:], True


def make_title(text: str) -> str:
    """The first sentence of an entry without a title, or its first words."""
    first = re.split(r"(?<=[.!?…])\s", text.split("\n\n")[0], maxsplit=1)[0]
    words = first.split()
    return " ".join(words[:_TITLE_WORDS]) + ("…" if len(words) > _TITLE_WORDS else "")


def _guid_link(guid: str) -> str:
    """The guid of an entry without a link: in RSS it is a permanent link unless it says otherwise."""
    return guid if guid.lower().startswith(("http://", "https://")) else ""
