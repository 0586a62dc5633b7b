from __future__ import annotations

import pytest

from bulletin.script.edits.deeds import in_past
from bulletin.script.edits.part import part


@pytest.mark.parametrize(
    ("printed", "second"),
    [
        # both deeds in the past
        (
            (
                "Wexland carried out an airstrike on a camp in the far northern valley of the river on Saturday night, "
                "killing nine people and wounding nine more."
            ),
            "Wexland killed nine people and wounded nine more.",
        ),
        # who says something may warn and call besides
        (
            (
                "The Wexcombe High Court has said feeding dogs in the common area of a private building can cause "
                "nuisance, warning two residents to ensure that the animals cause no fear."
            ),
            "The Wexcombe High Court warned two residents to ensure that the animals cause no fear.",
        ),
        (
            (
                "The council leader Joan Pike on Monday said she didn't agree with the decision on the ferry at Hallam "
                "Bridge, calling it unfortunate in her first comments on the closure."
            ),
            "Joan Pike called it unfortunate in her first comments on the closure.",
        ),
        # what it caused, by those who report it
        (
            (
                "The council's district office alleged that workers of the harbour board hurled a petrol bomb at the "
                "landing, causing extensive damage to the boats in the valley."
            ),
            "The office alleged this caused extensive damage to the boats in the valley.",
        ),
        # at the same time
        (
            (
                "The Supreme Court on Friday jailed five ferrymen for two years each over the theft of a boat while "
                "rejecting a young farmer's plea to sell his field."
            ),
            "The Supreme Court also rejected a young farmer's plea to sell his field.",
        ),
    ],
)
def test_what_was_done_besides_is_told_after_it(printed: str, second: str) -> None:
    assert part(printed, most=25)[1:] == (second,)


@pytest.mark.parametrize(
    "printed",
    [
        # who threatened whom is not clear
        (
            "Police said on Monday that a man who stole a boat at the landing in Wexcombe fled to the town, threatening a "
            "driver and his two young children."
        ),
        # of which nobody knows the past
        (
            "Wexland carried out an airstrike on a camp in the far northern valley of the river on Saturday night, "
            "killing nine people and zonking the bridge."
        ),
    ],
)
def test_what_nobody_knows_is_not_told(printed: str) -> None:
    assert part(printed, most=25) == (printed,)


def test_what_hangs_on_of_is_no_deed() -> None:
    assert (
        in_past("Fox of sending letters and harassing ferrymen")
        == "Fox of sending letters and harassing ferrymen"
    )
