"""
Articles -> ScreenedArticles: fit ones, old ones, hints, and the reason against every other one.

Source: docs/CHOICE.md, section 1; counts in the 604 fresh articles: `python -m bench.rule_matches`, which gives
articles no age and no other language. Judgement, no source: the fewest words, hours and characters, because a
shorter text holds no whole sentence and an older one no news.

All 604 are fit, so the reasons against an article match none. They are kept, because feeds hold old, foreign and
empty entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from bulletin.config.profile_options import StoriesOptions
from bulletin.language.is_text_in_station_language import is_foreign
from bulletin.language.wrong_encoding import has_wrong_encoding
from bulletin.model import Article, Left, Section
from bulletin.stories.newsworthiness.article_genre import split_digest
from bulletin.stories.newsworthiness.hard_or_soft_news import why_never

_SLACK = timedelta(minutes=90)
"""
Tolerance for a clock that was set back after the feed's future dates were repaired.

Example: `_why_untimely`.
"""
_MAY_BE_OLDER = 2.0
"""Example: `oldest_h`."""
_OLDEST_H = 14 * 24.0
"""Hours for which aired stories are remembered: older news might air as new. Example: `oldest_h`."""
_FEWEST_WORDS = 8
"""Example: `_why_empty`."""
_FEWEST_OWN_WORDS = 3
"""Fewest words of the station's own stories, travel and weather, which are terse. Example: `_why_empty`."""

