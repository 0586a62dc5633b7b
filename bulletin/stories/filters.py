"""Articles -> those that are fit to be told, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bulletin.config.options import StoriesOptions
from bulletin.model import Article, Left, Section, Story
from bulletin.stories.language import is_foreign

_SLACK = timedelta(minutes=90)
"""Clocks of publishers are wrong, and summer time is often taken for UTC; beyond that it is an embargo."""
_FEWEST_WORDS = 8
_FEWEST_OWN_WORDS = 3
"""Of the station's own stories, and of travel and weather, which are terse."""

_LIVE = re.compile(
    r"\blive\s*(?:[:|–—-]|updates?\b|blog\b|coverage\b|reporting\b|text\b)|[:|–—-]\s*live\b(?!-)"
    r"|\bas it happened\b|\bminute[- ]by[- ]minute\b|\brolling coverage\b|\blist of key events\b",
    re.IGNORECASE,
)
_NO_NEWS = {
    "pictures or video": (
        r"\bin (?:pictures|photos|pics)\b",
        r"^(?:photos|pictures|gallery|watch|video|listen)\s*[:|–—-]",
        r"[|–—-]\s*(?:video|audio|podcast|gallery|photos|pictures)\W*$",
        r"^your pictures\b",
    ),
    "a puzzle": (
        r"\b(?:crossword|sudoku|wordle|horoscopes?)\b",
        r"^quiz\b|\bquiz\s*[:|]|[:|]\s*(?:\w+ )?quiz\b|\bquiz of the\b",
    ),
    "opinion": (
        r"^(?:opinion|comment|editorial|letters?|column|analysis|the papers|viewpoint|review)\s*[:|–—-]",
        r"^letters to the editor|\bnewspaper headlines\b",
        r"[|:]\s*(?:opinion|letters|editorial)\W*$",
    ),
    "advice or shopping": (
        r"^\d+ (?:\w+ ){0,3}(?:things|ways|reasons|tips|takeaways|facts|places|walks|recipes|gifts)\b",
        r"\bhow to watch\b|\bgift guide\b|\bdiscount codes?\b|\brecipe\s*[:|]",
        r"\b(?:daily|today's|best) deals\b",
    ),
    "the publisher's own": (
        r"\bnewsletter\b|\bnews app\b|\bis hiring an?\b|\bevening news\W*$",
        r"^(?:sponsored|advertis(?:ement|orial)|paid content|sign up|subscribe)\b",
        r"^(?:competition|win)\s*[:|!]",
    ),
}
_NOT_NEWS = {reason: re.compile("|".join(patterns), re.IGNORECASE) for reason, patterns in _NO_NEWS.items()}
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")


def screen_articles(
    articles: Iterable[Article], *, now: datetime, options: StoriesOptions, language: str
) -> tuple[list[Article], list[Left]]:
    """Part what can be told from what can't; every one that is left out says why."""
    fit: list[Article] = []
    left: list[Left] = []
    for article in articles:
        reason = why_unfit(article, now=now, options=options, language=language)
        if reason:
            left.append(Left(title=article.title, reason=reason, article_id=article.id))
        else:
            fit.append(article)
    return fit, left


def why_unfit(article: Article, *, now: datetime, options: StoriesOptions, language: str) -> str:
    """The first reason against an article, or nothing. An article without a date counts as new."""
    return (
        _why_untimely(article, now=now, max_age_h=options.max_age_h)
        or _why_empty(article)
        or _why_no_news(article)
        or _why_foreign(article, language)
    )


def kill_stories(stories: Iterable[Story], kill: Sequence[str]) -> tuple[list[Story], list[Left]]:
    """Take out every story of which any article holds a word, a link or an id of the editor's list."""
    kept: list[Story] = []
    left: list[Left] = []
    rules = [(entry, _whole_words(entry)) for entry in (rule.strip() for rule in kill) if entry]
    for story in stories:
        hit = next(
            (entry for entry, words in rules for article in story.articles if _is_hit(article, entry, words)),
            None,
        )
        if hit is None:
            kept.append(story)
        else:
            reason = f'on the kill list: "{hit}"'
            left.append(Left(title=story.title, reason=reason, article_id=story.best.id))
    return kept, left


def _why_untimely(article: Article, *, now: datetime, max_age_h: float) -> str:
    if article.expires and article.expires <= now:
        return "its time is over"
    slack = timedelta(0) if article.is_local else _SLACK
    if article.published > now + slack:
        return "not to be told yet"
    # The station's own story says itself how long it lives.
    if article.is_local and article.expires:
        return ""
    if article.is_dated and article.published < now - timedelta(hours=max_age_h):
        hours = (now - article.published).total_seconds() / 3600
        return f"older than {max_age_h:g} hours ({hours:.0f} h)"
    return ""


def _why_empty(article: Article) -> str:
    text = article.text or article.summary
    terse = article.is_local or article.section in (Section.TRAVEL, Section.WEATHER)
    if not article.title.strip():
        return "no headline"
    if len(text.split()) < (_FEWEST_OWN_WORDS if terse else _FEWEST_WORDS):
        return "too short to tell"
    return ""


def _why_no_news(article: Article) -> str:
    if article.is_local or article.section in (Section.TRAVEL, Section.WEATHER):
        return ""
    if _LIVE.search(article.title):
        return "a live blog"
    for reason, pattern in _NOT_NEWS.items():
        if pattern.search(article.title):
            return f"no news: {reason}"
    return "only a list" if _is_list(article.text or article.summary) else ""


def _is_list(text: str) -> bool:
    """Whether most words stand in short lines that end like no sentence, or none of several lines does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) >= 3 and not any(_SENTENCE_END.search(line) for line in lines):
        return True
    short = [line for line in lines if len(line.split()) <= 12 and not _SENTENCE_END.search(line)]
    return len(short) >= 4 and sum(len(line.split()) for line in short) >= 0.6 * len(text.split())


def _why_foreign(article: Article, language: str) -> str:
    if article.is_local:
        return ""
    text = f"{article.title}. {article.text or article.summary}"
    return "in another language" if is_foreign(text, language=language, tagged=article.language) else ""


def _whole_words(entry: str) -> re.Pattern[str]:
    spaced = r"\s+".join(re.escape(word) for word in entry.split())
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)


def _is_hit(article: Article, entry: str, words: re.Pattern[str]) -> bool:
    names = (article.id, article.link, *article.aliases)
    if entry in names or (entry.startswith(("http://", "https://")) and _bare(entry) in map(_bare, names)):
        return True
    return any(words.search(text) for text in (article.title, article.summary, article.text))


def _bare(link: str) -> str:
    """An address without scheme, www, query, fragment and last slash."""
    parts = urlsplit(link)
    return parts.netloc.removeprefix("www.").casefold() + parts.path.rstrip("/")
