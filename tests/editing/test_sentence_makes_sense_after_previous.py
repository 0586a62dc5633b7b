"""Sentences that follow from what a listener has heard."""

from __future__ import annotations

import pytest

from bulletin.editing.context.find_unintroduced_names import find_unheard_name, names_in
from bulletin.editing.sentence_makes_sense_after_previous import (
    is_understood_after,
    reverses_previous,
    stands_alone,
)

HEARD = "Two men have been held after a fire at a warehouse in Wexcombe. The owner, Ann Fox, was hurt."


@pytest.mark.parametrize(
    "text",
    [
        "The fire brought down the roof of the warehouse.",
        "Police in Wexcombe said the fire was still burning.",
        "The owner of the warehouse was taken to hospital.",
        "The government will pay for the fire.",
    ],
)
def test_a_sentence_about_the_known_story_follows(text: str) -> None:
    assert is_understood_after(text, heard=HEARD, before=HEARD)


@pytest.mark.parametrize(
    "text",
    [
        "He was taken to a hospital in Wexcombe.",
        "The victim was taken from Wexcombe to Marlbridge.",
        "The study was made in Wexcombe.",
        "These boats were built in Wexcombe.",
        "But the warehouse was empty.",
        "As a result, the warehouse was empty.",
        "Others were hurt in the fire.",
        "Two days later, the warehouse fell down.",
        "The warehouse was also damaged by water.",
        # no word of it was heard before
        "Tourists spend four million pounds a year on ice cream.",
    ],
)
def test_a_sentence_that_needs_another_one_does_not_follow(text: str) -> None:
    assert not is_understood_after(text, heard=HEARD, before=HEARD)


def test_a_reference_to_an_omitted_sentence_does_not_follow() -> None:
    text = "Police in Wexcombe say the lawsuit is baseless."

    assert is_understood_after(text, heard=HEARD, before=HEARD)
    assert not is_understood_after(
        text, heard=HEARD, before=f"{HEARD} Fox has filed a lawsuit against the town."
    )


@pytest.mark.parametrize(
    "text", ["But the road is shut.", "However, nobody was hurt.", "The council, however, says no."]
)
def test_a_contrast_does_not_stand_alone(text: str) -> None:
    assert reverses_previous(text)
    assert not stands_alone(text)


@pytest.mark.parametrize("text", ["This morning will be cloudy.", "This week the council will meet."])
def test_a_time_relative_to_now_stands_alone(text: str) -> None:
    assert stands_alone(text)


def test_names_are_runs_of_capitals() -> None:
    assert list(names_in("On Monday Ann Fox of the Wexcombe Gazette met Tom Hale's brother.")) == [
        ("Ann", "Fox"),
        ("Wexcombe", "Gazette"),
        ("Tom", "Hale"),
    ]


def test_a_surname_needs_its_full_name_heard_before() -> None:
    before = "Ann Fox leads the council. The Wexcombe Port Authority (WPA) is broke."

    assert find_unheard_name("Fox said the quay was shut.", before=before, heard="The quay is shut.") == "Fox"
    assert find_unheard_name("The WPA has shut the quay.", before=before, heard="The quay is shut.") == "WPA"
    assert find_unheard_name("Fox said the quay was shut.", before=before, heard="Ann Fox came.") == ""
    assert find_unheard_name("Marlbridge is upstream.", before=before, heard="The quay is shut.") == ""
