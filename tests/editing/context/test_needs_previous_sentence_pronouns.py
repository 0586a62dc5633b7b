from __future__ import annotations

import pytest

from bulletin.editing.context.needs_previous_sentence import has_unbound_pronoun, points_back


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left.", True),
        ("These were sold.", True),
        ("The incident was filmed.", True),
        ("This year the fair is in May.", False),
        ("It is feared that more are trapped.", False),
        ("The council met.", False),
    ],
)
def test_sentences_that_point_back(text: str, expected: bool) -> None:
    assert points_back(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "The diocese says he fell ill in Italy.",
        "Police said his boat had been stolen.",
        "The hospital says her condition is stable.",
        "Doctors said he would recover.",
    ],
)
def test_he_without_an_antecedent(text: str) -> None:
    assert has_unbound_pronoun(text)
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "The minister said he would resign.",
        "Pike said he was tired.",
        "A 14-year-old says she found the ring.",
        "The council told Joan Pike that her plan was late.",
        "When he retired, the vicar had served for forty years.",
        "His boat was found.",
        "The road is closed.",
        "Nobody knows who left his boat there.",
        "A duck and her nine ducklings held up the traffic for an hour.",
        "The owl lost her way and slept in the town hall.",
    ],
)
def test_he_with_an_antecedent(text: str) -> None:
    assert not has_unbound_pronoun(text)


@pytest.mark.parametrize(
    "text",
    [
        "One of those farmers keeps goats.",
        "In her speech, the minister spoke of ferries.",
        "On their return, the crew were met by hundreds.",
        "Some towns have tried to change that.",
        "Few people would do so.",
    ],
)
def test_sentences_that_point_back_after_their_start(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "One of the farmers keeps goats.",
        "In her speech, Joan Pike spoke of ferries.",
        "In this year of floods, farmers have lost their hay.",
        "The council says that the road is closed.",
    ],
)
def test_sentences_that_do_not_point_back(text: str) -> None:
    assert not points_back(text)
