from __future__ import annotations

import pytest

from bulletin.script.edits.pronouns import lacks_person, points_back, resolve_pronoun
from bulletin.script.edits.sexes import sex_of


def test_a_pronoun_becomes_the_only_person_of_the_sentence_before() -> None:
    before = ["The council leader Joan Pike opened the pool."]

    assert resolve_pronoun("She swam first.", before=before) == "Joan Pike swam first."


def test_he_may_be_named_by_his_surname_in_the_sentence_before() -> None:
    before = ["Council leader Joan Pike opened the pool.", "Pike said that the pool was hers."]

    assert resolve_pronoun("She swam first.", before=before) == "Joan Pike swam first."


def test_he_is_is_not_made_a_possessive() -> None:
    assert resolve_pronoun("She’s ill.", before=["The council leader Joan Pike opened the pool."]) is None


@pytest.mark.parametrize(
    "before",
    [
        [],
        ["The pool opened on Monday."],
        ["Joan Pike met Tom Fox at the pool."],
        ["Her brother Tom Fox opened the pool."],
        ["She thanked Joan Pike for the pool."],
        ["Mr Pike opened the pool."],
        ["The pool in Upper Hallam was opened."],
        ["Xylo Pike opened the pool."],
        ["Ann Fox praised the plan.", "Fox had opened the pool with Joan Pike."],
    ],
)
def test_a_doubtful_pronoun_is_not_resolved(before: list[str]) -> None:
    assert resolve_pronoun("She swam first.", before=before) is None


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
def test_what_points_back(text: str, expected: bool) -> None:
    assert points_back(text) is expected


def test_a_man_is_never_given_a_womans_deeds() -> None:
    before = ["Guy Hale is a broadcaster.", "Hale called Ms Pike a liar."]

    assert resolve_pronoun("He went on to say worse.", before=before) is None


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("Xylo Pike", "Mr Pike swam first.", "He"),
        ("Xylo Pike", "The actress Xylo Pike swam first.", "She"),
        ("Ms Pike", "Ms Pike swam first.", "She"),
        ("Joan Pike", "Joan Pike swam first.", "She"),
        ("Joan Pike", "Mr Pike and Joan Pike swam.", ""),
        ("Xylo Pike", "Xylo Pike swam first.", ""),
        ("Xylo Pike", "Mr Pike and Ms Pike swam first with Xylo Pike.", ""),
    ],
)
def test_he_or_she(name: str, source: str, expected: str) -> None:
    assert sex_of(name, source) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The diocese says he fell ill in Italy.",
        "Police said his boat had been stolen.",
        "The hospital says her condition is stable.",
        "Doctors said he would recover.",
    ],
)
def test_he_without_anybody_to_stand_for(text: str) -> None:
    assert lacks_person(text)
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
def test_he_with_somebody_to_stand_for(text: str) -> None:
    assert not lacks_person(text)


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
def test_what_points_back_further_in(text: str) -> None:
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
def test_what_does_not_point_back(text: str) -> None:
    assert not points_back(text)
