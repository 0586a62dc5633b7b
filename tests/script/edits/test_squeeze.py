from __future__ import annotations

import pytest

from bulletin.script.edits.squeeze import squeeze
from bulletin.text import count_words


@pytest.mark.parametrize(
    ("printed", "short"),
    [
        (
            "The harbour board is currently repairing the old landing stage at Hallam Bridge.",
            "The harbour board is repairing the old landing stage at Hallam Bridge.",
        ),
        (
            "Police stopped a man who was driving the mayor's van without a light.",
            "Police stopped a man driving the mayor's van without a light.",
        ),
        (
            "Nobody was hurt in the fight, which took place at the landing stage.",
            "Nobody was hurt in the fight at the landing stage.",
        ),
        (
            "The council was told on Monday that two hundred boats on the river are unsafe.",
            "The council was told that two hundred boats on the river are unsafe.",
        ),
        (
            "The minister met Ann Fox, the mayor of Wexcombe, and Guy Hale at the landing.",
            "The minister met Ann Fox and Guy Hale at the landing.",
        ),
        (
            "The board has asked the council for a new landing stage at the earliest.",
            "The board has asked the council for a new landing stage.",
        ),
    ],
)
def test_what_says_nothing_goes_first(printed: str, short: str) -> None:
    assert squeeze(printed, most=count_words(short)) == short


@pytest.mark.parametrize(
    "printed",
    [
        # what did not happen on that day, what will, and how often
        "The ferry did not sail on Monday because the landing stage was flooded again.",
        "The new ferry will sail on Monday from the landing stage at Hallam Bridge.",
        # three in a row
        "The minister met Ann Fox, the mayor, Guy Hale, and Joan Pike at the landing.",
        "The storm hurt a teacher, a driver of the ferry, and two boys at the landing.",
        # what is denied is not the word alone
        "The harbour board is not currently repairing the old landing stage at Hallam Bridge.",
    ],
)
def test_what_says_something_stays(printed: str) -> None:
    assert squeeze(printed, most=count_words(printed) - 1) == printed


def test_no_more_goes_than_must() -> None:
    printed = "The board was told on Monday that it is currently repairing the old landing stage."

    assert (
        squeeze(printed, most=14)
        == "The board was told on Monday that it is repairing the old landing stage."
    )
    assert squeeze(printed, most=8) == printed
    assert squeeze(printed, most=15) == printed
