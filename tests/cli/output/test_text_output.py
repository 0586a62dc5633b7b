"""Output of `bulletin script --why`: scores of stories, and reasons of dropped ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.making.script import command as script
from bulletin.cli.output.text_output import left_lines, story_lines
from bulletin.model import Left, Reason
from tests.support.factories import make_article, make_story


def test_each_story_shows_its_score_its_terms_and_its_sources() -> None:
    story = make_story(
        make_article(),
        make_article(id="b", credit="", feed="herald"),
        score=4.5,
        reasons=(
            Reason(name="sources", value=2.0, note="2 sources"),
            Reason(name="weight", value=2.5, note="trust 1.25"),
            Reason(name="light", value=0.0, note="kept for the end"),
        ),
    )

    assert [f"{bright} {dim}".rstrip() for bright, dim in story_lines([story])] == [
        " 1. Bridge over the Wex closes for repairs (news, 4.50, id gazette:1)",
        "       from the Wexcombe Gazette, herald",
        "      sources       +2.00  2 sources",
        "      weight        +2.50  trust 1.25",
        "      light                kept for the end",
    ]


def test_dropped_stories_are_listed_with_reasons() -> None:
    left = [Left(title="Town live", reason="a live blog", article_id="g:7"), Left(title="B", reason="why")]

    assert list(left_lines(left)) == [
        ("  a live blog", "(1)"),
        ("    Town live", "id g:7"),
        ("  why", "(1)"),
        ("    B", ""),
    ]


def test_a_long_group_is_cut_unless_everything_is_wanted() -> None:
    left = [Left(title=f"T{n}", reason=f"no room; {n}") for n in range(9)]

    cut = list(left_lines(left))

    assert cut[:2] == [("  no room", "(9)"), ("    T0", "0")]
    assert cut[-1] == ("    ... and 4 more", "--all lists them")
    assert len(list(left_lines(left, everything=True))) == 10


@pytest.mark.slow
def test_the_demo_explains_itself(tmp_path: Path) -> None:
    result = CliRunner().invoke(script, ["demo", "--length", "5:00", "--why", "--output", str(tmp_path)])

    assert result.exit_code == 0, result.output
    page = result.output.partition("Why these stories")[2]
    assert "docs/CHOICE.md" in page
    assert "freshness" in page
    assert "kept for the end" in page
    assert "no room" in page.partition("Left out")[2]
