from __future__ import annotations

import pytest

from bulletin.script.edits.people import give_full_names, put_age_first

ARTICLE = "The council leader Joan Pike opened the pool. Ms Pike swam first. Pike said it was cold."


def test_the_first_mention_is_the_full_name() -> None:
    assert give_full_names("Ms Pike swam first.", source=ARTICLE, told="") == "Joan Pike swam first."
    assert give_full_names("Pike said it was cold.", source=ARTICLE, told="") == "Joan Pike said it was cold."


def test_later_mentions_stay_short() -> None:
    told = "Joan Pike opened the pool."

    assert give_full_names("Ms Pike swam first.", source=ARTICLE, told=told) == "Ms Pike swam first."


def test_a_name_the_article_never_gives_stays_as_it_is() -> None:
    assert give_full_names("Mr Hale left.", source="Mr Hale left.", told="") == "Mr Hale left."


def test_a_rank_gets_the_name_that_the_article_gives() -> None:
    source = "Private Tom Hale was nineteen. Sergeant Ann Fox wrote to Private Tom's mother."

    assert (
        give_full_names("Private Tom was nineteen.", source=source, told="")
        == "Private Tom Hale was nineteen."
    )
    assert give_full_names("Sergeant Fox wrote.", source=source, told="") == "Sergeant Ann Fox wrote."
    assert give_full_names("Private Tom wrote.", source=source, told="Tom Hale") == "Private Tom wrote."
    assert give_full_names("Private Guy left.", source=source, told="") == "Private Guy left."


def test_a_nickname_between_marks_is_no_first_name() -> None:
    source = "The ferryman 'Lofty' Hale retired."

    assert give_full_names("Hale retired.", source=source, told="") == "Hale retired."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("The victim, 26, was rowing home.", "The 26-year-old victim was rowing home."),
        ("A man, 81, has died.", "An 81-year-old man has died."),
        ("Police held the driver, aged 40.", "Police held the 40-year-old driver."),
        (
            "The Brenford boat manager, 27, who was also a poet, left.",
            "The 27-year-old Brenford boat manager, who was also a poet, left.",
        ),
        (
            "Police asked his friend Tom Hale, 18, to wait.",
            "Police asked his 18-year-old friend Tom Hale to wait.",
        ),
        ("The couple, 26, and 30, left.", "The couple, 26, and 30, left."),
        (
            "He went in to rescue Joan Pike, 13, after she fell.",
            "He went in to rescue 13-year-old Joan Pike, after she fell.",
        ),
        (
            "Her sister, painter Joan Pike, 42, is at sea.",
            "Her sister, 42-year-old painter Joan Pike, is at sea.",
        ),
        (
            "The driver, named as Tom Hale, 24, worked at the mill.",
            "The driver, named as 24-year-old Tom Hale, worked at the mill.",
        ),
    ],
)
def test_an_age_comes_before_who_is_so_old(written: str, said: str) -> None:
    assert put_age_first(written, spell=str) == said


def test_a_first_mention_says_what_somebody_is_where_the_article_does() -> None:
    source = "The pub is cut off by snow, and current landlady Joan Pike has often been stuck. Pike said it was cold."

    assert (
        give_full_names("Pike said it was cold.", source=source, told="")
        == "Landlady Joan Pike said it was cold."
    )


@pytest.mark.parametrize(
    "source", ["Snow fell on harbour board chief Joan Pike.", "Snow fell on the man and wife Joan Pike."]
)
def test_a_part_of_an_office_and_a_wife_are_no_office(source: str) -> None:
    assert give_full_names("Pike said it was cold.", source=source, told="") == "Joan Pike said it was cold."


def test_the_first_name_stands_after_what_somebody_is() -> None:
    source = "Nobody knew Joan Pike. Wexcombe singer Pike rows. The Hale singer Fox is Ann Fox or Bill Fox."

    assert give_full_names("Wexcombe singer Pike rows.", source=source, told="") == (
        "Wexcombe singer Joan Pike rows."
    )
    assert give_full_names("Wexcombe singer Pike rows.", source=source, told="Joan Pike swam.") == (
        "Wexcombe singer Pike rows."
    )
    assert give_full_names("The singer Fox rows.", source=source, told="") == "The singer Fox rows."
