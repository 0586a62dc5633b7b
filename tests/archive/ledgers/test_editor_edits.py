"""
Ledger of edits: recorded once, undone by records, compared with the version that the editor saw.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.delete_old_rows import forget
from bulletin.archive.ledgers.editor_edits import EditLedger, SlotBegunError
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.errors import NewsroomError
from bulletin.model import Edit, EditAction, EditConflictError, Slot
from tests.archive.conftest import Opener
from tests.support.factories import NOW

DUE = NOW + timedelta(hours=1)


def edit(key: str, action: EditAction = EditAction.PIN, **changes: Any) -> Edit:
    fields = {"station": "hill", "editor": "ann", "made_at": NOW, "due": DUE, "story_id": "ferry"}
    return Edit(action=action, key=key, **(fields | changes))


def reword(key: str, text: str, **changes: Any) -> Edit:
    return edit(key, EditAction.REWORD, due=None, text=text, replaced="A ferry sank.", **changes)


def test_an_edit_comes_back_as_it_was_recorded(archive: Archive) -> None:
    details = {"after": "quay", "cuts": ["short"]}
    made = EditLedger(archive).record(
        edit("k", position=2, article_ids=("a", "b"), sources=("It sank.",), details=details)
    )

    assert made.id
    assert EditLedger(archive).edits("hill", due=DUE) == (made,)
    assert EditLedger(archive).edit("hill", made.id) == made


def test_a_request_sent_twice_is_recorded_once_even_by_another_process(
    archive: Archive, open_archive: Opener
) -> None:
    first = EditLedger(archive).record(edit("k"))
    assert EditLedger(open_archive()).record(edit("k", made_at=NOW + timedelta(minutes=1))) == first

    assert len(EditLedger(archive).history("hill")) == 1
    assert len(AuditLedger(archive).changes("hill")) == 1


def test_an_undo_can_be_undone_and_nothing_is_deleted(archive: Archive) -> None:
    ledger = EditLedger(archive)
    pin = ledger.record(edit("k"))
    undo = ledger.undo("hill", pin.id, editor="ben", at=NOW, key="u")
    assert ledger.edits("hill", due=DUE) == ()
    with pytest.raises(NewsroomError, match="undone already"):
        ledger.undo("hill", pin.id, editor="ben", at=NOW, key="u2")

    ledger.undo("hill", undo.id, editor="ann", at=NOW, key="r")

    assert ledger.edits("hill", due=DUE) == (pin,)
    assert [item.editor for item in ledger.history("hill")] == ["ann", "ben", "ann"]


def test_a_sentence_changed_since_raises_a_conflict_with_the_other_editors_words(archive: Archive) -> None:
    ledger = EditLedger(archive)
    anns = ledger.record(reword("k", "The ferry is afloat."), seen_id=0)
    with pytest.raises(EditConflictError, match="ann has changed this sentence") as raised:
        ledger.record(reword("b", "The ferry is lost.", editor="ben"), seen_id=0)
    assert raised.value.theirs == anns

    bens = ledger.record(reword("b", "The ferry is lost.", editor="ben"), seen_id=anns.id)
    ledger.undo("hill", bens.id, editor="cat", at=NOW, key="u")
    with pytest.raises(
        EditConflictError, match=r"^cat has undone a change of this sentence at 07:00 UTC; read it"
    ):
        ledger.record(reword("c", "The ferry floats."), seen_id=bens.id)

    gone = ledger.record(reword("d", "", editor="ben"))
    with pytest.raises(EditConflictError, match=r"^ben has left this sentence out at 07:00 UTC; read it"):
        ledger.record(reword("e", "The ferry floats."), seen_id=gone.id - 1)


def test_edits_of_other_stories_and_stations_raise_no_conflict(archive: Archive) -> None:
    ledger = EditLedger(archive)
    ledger.record(reword("k", "The ferry is afloat."), seen_id=0)

    ledger.record(reword("a", "One.", story_id="quay"), seen_id=0)
    ledger.record(reword("k", "Two.", station="dale"), seen_id=0)

    assert len(ledger.edits("hill")) == 2


def test_a_story_that_was_grouped_anew_is_the_same_story_to_a_conflict(archive: Archive) -> None:
    ledger = EditLedger(archive)
    ledger.record(reword("k", "One.", article_ids=("a", "b")), seen_id=0)
    with pytest.raises(EditConflictError):
        ledger.record(reword("l", "Two.", story_id="new", article_ids=("b",)), seen_id=0)


def test_an_edit_for_a_slot_that_has_begun_is_refused_in_the_same_transaction(archive: Archive) -> None:
    slots = SlotLedger(archive)
    slots.plan([Slot(station="hill", due=DUE, length_s=60.0)])
    EditLedger(archive).record(edit("k"))
    slots.claim("hill", DUE, owner="w", now=NOW, lease=timedelta(minutes=1))

    with pytest.raises(SlotBegunError):
        EditLedger(archive).record(edit("l"))
    EditLedger(archive).record(reword("m", "One."), seen_id=0)


def test_an_approval_counts_until_its_bulletin_is_made_but_is_not_withdrawn_from_one_being_made(
    archive: Archive,
) -> None:
    slots = SlotLedger(archive)
    slots.plan([Slot(station="hill", due=DUE, length_s=60.0)])
    slots.claim("hill", DUE, owner="w", now=NOW, lease=timedelta(minutes=1))

    with pytest.raises(SlotBegunError):
        EditLedger(archive).record(edit("j", EditAction.APPROVE))
    approval = EditLedger(archive).record(edit("k", EditAction.APPROVE), may_be_working=True)
    with pytest.raises(SlotBegunError):
        EditLedger(archive).undo("hill", approval.id, editor="ann", at=NOW, key="u")


def test_edits_of_a_slot_that_the_clock_no_longer_has_count_for_the_next_one(archive: Archive) -> None:
    early = EditLedger(archive).record(edit("k", due=DUE - timedelta(minutes=30)))

    assert EditLedger(archive).edits("hill", due=DUE, after=NOW) == (early,)
    assert EditLedger(archive).edits("hill", due=DUE, after=early.due) == ()
    assert EditLedger(archive).edits("hill", due=DUE) == ()


def test_old_approvals_keep_their_record_and_lose_their_words(archive: Archive) -> None:
    ledger = EditLedger(archive)
    old = ledger.record(
        edit("k", EditAction.APPROVE, made_at=NOW - timedelta(days=60)), approved={"stories": []}
    )
    new = ledger.record(edit("l", EditAction.APPROVE), approved={"stories": []})
    gone = ledger.record(edit("m", made_at=NOW - timedelta(days=900)))
    month, years = NOW - timedelta(days=30), NOW - timedelta(days=800)

    forget(archive, "hill", articles=month, runs=month, records=years)

    assert [item.id for item in ledger.history("hill")] == [new.id, old.id]
    assert ledger.edit("hill", gone.id) is None
    assert ledger.approved_words("hill", old.id) is None
    assert ledger.approved_words("hill", new.id) == {"stories": []}
