"""A second deed of the same subject becomes a sentence of its own, and only where its subject is sure."""

from __future__ import annotations

import pytest

from bulletin.script.edits.part import part
from bulletin.script.edits.subjects import subject

PARTED = [
    (
        (
            "Twelve dancers from the Wexcombe academy spent a night in the foyer of the old Corn Exchange on Friday "
            "after being locked in by a caretaker who had lost count."
        ),
        "Twelve dancers from the Wexcombe academy spent a night in the foyer of the old Corn Exchange on Friday.",
        "They had been locked in by a caretaker who had lost count.",
    ),
    (
        (
            "Mabel Orchard is stepping down as the head of the Brenford music school in the spring and returning to "
            "the orchestra in which she played the oboe for nine years."
        ),
        "Mabel Orchard is stepping down as the head of the Brenford music school in the spring.",
        "Mabel Orchard is also returning to the orchestra in which she played the oboe for nine years.",
    ),
    (
        (
            "At a packed meeting in the church hall, the parish council approved a plan for forty houses beside the "
            "river and refused a licence for the new stables behind the mill."
        ),
        "At a packed meeting in the church hall, the parish council approved a plan for forty houses beside the river.",
        "The council refused a licence for the new stables behind the mill.",
    ),
    (
        (
            "Two of the four surgeons have left for a private clinic in Brenford while another surgeon from the same "
            "ward has taken a post at the teaching hospital in Great Wex."
        ),
        "Two of the four surgeons have left for a private clinic in Brenford.",
        "Meanwhile, another surgeon from the same ward has taken a post at the teaching hospital in Great Wex.",
    ),
    (
        (
            "A member of the harbour board has caused a great stir in the town by accusing the chairman of renting "
            "the board's own boat to his friends on Sunday mornings."
        ),
        "A member of the harbour board has caused a great stir in the town.",
        "The member accused the chairman of renting the board's own boat to his friends on Sunday mornings.",
    ),
]


@pytest.mark.parametrize(("text", "first", "second"), PARTED)
def test_a_second_deed_is_told_after_the_first(text: str, first: str, second: str) -> None:
    assert part(text, most=25) == (first, second)


def test_a_second_deed_of_nobody_sure_is_left_where_it_is() -> None:
    """Who had been shown the way, the owner or the dog?"""
    text = (
        "The owner found the dog that bit the postman asleep under the bench at the back of the allotments after "
        "being shown the way by two of the neighbours."
    )

    assert part(text, most=25) == (text,)


def test_what_somebody_said_stays_theirs() -> None:
    text = (
        "Police said the boy had walked home along the line to Wexcombe in the dark after being left behind at the "
        "pool by the driver of the coach."
    )

    assert part(text, most=25) == (
        "Police said the boy had walked home along the line to Wexcombe in the dark.",
        "They said the boy had been left behind at the pool by the driver of the coach.",
    )


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Officials said the ferry will sail.", "They"),
        ("Ann Fox and Joan Pike have opened a shop.", "They"),
        ("The Rivers and Canals Agency has opened a lock.", "The Rivers and Canals Agency"),
        ("Ann Fox has opened a shop.", "Ann Fox"),
    ],
)
def test_who_a_sentence_is_about_is_said_again(text: str, who: str) -> None:
    assert subject(text) == who
