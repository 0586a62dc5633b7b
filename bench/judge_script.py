"""Functions for judges: the words of one article as a bulletin would have them, and the events of headlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bulletin.articles.markup.html_to_text import plain_text
from bulletin.articles.pages.extract_text import read_page
from bulletin.editing.edit_article_for_radio import tell_article
from bulletin.editing.sentence_model.airable_sentence_classifier import LENIENT
from bulletin.language.load_station_phrases import load_phrases
from bulletin.model import Article
from bulletin.script.write_script import count_fitting
from bulletin.stories.grouping.group_articles import group_articles

_PAGE = re.compile(r"<(?:div|article|section|main|header)\b", re.IGNORECASE)


def shorten(title: str, text: str, max_words: int = 90, min_words: int = 60) -> str:
    """Tell an article of unknown date in about `min_words` to `max_words` words; markup is read first."""
    article = Article(
        id="judged",
        feed="judged",
        title=title,
        summary="",
        text=_plain(title, text),
        published=datetime(2026, 1, 1, tzinfo=UTC),
        is_dated=False,
    )
    # a bulletin of one story is short: the thresholds are the lowest
    pieces = tell_article(article, phrases=load_phrases("en-GB"), thresholds=LENIENT).pieces
    count = count_fitting(
        [piece.words for piece in pieces], min_words + (max_words - min_words) * 0.3, most=max_words
    )
    return " ".join(sentence for piece in pieces[:count] for sentence in piece.sentences)


def group(titles: Sequence[str], times: Sequence[float | None]) -> Sequence[int]:
    """The event of each headline, as a number; `times` are epoch seconds."""
    return group_articles(titles, times).events


def _plain(title: str, text: str) -> str:
    if "<" not in text:
        return text
    if _PAGE.search(text):
        page = read_page(text.encode(), title=title, charset="utf-8")
        if page.text:
            return page.text
    return plain_text(text)
