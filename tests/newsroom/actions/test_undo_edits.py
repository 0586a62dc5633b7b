"""Undo of an own story, also where the first try was killed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.newsroom.actions.own_stories import OwnStory, add_own_story, list_own_stories
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.desk import Desk
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import write_profile


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_archive(tmp_path) as archive:
        yield Desk(
            loaded=write_profile(tmp_path), output=tmp_path, archive=archive, editor="ann", now=lambda: NOW
        )


def test_an_undo_that_was_killed_between_its_two_steps_is_done_when_it_is_repeated(desk: Desk) -> None:
    add_own_story(desk, OwnStory(title="Fair", text="The fair opens on Monday."))
    moments = iter([NOW])

    with pytest.raises(StopIteration):
        undo_edit(replace(desk, now=lambda: next(moments)), number=1)
    answer = undo_edit(desk, number=1)

    assert list_own_stories(desk) == ()
    assert answer.edit.undoes == 1
