"""What a page or a programme shows is no news, and a thing of which only its past is told is no sentence."""

from __future__ import annotations

import pytest

from bulletin.script.edits.fitness import why_unfit


def refused(text: str) -> str:
    return why_unfit(text, is_first=True, opens_article=True)


@pytest.mark.parametrize(
    "text",
    [
        "Joan Pike has details.",
        "Joan Pike has more on its history.",
        "Joan Pike reports from the quay.",
        "WRN's Joan Pike explains.",
        "WRN speaks with Guy Hale, who built the ferry.",
        "She speaks to WRN about how the ferry was lost.",
    ],
)
def test_what_another_programme_has_is_not_told(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "Joan Pike has more than 40 years of service behind her.",
        "Wexcombe Council has more details of the plan, it said.",
        "Wexcombe Council reports that the ferry is shut.",
        "Joan Pike spoke to WRN about the ferry on Monday.",
    ],
)
def test_what_somebody_has_or_says_is(text: str) -> None:
    assert not refused(text)


@pytest.mark.parametrize(
    "text",
    ["A ferry that the storm sank in the harbour, in August.", "An old mill that Pike built on the quay."],
)
def test_a_thing_of_which_only_its_past_is_told_is_no_sentence(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "A ferry that the storm sank has been raised.",
        "A nurse who Mr Pike said was ill has died.",
        "A bridge praised by its builders is shut.",
    ],
)
def test_but_with_a_deed_of_its_own_it_is(text: str) -> None:
    assert not refused(text)


def test_that_time_is_known_only_where_a_time_was_told() -> None:
    assert refused("The ferry has made a name for itself over that time.")
    assert not refused("The ferry was shut for two years, and 10,000 people signed a petition in that time.")
