"""What a sentence that is too long is told without."""

from __future__ import annotations

import pytest

from bulletin.script.edits.trim import trim

TRIMMED = [
    # the press is how everybody hears
    (
        (
            "The head of the fire brigade told reporters at the gate of the burnt-out mill that nobody should drink "
            "from the wells in the lower town until samples have been taken."
        ),
        (
            "The head of the fire brigade said that nobody should drink from the wells in the lower town until samples have "
            "been taken."
        ),
    ),
    # some of them, and not what came of it
    (
        (
            "Customs officers arrested nine people, including the brother of a well-known racing driver and his former "
            "secretary, in a raid on a warehouse behind the docks at Brenford."
        ),
        "Customs officers arrested nine people in a raid on a warehouse behind the docks at Brenford.",
    ),
    # an aside before an adverb and its verb
    (
        (
            "The three brothers, from a farm high above the reservoir at Great Wex, allegedly sold the same forty ewes "
            "to two different dealers at the autumn market."
        ),
        "The three brothers allegedly sold the same forty ewes to two different dealers at the autumn market.",
    ),
    # a day at the end
    (
        (
            "The oldest tram in the county was towed back to its shed at Brenford by a team of eight volunteers and a "
            "borrowed tractor on Thursday afternoon."
        ),
        (
            "The oldest tram in the county was towed back to its shed at Brenford by a team of eight volunteers and a "
            "borrowed tractor."
        ),
    ),
]


@pytest.mark.parametrize(("text", "trimmed"), TRIMMED)
def test_what_is_least_needed_goes_first(text: str, trimmed: str) -> None:
    assert trim(text, most=25) == trimmed


def test_the_day_of_what_is_still_to_come_is_kept() -> None:
    text = (
        "The oldest tram in the county will be towed back to its shed at Brenford by a team of eight volunteers and "
        "a borrowed tractor on Thursday afternoon."
    )

    assert trim(text, most=25) == text


def test_where_something_was_said_goes_before_what_was() -> None:
    text = (
        "The mayor said in a long interview with a paper in the valley that the new ferry will sail for a year from "
        "the landing stage at Hallam Bridge to Wexcombe."
    )

    assert trim(text, most=25).startswith("The mayor said the new ferry will sail")


def test_what_was_done_to_somebody_is_not_what_the_subject_did() -> None:
    text = (
        "The council's policy of silence, men and women in the valley taken for spies of the harbour board and led "
        "from their boats at night, questioned, tried and fined."
    )

    assert "silence questioned" not in trim(text, most=25)
