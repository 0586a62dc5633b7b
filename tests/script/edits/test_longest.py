from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.script.edits.longest import LONGEST, end_sooner
from bulletin.text import count_words

SHIP = "The harbour board in Brenford has told the owners of two boats in writing on Monday"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            f"{SHIP} that the north landing will stay shut; while the south landing with its old crane and sheds has at long last been sold to a firm from Great Wex.",
            f"{SHIP} that the north landing will stay shut.",
        ),
        (
            "The mayor opened a new bridge in Wexcombe on Monday with a speech about the long years of the ferry in which she thanked the crew, the wardens and all of the people who had mended the boat.",
            "The mayor opened a new bridge in Wexcombe on Monday with a speech about the long years of the ferry.",
        ),
        (
            "Saying that older pupils were made to travel for hours in the dark although there are two schools near their homes, members of the council on Monday demanded that a bus be run from Wexcombe.",
            "Members of the council on Monday demanded that a bus be run from Wexcombe.",
        ),
        (
            "A report by the county auditor on the sale of land near the river says that Hallam Boats, the firm that bought the landing for a very small sum in May, is owned by the harbour master of Brenford.",
            "A report by the county auditor on the sale of land near the river says that Hallam Boats is owned by the harbour master of Brenford.",
        ),
        (
            "People ran along the streets of Wexcombe in large numbers on Monday morning, blocking the road to the landing, beating on cars and on doors, playing loud music on the landing stage, and stealing bags from boats.",
            "People ran along the streets of Wexcombe in large numbers on Monday morning.",
        ),
    ],
)
def test_a_sentence_for_which_no_breath_is_long_enough_ends_where_a_clause_does(text: str, left: str) -> None:
    assert left == end_sooner(text, most=25)


def test_a_sentence_that_can_be_read_stays() -> None:
    text = f"{SHIP}, while the crew waited."

    assert text == end_sooner(text, most=25)


@pytest.mark.parametrize(
    "text",
    [
        "The harbour board has never in all of its long years in Brenford let a boat of more than twenty metres pass the old landing which did not first show its papers to the warden of the lock at Wexcombe.",
        (
            "For the first time since the harbour board almost lost its hold on the old landing in the vote of this spring, the warden "
            "of the lock at Wexcombe has owned that they did not fare as well as they had hoped in Brenford."
        ),
        "The harbour board will let the two old boats pass the landing in Brenford by night in the winter but it will not let any other boat of any length do so, not even one of its own, until the spring.",
    ],
)
def test_no_limit_and_no_contrast_is_cut_off(text: str) -> None:
    assert count_words(text) > LONGEST
    assert text == end_sooner(text, most=25)


def test_a_lead_keeps_its_opening() -> None:
    text = (
        "Protesting against the sale of the old landing and of the meadow behind it to a firm from Great Wex, crews of both "
        "ferries and farmers plan to stop work for the whole of the coming week in Brenford and Wexcombe."
    )

    assert text == end_sooner(text, most=25, is_lead=True)


def test_what_was_said_by_the_brother_of_somebody_who_fell_is_whole() -> None:
    said = (
        "The brother of a ferryman who fell into the river in May during a trip to the old landing north of Brenford said "
        "he believes he was the victim of a crime"
    )
    inquiry = "despite an inquiry by the harbour board that has failed to find whether there was anybody else on the boat"

    assert end_sooner(f"{said}, {inquiry}.", most=25, is_lead=True) == f"{said}."


def test_a_sentence_without_end_is_left_alone() -> None:
    """Ends are looked for in the square of its length: of 22,000 letters that took ten seconds."""
    endless = f"{'The owner of Fox Foods, a firm that bought the mill, ' * 20}was fined."

    assert end_sooner(endless, most=30) is endless
    assert end_sooner(endless, most=30, is_lead=True) is endless


_SCRAPS = (
    "While After Fox Foods council the a firm that who which whose when since because by in said was is had 'tis not "
    'raining blocking bought mill , , , ; ; – — … ( ) " “ ” £5m 3 & ? ! 👍 مرحبا and but'.split()
)


@settings(max_examples=300, deadline=None)
@given(scraps=st.lists(st.sampled_from(_SCRAPS), min_size=40, max_size=70), is_lead=st.booleans())
def test_whatever_strangers_write_is_survived(scraps: list[str], is_lead: bool) -> None:
    text = f"While {' '.join(scraps)}.".replace(" ,", ",").replace(" ;", ";")

    assert count_words(end_sooner(text, most=30, is_lead=is_lead)) <= count_words(text)


def test_no_end_stops_before_out_of_which() -> None:
    text = (
        "The harbour board says that forty boats have entered the race at Hallam Bridge in May and the first ten of "
        "them will sail the second leg out of which only three will go on to the final in the autumn."
    )

    assert not end_sooner(text, most=25).endswith(" out.")


def test_of_three_deeds_two_are_joined_when_the_last_goes() -> None:
    text = (
        "Ann Fox of Great Wexcombe gathered the wisdom of the old ferrymen of the valley over forty years, put her own "
        "spin on it and spread it round the world with a slim book that every harbour in the north has on its shelves."
    )

    assert end_sooner(text, most=25).endswith("over forty years and put her own spin on it.")
