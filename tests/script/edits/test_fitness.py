from __future__ import annotations

import pytest

from bulletin.script.edits.fitness import binds, is_heavy, why_unfit


@pytest.mark.parametrize(
    "text",
    [
        "Who will pay for the bridge?",
        "We have asked for more money.",
        "You can see the plans in the library.",
        "Click the map to see the roads.",
        "The club announced it @wexcombetown.",
        "Read it at www.example.org today.",
        "The new road and the.",
        "The view from the bridge.",
        "Delighted: The team with the cup.",
        "The road is closed",
        " ".join(["word"] * 40) + " was closed.",
    ],
)
def test_what_a_newsreader_would_refuse(text: str) -> None:
    assert why_unfit(text, is_first=False)


@pytest.mark.parametrize(
    "text",
    [
        "He was taken to hospital.",
        "It is closed.",
        "This was the third fire of the week.",
        "As a result, the school is shut.",
        "For years, they waited for a bus.",
    ],
)
def test_a_story_does_not_open_on_what_was_not_said(text: str) -> None:
    assert why_unfit(text, is_first=True)


def test_the_same_may_come_second() -> None:
    assert why_unfit("He was taken to hospital.", is_first=False) == ""


def test_a_sentence_that_binds_needs_the_one_before() -> None:
    assert binds("For example, the pool is shut.")
    assert not binds("Ministers met on Monday.")


def test_a_long_sentence_is_heavy() -> None:
    assert is_heavy("a " * 26 + ".")
    assert not is_heavy("The road is closed.")
