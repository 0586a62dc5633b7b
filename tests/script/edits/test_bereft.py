"""Nothing is left out by which alone a listener knows of whom the rest speaks."""

from __future__ import annotations

import pytest

from bulletin.script.edits.bereft import is_bereft
from bulletin.script.edits.trim import trim


def test_her_needs_the_opening_that_names_her() -> None:
    text = (
        "In further trouble for the ferry owner's daughter Joan Pike, the Harbour Board has decided to seize a "
        "boat house owned by her in the old town of Wexcombe this week."
    )

    assert trim(text, most=18) == text


def test_an_opening_that_names_nobody_of_the_rest_may_go() -> None:
    text = (
        "In a long talk with the editor of a Wexcombe weekly, Pike told of her plans for the ferry and for "
        "the old boat house on the quay."
    )

    assert trim(text, most=20).startswith("Pike told of her plans")


def test_the_singer_needs_the_aside_that_names_her() -> None:
    text = (
        "Ferryman and rower Guy Hale, who rowed in a race with Joan Pike's crew in Wexcombe, has thanked the "
        "singer for the warm welcome that he had during his week in the town."
    )

    assert "Joan Pike" in trim(text, most=20)


@pytest.mark.parametrize(
    ("gone", "rest"),
    [
        ("who once rowed with Guy Hale", "has thanked the town for its welcome"),
        ("who once rowed with Guy Hale", "has thanked the singer Hale"),
        ("In a talk with Guy Hale", "Fox spoke of his plans"),
        ("In a talk with Guy Hale", "a farmer spoke of his plans"),
    ],
)
def test_nobody_is_missed_who_is_still_told(gone: str, rest: str) -> None:
    assert not is_bereft(gone, rest)
