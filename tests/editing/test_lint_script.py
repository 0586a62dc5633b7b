from __future__ import annotations

import pytest

from bulletin.editing.lint_script import lint_story

GOOD = ["The ferry at Hallam Bridge will stop in March.", "The council said forty people a day had used it."]


def rules(*sentences: str) -> list[str]:
    return [remark.rule for remark in lint_story(sentences)]


def test_a_good_story_passes() -> None:
    assert rules(*GOOD) == []


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ('The mayor called it "a disgrace" for the valley.', "capitals or quotation marks"),
        (GOOD[0], "said before"),
        ("Who will miss it?", "a question"),
        ("The boat was sold " + "and sold again " * 8 + "to a man in Hull.", "33 words"),
    ],
)
def test_a_broken_rule_is_named(sentence: str, rule: str) -> None:
    assert rule in rules(*GOOD, sentence)


def test_a_story_that_opens_without_an_antecedent_is_an_error() -> None:
    assert "opens on nothing" in rules("It will stop in March.")


def test_the_age_of_a_thing_needs_no_earlier_mention() -> None:
    known, unknown = (
        "Wexcombe council will sell the 90-year-old bridge.",
        "Wexcombe council will pay the 90-year-old singer.",
    )
    assert rules(known) == []
    assert rules(unknown) == ["refers to something not introduced"]
