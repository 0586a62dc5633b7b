"""Why, over what and amid what something happened is told after it."""

from __future__ import annotations

import pytest

from bulletin.script.edits.causes import reason
from bulletin.script.edits.part import part

TOLD_AFTER = [
    (
        (
            "The owner of the largest mill in the valley is facing an inquiry by the water board and two of its "
            "neighbouring councils over the dumping of dye in the Brenford canal."
        ),
        "This is over the dumping of dye in the Brenford canal.",
    ),
    (
        (
            "A steward was struck on the head by a bottle on the steps behind the grandstand at Wexcombe during the "
            "last of the three races on Saturday evening."
        ),
        "This was during the last of the three races on Saturday evening.",
    ),
    (
        (
            "The county will close three of the lower lanes at the old stone bridge outside Wexcombe from March as the "
            "second arch is not thought to be safe for lorries."
        ),
        "This comes as the second arch is not thought to be safe for lorries.",
    ),
    (
        (
            "The referee suspended three of the visiting players and their coach at half-time in the hall for "
            "persistent shouting at the table where two of the judges were sitting."
        ),
        "This was for persistent shouting at the table where two of the judges were sitting.",
    ),
]


@pytest.mark.parametrize(("text", "after"), TOLD_AFTER)
def test_what_it_was_about_is_told_after_it(text: str, after: str) -> None:
    assert part(text, most=25)[1:] == (after,)


@pytest.mark.parametrize(
    "text",
    [
        # no dispute: the bridge spans what it is over
        (
            "The engineers of the county have built a footbridge of oak and steel for walkers and riders from both of "
            "the villages over the widest part of the river."
        ),
        # how long, and not about what
        (
            "The protest camp beside the quarry has grown from two tents to nearly ninety huts and caravans of every "
            "shape and colour over the last eleven summers here."
        ),
    ],
)
def test_over_a_river_is_no_dispute(text: str) -> None:
    assert part(text, most=25) == (text,)


def test_what_somebody_was_called_is_no_cause() -> None:
    text = (
        "Ann Fox termed the harbour party as a party of lies, and egged on her own party to defeat it in May."
    )

    assert reason(text) is None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            "Spots of paint were even found on the bows of Joan Pike's boat as the railings were painted above it.",
            "It happened as the railings were painted above it.",
        ),
        (
            "Two passengers of the little ferry drowned in Wexcombe harbour as a sudden storm threw it over.",
            "It happened as a sudden storm threw it over.",
        ),
        (
            "The council of Wexcombe closed the bridge to lorries as the residents marched to the town hall.",
            "This came as the residents marched to the town hall.",
        ),
    ],
)
def test_what_befell_somebody_happened_as_something_else_did(text: str, after: str) -> None:
    halves = reason(text)

    assert halves is not None
    assert halves[1] == after
