"""Approval: which later edits withdraw it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bulletin.edits.approval import find_approval
from bulletin.model import Edit, EditAction
from tests.support.factories import NOW

DUE = NOW + timedelta(hours=1)


def edit(number: int, action: EditAction, due: datetime | None, *stories: str, **more: Any) -> Edit:
    return Edit(
        station="hill", action=action, editor="ann", made_at=NOW, key=str(number), due=due, article_ids=stories,
        id=number, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("approved_for", "action", "due", "story", "holds"),
    [
        (DUE, EditAction.DROP, DUE, "bridge", False),
        # the clock was changed in between: both are records of the bulletin that is made
        (DUE - timedelta(minutes=30), EditAction.PIN, DUE, "fire", False),
        (DUE, EditAction.REWORD, None, "bridge", False),
        (DUE, EditAction.REWORD, None, "fire", True),
        # a station without slots
        (None, EditAction.PIN, None, "fire", False),
        (None, EditAction.REWORD, None, "fire", True),
        (None, EditAction.REWORD, None, "bridge", False),
    ],
)
def test_a_later_edit_of_the_bulletin_or_of_a_story_in_it_withdraws(
    approved_for: datetime | None, action: EditAction, due: datetime | None, story: str, holds: bool
) -> None:
    approval = edit(1, EditAction.APPROVE, approved_for, "bridge", "nurses")
    found = find_approval([approval, edit(2, action, due, story)])

    assert found.holds is holds
    assert find_approval([approval]).holds