_A_DIGEST = "a digest of several events"
"""Example: `_hints_in`."""
_EMBARGO = re.compile(
    r"\bembargoed\s*(?:until|till?|to|for|:)|^\W*(?:strict(?:ly)? )?embargo(?:ed)?\s*[:|–—-]|\bunder (?:strict )?embargo until\b"
    r"|\bnot for (?:publication|broadcast|release) (?:before|until)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Notes of press offices above a release that they send early. Example: `_why_untimely`."""
_HEAD_CHARS = 400
"""Example: `_why_untimely`."""
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
"""
>>> [bool(_SENTENCE_END.search(line)) for line in ('It sank."', "Ferries")]
[True, False]
"""


BREAKING_LASTS = timedelta(hours=3)
"""
Lifetime of a feed's "Breaking:", which is often never removed; the station's own mark lasts as long as its story.

Example: `settle_breaking`.
"""


def settle_breaking(articles: Iterable[Article], *, now: datetime) -> list[Article]:
    """
    Clear the breaking mark of feed articles that are older than `BREAKING_LASTS`.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at, is_breaking=True)
    >>> [settle_breaking([ferry], now=at + timedelta(hours=age))[0].is_breaking for age in (2, 4)]
    [True, False]
    """
    return [
        replace(article, is_breaking=False)
        if article.is_breaking and not article.is_local and now - article.published > BREAKING_LASTS
        else article
        for article in articles
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedArticles:
    """Articles by whether they may air."""

    fit: tuple[Article, ...] = ()
    stale: tuple[Article, ...] = ()
    """Fit except for their age, and young enough to fill a short bulletin; also in `left`."""
    hints: tuple[Article, ...] = ()
    """Fresh live blogs, analyses and events of digests: unaired signs of their publishers' interest."""
    left: tuple[Left, ...] = ()


def screen_articles(
    articles: Iterable[Article],
    *,
    now: datetime,
    options: StoriesOptions,
    language: str,
    folder: Path | None = None,
) -> ScreenedArticles:
    """
    Sort articles into fit, old and unfit; `left` gives all reasons of each unfit one. `folder` holds the station's languages.

    Reports of a forecast for other parts of the day are dropped without a reason.

    docs/CHOICE.md, section 1, lists the reasons.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> text, options = "A ferry sank off Wexcombe on Monday, and two people died, police said.", StoriesOptions()
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks", summary="", text=text, published=at)
    >>> screened = screen_articles([ferry, replace(ferry, text="It sank.")], now=at, options=options, language="en")
    >>> screened.fit == (ferry,), screened.left[0].reason
    (True, 'too few words')
    """
    fit: list[Article] = []
    stale: list[Article] = []
    hints: list[Article] = []
    left: list[Left] = []
    for article in articles:
        untimely = _why_untimely(article, now=now)
        if article.is_forecast and untimely:
            continue  # a forecast has one report for each part of the day
        age = why_old(article, now=now, max_age_h=options.max_age_h)
        others = (
            untimely
            or _why_not_told(article, language)
            or why_never(article, options=options, language=language, folder=folder)
        )
        if not age and not others:
            fit.append(article)
            continue
        may_fill = age and not others and not why_old(article, now=now, max_age_h=oldest_h(options))
        if may_fill:
            stale.append(article)
        if not age:
            hints += _hints_in(
                article, others, why_never(article, options=options, language=language, folder=folder)
            )
        reason = "; ".join(filter(None, (age, others)))
        limit = "max_age_h" if may_fill else ""
        left.append(Left(title=article.title, reason=reason, article_id=article.id, limit=limit))
    return ScreenedArticles(fit=tuple(fit), stale=tuple(stale), hints=tuple(hints), left=tuple(left))


def _hints_in(article: Article, reason: str, never: str) -> list[Article]:
    """
    Hints at its publisher's news in an article that is dropped for its kind; a digest has one for each event.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"id": "1", "feed": "a", "summary": "", "text": "", "published": at}
    >>> digest = Article(title="Ferry sinks. And, nurses strike", **row)
    >>> [hint.title for hint in _hints_in(digest, _A_DIGEST, "")], _hints_in(digest, "no headline", "")
    (['Ferry sinks', 'nurses strike'], [])
    """
    if reason == _A_DIGEST:
        events = enumerate(split_digest(article.title))
        return [
            replace(article, id=f"{article.id}#{n}", title=event, summary="", text="") for n, event in events
        ]
    return [article] if reason == never else []


def oldest_h(options: StoriesOptions) -> float:
    """
    Greatest age in hours of news that fills a short bulletin; never older than the memory of aired stories.

    >>> oldest_h(StoriesOptions(max_age_h=24)), oldest_h(StoriesOptions(max_age_h=240))
    (48.0, 336.0)
    """
    return min(_MAY_BE_OLDER * options.max_age_h, max(options.max_age_h, _OLDEST_H))


def why_old(article: Article, *, now: datetime, max_age_h: float) -> str:
    """
    Reason "too old", or nothing; undated articles count as new, and the station's own have their own expiry.

    >>> from datetime import UTC
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="Gazette", title="Ferry sinks", summary="", text="", published=published)
    >>> why_old(article, now=published + timedelta(hours=30), max_age_h=24)
    'older than 24 hours (30 h)'
    """
    if (article.is_local and article.expires) or not article.is_dated:
        return ""
    hours = (now - article.published).total_seconds() / 3600
    return f"older than {max_age_h:g} hours ({hours:.0f} h)" if hours > max_age_h else ""


@lru_cache(maxsize=1024)
def _why_not_told(article: Article, language: str) -> str:
    """
    Reasons that do not depend on the clock: another language comes before an empty text.

    Cached, because a service meets the same entries every hour and with every station: half of the choice's
    time.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at)
    >>> _why_not_told(ferry, "en")
    'too few words'
    """
    return _why_garbled(article) or _why_foreign(article, language) or _why_empty(article)


def _why_untimely(article: Article, *, now: datetime) -> str:
    """
    Reason of the clock: expiry, an embargo that the article has or names, or a date ahead.

    Notes of an embargo match none of 604 articles; kept, because an embargo that is broken cannot be mended.

    >>> from datetime import UTC
    >>> now, text = datetime(2026, 11, 24, tzinfo=UTC), "EMBARGOED until Friday. The quay opens."
    >>> _why_untimely(Article(id="1", feed="PR", title="Quay opens", summary="", text=text, published=now), now=now)
    'under embargo by its own words'
    >>> notes = ("EMBARGO: Friday", "Under embargo until Friday.", "Not for publication before Friday")
    >>> [bool(_EMBARGO.search(note)) for note in notes]
    [True, True, True]
    """
    if article.expires and article.expires <= now:
        return "has expired"
    if article.not_before and article.not_before > now:
        return f"under embargo until {article.not_before:%d %b %H:%M} UTC"
    slack = timedelta(0) if article.is_local else _SLACK
    if article.published > now + slack:
        return "dated in the future"
    if not article.is_local and _EMBARGO.search(f"{article.title}\n{_words(article)[:_HEAD_CHARS]}"):
        return "under embargo by its own words"
    return ""


def _why_empty(article: Article) -> str:
    """
    Reason that there is nothing to tell: no headline, too few words, a digest, or only a list.

    The station's own stories, travel and weather are terse, so three words are enough and their form is free.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="Ferry", summary="", text="It sank today.", published=at)
    >>> _why_empty(ferry), _why_empty(replace(ferry, category="travel")), _why_empty(replace(ferry, title=""))
    ('too few words', '', 'no headline')
    """
    text = _words(article)
    terse = article.is_local or article.section in (Section.TRAVEL, Section.WEATHER)
    if not article.title.strip():
        return "no headline"
    if len(text.split()) < (_FEWEST_OWN_WORDS if terse else _FEWEST_WORDS):
        return "too few words"
    if terse:
        return ""
    if len(split_digest(article.title)) > 1:
        return _A_DIGEST
    return "only a list" if _is_list(text) else ""


def _is_list(text: str) -> bool:
    r"""
    Whether most words stand in short lines without a sentence's end, or no line of several ends a sentence.

    None of 604 articles, which leave lists out, and 36 of 884 entries of recorded feeds.

    >>> _is_list("Ferries\nTrains\nBuses"), _is_list("The ferry sank. Two are safe.")
    (True, False)
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) >= 3 and not any(_SENTENCE_END.search(line) for line in lines):
        return True
    short = [line for line in lines if len(line.split()) <= 12 and not _SENTENCE_END.search(line)]
    return len(short) >= 4 and sum(len(line.split()) for line in short) >= 0.6 * len(text.split())


def _why_garbled(article: Article) -> str:
    """
    Reason against a title or a whole text in the wrong encoding, which could not be repaired.

    None of 604 articles; kept, because a voice reads every wrong letter.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="F\N{REPLACEMENT CHARACTER}hre sinkt", summary="", text="", published=at)
    >>> _why_garbled(ferry), _why_garbled(replace(ferry, title="Fähre sinkt"))
    ('garbled letters: the feed or page has the wrong encoding', '')
    """
    if not any(map(has_wrong_encoding, (article.title, _words(article)))):
        return ""
    return "garbled letters: the feed or page has the wrong encoding"


def _why_foreign(article: Article, language: str) -> str:
    """
    Reason "in another language", by the words and not by the feed's label.

    The station's own stories may be in any language.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> text = "Die Fähre ist am Montag vor der Küste gesunken, und zwei Menschen sind dabei gestorben."
    >>> ferry = Article(id="1", feed="a", title="", summary="", text=text, published=at)
    >>> _why_foreign(ferry, "en"), _why_foreign(ferry, "de")
    ('in another language', '')
    """
    if article.is_local:
        return ""
    text = f"{article.title}. {_words(article)}"
    return "in another language" if is_foreign(text, language=language, tagged=article.language) else ""


def _words(article: Article) -> str:
    """
    Words of an article: its text, else its summary.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> _words(Article(id="1", feed="a", title="Ferry", summary="It sank.", text="", published=at))
    'It sank.'
    """
    return article.text or article.summary
