"""Corrections in a bulletin that is aired again: exactly the words that were wrong are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bulletin.edits.correct_aired_words import (
    ChangedWords,
    apply_corrections,
    base_edit,
    edits_of_correction,
)
from bulletin.model import Edit, Passage, Role, Sentence
from tests.support.factories import NOW

SIX, FIVE = "Six people died.", "Five people died."
OTHER = "The driver was not hurt."


def passage(*texts: str, role: Role = Role.STORY, story: str = "crash", title: str = "Six die") -> Passage:
    sentences = tuple(Sentence(text=text, spoken=text) for text in texts)
    return Passage(role=role, sentences=sentences, story_id=story, title=title)


def edits(aired: Sequence[Passage], changes: dict[str, str]) -> tuple[Edit, ...]:
    base = base_edit(
        station="hill", editor="ann", made_at=NOW, key="k", story_id="crash", title="Six die", ids=["crash"]
    )
    changed = [ChangedWords(aired=old, text=new) for old, new in changes.items()]
    return edits_of_correction(aired, changed, base=base, details={"corrects": [1]})


def hold(aired: Sequence[Passage], corrections: Sequence[Edit]) -> tuple[Passage, ...]:
    return apply_corrections(aired, corrections, say=lambda text, _: text.lower())


def test_the_new_words_stand_in_place_of_the_old_ones_and_only_in_that_story() -> None:
    aired = [passage(SIX, OTHER), passage(SIX, story="fire", title="Fire")]
    held = hold(aired, edits(aired, {SIX: FIVE}))

    assert [s.text for s in held[0].sentences] == [FIVE, OTHER]
    assert (held[0].sentences[0].spoken, held[0].sentences[0].editor) == (FIVE.lower(), "ann")
    assert held[1] == aired[1]


def test_a_second_time_changes_nothing() -> None:
    aired = [passage(SIX, OTHER)]
    corrections = edits(aired, {SIX: f"{FIVE} One is missing."})
    once = hold(aired, corrections)

    assert [s.text for s in once[0].sentences] == [FIVE, "One is missing.", OTHER]
    assert hold(once, corrections) == once


@pytest.mark.parametrize(("texts", "left"), [((SIX, OTHER), 1), ((SIX,), 0)])
def test_a_sentence_is_left_out_and_an_empty_passage_too(texts: tuple[str, ...], left: int) -> None:
    aired = [passage(*texts)]
    held = hold(aired, edits(aired, {SIX: ""}))

    assert [s.text for one in held for s in one.sentences] == [OTHER][:left]


def test_a_new_headline_is_the_title_of_the_story_too() -> None:
    aired = [passage("Six die.", role=Role.HEADLINE), passage(SIX)]
    held = hold(aired, edits(aired, {"Six die.": "Five die."}))

    assert [one.title for one in held] == ["Five die", "Five die"]
    assert held[1].sentences == aired[1].sentences


def test_later_corrections_win() -> None:
    aired = [passage(SIX)]
    first, second = (edits(aired, {SIX: text})[0] for text in (FIVE, "Four people died."))
    held = hold(aired, [replace(second, id=2), replace(first, id=1)])

    assert held[0].text == "Four people died."
