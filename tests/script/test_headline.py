from __future__ import annotations

import pytest

from bulletin.script.headline import MOST_WORDS, clean_title, write_headline
from bulletin.text import count_words

LEAD = "The county council has decided to end the ferry at Hallam Bridge after a century and a half on the river Wex."


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry to stop after 150 years", "Ferry to stop after 150 years"),
        ("Ferry to stop after 150 years | Valley Gazette", "Ferry to stop after 150 years"),
        ("Ferry to stop after 150 years - BBC News", "Ferry to stop after 150 years"),
        ("EXCLUSIVE: Ferry to stop after 150 years.", "Ferry to stop after 150 years"),
        ("Mayor calls ferry decision 'a disgrace'", "Mayor calls ferry decision a disgrace"),
        ("River news: The ferry will stop in March", "The ferry will stop in March"),
        ("'Like an old friend': last ferry leaves Hallam Bridge", "Last ferry leaves Hallam Bridge"),
        (
            "Ferry found safe after 11 months – three fields away",
            "Ferry found safe after 11 months, three fields away",
        ),
        ("Brenford 2-1 Hallam United: late winner sends town third", "Late winner sends town third"),
        ("Rugby: Valley hold on for 24-18 win at Thornley", "Valley hold on for 24-18 win at Thornley"),
        (
            "Police appeal after cyclist, 72, is seriously hurt",
            "Police appeal after 72-year-old cyclist is seriously hurt",
        ),
        ("Joan Pike has died at ninety. And, the ferry stops", "Joan Pike has died at ninety"),
        ("Mayor 'sorry' for late ferry, says Pike", "Mayor sorry for late ferry, says Pike"),
        ("Swimmer Nell, 16, wins national gold", "Swimmer Nell wins national gold"),
        (
            "Council ends ferry service at Hallam Bridge after 150 years, as passengers turn to the new road",
            "Council ends ferry service at Hallam Bridge after 150 years",
        ),
    ],
)
def test_a_title_becomes_a_headline(title: str, headline: str) -> None:
    assert write_headline(title, first_sentence=LEAD) == headline


@pytest.mark.parametrize(
    "title",
    [
        "Will the ferry ever come back?",
        "How to cross the river in spring",
        "How Joan Pike lost the ferry and found a goat",
        "Inside the ferry that never sailed again",
        "Dread as the ferry 'great shambles' hangs over the valley",
        "Pike says ferry not tested since May",
        "We will fight on: Pike",
        "End of the line for the ferry: Council",
        "Ferry: live updates",
        "Ferry",
        "",
        "Joan Pike said that the ferry and the boathouse and the landing and the old crane must all go now",
        "The county council has decided to end the ferry at Hallam Bridge…",
        "Mapping floods along the river Wex",
        "Joan Pike on what led to her fall",
        "Wexcombe poet: Ferryman on his last boat",
    ],
)
def test_what_is_no_headline_is_not_read_as_one(title: str) -> None:
    assert write_headline(title, first_sentence=LEAD) == ""


def test_a_headline_does_not_repeat_the_first_sentence() -> None:
    title = "Ferry at Hallam Bridge will stop in March"

    assert write_headline(title, first_sentence="The ferry at Hallam Bridge will stop in March.") == ""


def test_a_headline_is_short() -> None:
    title = "Council ends ferry at Hallam Bridge, after 150 years, as passengers turn to road, bus and train"

    assert 0 < count_words(write_headline(title, first_sentence=LEAD)) <= MOST_WORDS


def test_the_chapters_title_keeps_a_question() -> None:
    assert clean_title("Will the ferry come back? | Valley Gazette") == "Will the ferry come back?"
