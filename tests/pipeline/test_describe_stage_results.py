"""Summaries of the stages of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.model import Chosen, Reason, Story
from bulletin.pipeline.describe_stage_results import (
    counted,
    describe_relaxed_limits,
    describe_unread,
    summarize_choice,
    summarize_mix,
    unread_of,
)
from tests.support.factories import make_article, make_bulletin, make_script, make_story, make_story_script


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [(1, ("feed",), "1 feed"), (2, ("feed",), "2 feeds"), (0, ("story", "stories"), "0 stories")],
)
def test_a_count_has_its_singular_or_plural(number: int, words: tuple[str, ...], text: str) -> None:
    assert counted(number, *words) == text


def test_relaxed_limits_are_listed_with_their_stories() -> None:
    def gave_way(name: str, limit: str) -> Story:
        reason = Reason(name="reserve", value=0.0, note=f"{limit} gave way: the bulletin would be short")
        return make_story(make_article(id=name), reasons=(reason,))

    chosen = Chosen(
        stories=(make_story(), gave_way("a", "most"), gave_way("b", "most"), gave_way("c", "repeats"))
    )

    assert describe_relaxed_limits(chosen) == (
        "[stories] most gave way: the bulletin would be short (2 more stories)",
        "[stories] repeats gave way: the bulletin would be short (1 more story)",
    )
    assert describe_relaxed_limits(Chosen(stories=(make_story(),))) == ()
    assert summarize_choice(chosen) == "4 stories, 0 left out"


@pytest.mark.parametrize(("duration_s", "text"), [(119.97, "2:00.0"), (59.94, "0:59.9"), (120.0, "2:00.0")])
def test_a_length_is_rounded_before_it_is_split_into_minutes(duration_s: float, text: str) -> None:
    bulletin = make_bulletin(Path("a.mp3"))
    rendition = replace(bulletin.renditions[0], duration_s=duration_s)

    assert summarize_mix(replace(bulletin, renditions=(rendition,))).startswith(f"podcast: {text},")


def test_an_unread_sentence_is_noted_under_the_title_of_its_story() -> None:
    item = make_story_script(unread=('text in two scripts (...): "The firm 华为 sank."',))

    notes = describe_unread(make_script(item))

    assert notes == (f'"{item.story.title}": sentence left out, {item.unread[0]}',)
    assert unread_of(("archive copied", *notes), item.cuts[0]) == item.unread
