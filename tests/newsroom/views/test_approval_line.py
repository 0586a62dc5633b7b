"""The line beside the button "Approve"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulletin.newsroom.coming_bulletin import ApprovalState
from bulletin.newsroom.views.approval_line import describe_approval
from tests.support.factories import NOW

SOON = NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({"mode": "required"}, "needed", "by 07:10, or a stand-by airs"),
        ({"mode": "by-deadline"}, "needed", "by 07:10, or it airs as it stands"),
        ({"mode": "required", "deadline": NOW}, "late", "deadline has passed"),
        ({"mode": "required", "number": 3, "editor": "ann", "given_at": NOW}, "approved", "by ann at 07:00"),
        (
            {"mode": "required", "number": 3, "editor": "ann", "withdrawn_by": "ben"},
            "withdrawn",
            "ben changed",
        ),
    ],
)
def test_the_line_says_what_happens_without_an_approval(
    changes: dict[str, Any], state: str, words: str
) -> None:
    approval = ApprovalState(**({"deadline": SOON} | changes))

    line = describe_approval(approval, now=NOW, clock_time=lambda moment: f"{moment:%H:%M}")

    assert line
    assert line.state == state
    assert words in line.text
    assert line.may_approve is (state != "approved")


def test_a_station_that_approves_nothing_has_no_line() -> None:
    assert describe_approval(ApprovalState(mode="off"), now=NOW, clock_time=str) is None
