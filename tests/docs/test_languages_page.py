"""The language that docs/LANGUAGES.md builds is a language, and says its cases."""

from __future__ import annotations

from pathlib import Path

from bulletin.diagnostics.grade_language import grade_language
from tests.support.example_language import PAGE, write_example_language


def test_the_example_of_a_seventh_language_is_graded_as_printed(tmp_path: Path) -> None:
    names = write_example_language(tmp_path)

    grade = grade_language("sv", folder=tmp_path)

    assert names == ["sv/phrases.toml", "sv/words.toml", "sv/cases.toml"]
    assert (grade.wrong, grade.right) == ((), 11)
    told = [
        f"{finding.verdict.value:<8} {finding.part}  {finding.message}".rstrip() for finding in grade.findings
    ]
    printed = PAGE.partition("--language sv --languages languages\n")[2].partition("```")[0].splitlines()
    assert [line for line in printed if line != "..." and line not in told and "voice" not in line] == []
