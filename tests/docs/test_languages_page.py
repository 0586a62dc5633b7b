"""The language that docs/LANGUAGES.md builds is a language, and says its cases."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.profile_options import StoriesOptions
from bulletin.diagnostics.grade_language import grade_language
from bulletin.editing.edit_non_english_articles import tell_as_printed
from bulletin.errors import ConfigError
from bulletin.language.load_station_phrases import load_phrases
from bulletin.model import Article
from bulletin.script.validate_language_files import check_language
from bulletin.stories.newsworthiness.hard_or_soft_news import why_never
from tests.support.example_language import PAGE, write_example_language
from tests.support.factories import make_article


@pytest.mark.slow
def test_the_example_of_a_seventh_language_is_graded_as_printed(tmp_path: Path) -> None:
    names = write_example_language(tmp_path)

    grade = grade_language("sv", folder=tmp_path)

    assert names == [f"sv/{name}.toml" for name in ("phrases", "words", "genres", "news", "cases")]
    assert (grade.wrong, grade.right) == ((), 13)
    told = [
        f"{finding.verdict.value:<8} {finding.part}  {finding.message}".rstrip() for finding in grade.findings
    ]
    printed = PAGE.partition("--language sv --languages languages\n")[2].partition("```")[0].splitlines()
    assert [line for line in printed if line != "..." and line not in told and "voice" not in line] == []


def test_the_lists_of_a_seventh_language_decide_what_is_told(tmp_path: Path) -> None:
    write_example_language(tmp_path)
    text = (
        "Färjan Anna sjönk utanför Wexum i natt och två personer dog.\n"
        "– Jag grät. Vi är ledsna, säger kaptenen Ann Fox från rederiet.\n"
        "Polisen utreder nu hur färjan kunde gå på grund. Foto: Ann Fox\n"
        "Polisen i Wexum har förhört två män från besättningen."
    )
    ferry = make_article(title="Färja sjönk", summary="", text=text)

    told = tell_as_printed(ferry, phrases=load_phrases("sv", folder=tmp_path)).pieces

    assert [" ".join(piece.sentences) for piece in told] == [
        "Färjan Anna sjönk utanför Wexum i natt och två personer dog.",
        "Vi är ledsna, säger kaptenen Ann Fox från rederiet.",
        "Polisen i Wexum har förhört två män från besättningen.",
    ]


def test_the_genres_of_a_seventh_language_refuse_its_columns(tmp_path: Path) -> None:
    write_example_language(tmp_path)
    published = datetime(2026, 11, 24, tzinfo=UTC)
    column = Article(id="1", feed="a", title="Debatt: Höj taxan", summary="", text="", published=published)

    reasons = [
        why_never(column, options=StoriesOptions(), language="sv", folder=folder)
        for folder in (tmp_path, None)
    ]

    assert reasons == ["opinion: the headline has “debatt:”", ""]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[never.opinion]\nheadline = ['x']", '2: [never.opinion] "headline" is an unknown list'),
        ("[soft.opinion]\nsections = ['x']", "1: [soft.opinion] must be [never.opinion]"),
        ("[never.horoscope]\nsections = ['x']", "1: [never.horoscope] is an unknown kind"),
        ("[never.opinion]\nwrites = ['(x']", '2: [never.opinion] "writes" is not a regular expression'),
    ],
)
def test_a_mistake_in_genres_is_told_with_its_line(tmp_path: Path, table: str, message: str) -> None:
    write_example_language(tmp_path)
    (tmp_path / "sv" / "genres.toml").write_text(table, encoding="utf-8")

    with pytest.raises(ConfigError, match=re.escape(f"genres.toml:{message}")):
        check_language("sv", folder=tmp_path)
