"""Floors under the words: openly licensed articles, told as a bulletin would; raise them, never lower."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bulletin.editing.boilerplate.strip_boilerplate import strip_boilerplate
from bulletin.editing.edit_article_for_radio import tell_article
from bulletin.editing.edited_article import Telling
from bulletin.editing.lint_script import lint_story
from bulletin.language.load_spoken_phrases import load_phrases
from bulletin.language.split_sentences import count_words
from bulletin.rewriter.guard.find_wrong_names_and_speakers import find_strange_names
from bulletin.rewriter.guard.find_wrong_numbers import find_wrong_figures
from tests.support.factories import make_article

MESSY = Path(__file__).parents[1] / "data" / "script" / "messy.toml"
CLEAN_BODIES = 1.0
"""Share of the invented messy articles of which nothing forbidden is told and nothing required is lost."""
ARTICLES = Path(__file__).parents[1] / "data" / "script" / "open_articles.jsonl"

MOST_WARNINGS = 2.0
"""Sentences of a story that could be better: whole ones are longer than those that were cut."""
BREATH = 25
"""Words that can be read in one breath."""
_MARKS = re.compile(r"[\"“”()\[\]{}<>*_~^\\|…]|\.{3}|--")
_LOOSE_DAY = re.compile(r"\b(?:yesterday|tomorrow|last (?:night|week|month)|next week)\b", re.IGNORECASE)
_SAID_LAST = re.compile(
    r", (?:[A-Z][\w'’.-]+ ){0,3}(?:he |she |they |police |officials )?(?:said|says|added|told \w+)\.$"
)
FEWEST_TOLD = 0.36
"""
Share of the articles that are told where there is news enough, from one sentence on: eleven of thirty.

The rest are notices of a government, features, a column, and reports under a date line and a caption whose first
sentences a listener cannot place. It is a floor under this small file, and says nothing of how many of a day's news
are told: `python -m bench.reading tell` counts those.
"""


@pytest.fixture(scope="module")
def tellings() -> list[Telling]:
    lines = ARTICLES.read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    phrases = load_phrases("en-GB")
    return [
        tell_article(make_article(title=item["title"], text=item["text"], is_dated=False), phrases=phrases)
        for item in articles
    ]


@pytest.mark.slow
def test_no_story_holds_what_a_newsreader_would_refuse(tellings: Sequence[Telling]) -> None:
    assert [remark for said in _first_words(tellings) for remark in lint_story(said)] == []


@pytest.mark.slow
def test_warnings_stay_under_the_floor(tellings: Sequence[Telling]) -> None:
    found = [text for said in _first_words(tellings) for text in said if _is_hard(text)]
    assert len(found) / len(tellings) <= MOST_WARNINGS


def test_every_fact_stands_in_the_article(tellings: Sequence[Telling]) -> None:
    for telling in tellings:
        for piece in telling.pieces:
            origins = [origin.text for origin in piece.origins]
            for sentence in piece.sentences:
                assert find_strange_names(sentence, origins) == ()
                assert find_wrong_figures(sentence, origins, small=frozenset()) == ()


def test_the_articles_that_open_clearly_are_told(tellings: Sequence[Telling]) -> None:
    told = [telling for telling in tellings if telling.pieces]

    assert len(told) / len(tellings) >= FEWEST_TOLD


def test_nothing_of_a_page_is_told_and_nothing_of_the_news_is_lost() -> None:
    bodies = tomllib.loads(MESSY.read_text(encoding="utf-8"))["articles"]
    phrases = load_phrases("en-GB")
    wrong = []
    for item in bodies:
        article = make_article(title=item["title"], text=item["body"], is_dated=False)
        told = " ".join(
            sentence
            for piece in tell_article(article, phrases=phrases).pieces
            for sentence in piece.sentences
        )
        kept = " ".join(strip_boilerplate(item["body"], title=item["title"]))
        spoken = [bad for bad in item["forbidden"] if bad in told or bad in kept]
        lost = [good for good in item["required"] if good not in kept]
        if spoken or lost:
            wrong.append(f"{item['title']}: told {spoken}, lost {lost}")

    assert 1 - len(wrong) / len(bodies) >= CLEAN_BODIES, "\n".join(wrong)


def _first_words(tellings: Sequence[Telling]) -> Iterator[list[str]]:
    """Ninety or so words of each story."""
    for telling in tellings:
        sentences: list[str] = []
        for piece in telling.pieces:
            if sum(map(count_words, sentences)) < 70:
                sentences += piece.sentences
        yield sentences


def _is_hard(text: str) -> bool:
    """Whether a sentence could be better: longer than a breath, or with marks, loose days or its speaker last."""
    return count_words(text) > BREATH or bool(
        _MARKS.search(text) or _LOOSE_DAY.search(text) or _SAID_LAST.search(text)
    )
