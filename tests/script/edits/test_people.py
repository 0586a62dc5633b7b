from __future__ import annotations

import pytest

from bulletin.script.edits.people import give_full_names, points_back, resolve_pronoun

ARTICLE = "The council leader Joan Pike opened the pool. Ms Pike swam first. Pike said it was cold."


def test_the_first_mention_is_the_full_name() -> None:
    assert give_full_names("Ms Pike swam first.", source=ARTICLE, told="") == "Joan Pike swam first."
    assert give_full_names("Pike said it was cold.", source=ARTICLE, told="") == "Joan Pike said it was cold."


def test_later_mentions_stay_short() -> None:
    told = "Joan Pike opened the pool."

    assert give_full_names("Ms Pike swam first.", source=ARTICLE, told=told) == "Ms Pike swam first."


def test_a_name_the_article_never_gives_stays_as_it_is() -> None:
    assert give_full_names("Mr Hale left.", source="Mr Hale left.", told="") == "Mr Hale left."


def test_a_pronoun_becomes_the_only_person_of_the_sentence_before() -> None:
    before = ["The council leader Joan Pike opened the pool."]

    assert resolve_pronoun("She swam first.", before=before) == "Joan Pike swam first."


@pytest.mark.parametrize(
    "before",
    [[], ["The pool opened on Monday."], ["Joan Pike met Tom Fox at the pool."]],
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
