"""Every shipped language says its cases; the grade of a folder tells what is missing and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.diagnostics.grade_language import FEWEST_CASES, grade_language
from bulletin.language.language_folders import base_of, shipped_folder, shipped_languages

GRADED = [tag for tag in shipped_languages() if (shipped_folder() / tag / "cases.toml").is_file()]


VARIETIES = ["de-AT", "de-CH", "es-MX", "fr-BE", "fr-CA", "fr-CH", "it-CH", "nl-BE"]
"""Varieties without a folder of cases of their own, which docs/LANGUAGES.md names."""


@pytest.mark.slow
@pytest.mark.parametrize("language", [*GRADED, *VARIETIES])
def test_a_shipped_language_is_complete_and_says_its_cases(language: str) -> None:
    grade = grade_language(language, folder=None)

    assert grade.wrong == ()
    assert grade.right >= FEWEST_CASES
    assert [f"{f.part}: {f.message}" for f in grade.findings if f.verdict != "ok"] == []


@pytest.mark.parametrize("language", GRADED)
def test_a_shipped_language_has_every_text_of_the_listener_pages(language: str) -> None:
    english = {name: list(table) for name, table in _tables(shipped_folder() / "en" / "pages.toml").items()}
    pages = _tables(shipped_folder() / base_of(language) / "pages.toml")

    assert [word for word in english["words"] if not pages["words"].get(word)] == []


@pytest.mark.slow
def test_a_wrong_case_is_told_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "en-GB"
    folder.mkdir()
    cases = '[[case]]\nkind = "number"\ntext = "21 boats"\nsays = "twenty boats"\nsource = "CLDR"\n'
    (folder / "cases.toml").write_text(cases, encoding="utf-8")

    grade = grade_language("en-GB", folder=tmp_path)

    assert grade.wrong == (
        f"{folder / 'cases.toml'}:1: number '21 boats' is said 'twenty-one boats', not 'twenty boats'",
    )
    assert [f.message for f in grade.findings if f.part == "cases"] == ["0 of 1 right"]


def _tables(path: Path) -> dict[str, dict[str, str]]:
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_words_are_shown_as_they_are_spoken() -> None:
    findings = {f.part: f.message for f in grade_language("de", folder=None).findings}

    assert findings["opening"] == "Guten Abend. Es ist achtzehn Uhr dreißig. Die Nachrichten von Radio Nova."
    assert findings["time check"] == "18:30 is achtzehn Uhr dreißig"
    assert findings["times"] == '"um 18.30 Uhr" is "um achtzehn Uhr dreißig"'


def test_a_list_of_editing_that_a_folder_lacks_is_named_with_its_effect(tmp_path: Path) -> None:
    german = (shipped_folder() / "de" / "phrases.toml").read_text(encoding="utf-8")
    (tmp_path / "de-XX").mkdir()
    own = german.replace("\ncaptions =", "\n# captions =").replace("\ndefinite =", "\n# definite =")
    (tmp_path / "de-XX" / "phrases.toml").write_text(own, encoding="utf-8")

    found = {f.part: (f.verdict, f.message) for f in grade_language("de-XX", folder=tmp_path).findings}

    lacking = (
        "phrases.toml has no list [language] \"captions\": 'Read more' and captions of pictures are read out"
    )
    assert found["furniture"] == ("warning", lacking)
    assert found["references"][1].startswith('phrases.toml has no list [language] "definite": a sentence')
    assert found["writer"][0] == "ok"
