"""Edits of a bulletin: for its slot, for its stories, and without slots until the next bulletin."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.editor_edits import EditLedger, without_undone
from bulletin.model import Edit, EditAction
from bulletin.pipeline.decisions.read_edits_of_bulletin import held_edits
from tests.support.factories import NOW, make_bulletin

HOUR = timedelta(hours=1)


def record(archive: Archive, action: EditAction, *, at: datetime, **fields: Any) -> Edit:
    edit = Edit(
        station="hill",
        action=action,
        editor="ann",
        made_at=at,
        key=f"{action}-{at}",
        story_id="ferry",
        article_ids=("ferry",),
        **fields,
    )
    return EditLedger(archive).record(edit)


@pytest.mark.parametrize("has_slots", [True, False])
def test_an_undone_sentence_does_not_come_back_after_the_next_bulletin(
    tmp_path: Path, has_slots: bool
) -> None:
    due = NOW + 3 * HOUR if has_slots else None
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        words = record(archive, EditAction.REWORD, at=NOW, text="Words.", replaced="A ferry sank.")
        EditLedger(archive).undo("hill", words.id, editor="ann", at=NOW + HOUR, key="u")
        archive.record_bulletin(
            "hill", make_bulletin(tmp_path / "a.mp3"), (), made_at=NOW + 2 * HOUR, timings={}
        )
        held = held_edits(archive, "hill", due=due, now=NOW + 3 * HOUR)

    assert without_undone(held) == ()


def test_without_slots_the_next_bulletin_uses_a_pin_up_and_keeps_the_words(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        record(archive, EditAction.PIN, at=NOW)
        words = record(archive, EditAction.REWORD, at=NOW, text="Words.", replaced="A ferry sank.")
        archive.record_bulletin("hill", make_bulletin(tmp_path / "a.mp3"), (), made_at=NOW + HOUR, timings={})
        later = record(archive, EditAction.DROP, at=NOW + 2 * HOUR)
        held = held_edits(archive, "hill", due=None, now=NOW + 3 * HOUR)

    assert held == (words, later)


def test_an_undo_of_an_undo_holds_as_long_as_the_edit(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        pin = record(archive, EditAction.PIN, at=NOW)
        undo = EditLedger(archive).undo("hill", pin.id, editor="ann", at=NOW, key="u")
        EditLedger(archive).undo("hill", undo.id, editor="ann", at=NOW, key="r")
        held = held_edits(archive, "hill", due=None, now=NOW + HOUR)

    assert without_undone(held) == (pin,)
