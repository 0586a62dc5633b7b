"""docs/FAULTS.md against the table of faults that the tests use."""

from __future__ import annotations

from pathlib import Path

from tests.faults.cases import CASES, render

FAULTS = Path(__file__).parents[1] / "faults"
PAGE = FAULTS.parents[1] / "docs" / "FAULTS.md"


def test_the_page_matches_the_table() -> None:
    """`python -m tests.faults.cases > docs/FAULTS.md` writes the page again."""
    assert PAGE.read_text(encoding="utf-8") == render()


def test_every_case_has_a_test() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in FAULTS.glob("test_on_air*.py"))
    for room, cases in CASES.items():
        assert f'"{room}"' in sources
        for name in cases:
            stem, _, stage = name.partition(" ")
            assert f'"{name}"' in sources or f'f"{stem} {{stage}}"' in sources, (room, name)
            assert stage is not None
