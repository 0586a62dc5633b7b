"""The language that docs/LANGUAGES.md builds is a language, and says its cases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bulletin.diagnostics.grade_language import grade_language
from bulletin.editing.edit_non_english_articles import tell_as_printed
from bulletin.language.load_station_phrases import load_phrases
from bulletin.model import Article
from tests.support.example_language import PAGE, write_example_language


def test_the_example_of_a_seventh_language_is_graded_as_printed(tmp_path: Path) -> None:
    names = write_example_language(tmp_path)

    grade = grade_language("sv", folder=tmp_path)

    assert names == ["sv/phrases.toml", "sv/words.toml", "sv/cases.toml"]
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
    ferry = Article(
        id="1",
        feed="a",
        title="Färja sjönk",
        summary="",
        text=text,
        published=datetime(2026, 11, 24, tzinfo=UTC),
    )

    told = tell_as_printed(ferry, phrases=load_phrases("sv", folder=tmp_path)).pieces

    assert [" ".join(piece.sentences) for piece in told] == [
        "Färjan Anna sjönk utanför Wexum i natt och två personer dog.",
        "Vi är ledsna, säger kaptenen Ann Fox från rederiet.",
        "Polisen i Wexum har förhört två män från besättningen.",
    ]
