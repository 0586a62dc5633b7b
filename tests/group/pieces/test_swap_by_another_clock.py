"""A stand-by whose time has come by the planner's clock, and not yet by the clock of the worker that takes the piece."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.pieces_of_work import Piece, PieceState
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.piece_names import SWAP, slot_key
from bulletin.group.pieces.publish_pieces import put_standby_on_air
from bulletin.group.pieces.work_context import WorkContext
from bulletin.model import Level, Slot, SlotRecord
from bulletin.storage.folder_store import FolderStore
from tests.support.group_processes import GroupProcesses

DUE = datetime(2026, 11, 25, 7, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NOTHING = '[[feeds]]\nurl = "nothing.rss"\npages = false\n'


class Clock:
    now = DUE


@pytest.mark.slow
def test_a_worker_whose_clock_is_behind_leaves_the_stand_by_to_the_next_try(tmp_path: Path) -> None:
    group = GroupProcesses(home=tmp_path, database="postgresql://not-used/x")
    group.write(stations=1, due=DUE, now=DUE, feeds=NOTHING)
    profile = tmp_path / "feeds" / "st0.toml"
    profile.write_text(profile.read_text("utf-8").replace('at = "07:00"', 'at = "06:00-07:00"'), "utf-8")
    profiles = GroupProfiles(names=[str(tmp_path / "feeds")])
    profiles.refresh()
    (tmp_path / "store").mkdir()
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        context = WorkContext(
            profiles=profiles,
            archive=archive,
            store=FolderStore(tmp_path / "store"),
            output=tmp_path / "out",
            work=WorkLedger(archive, now=lambda: Clock.now),
            slots=SlotLedger(archive),
            now=lambda: Clock.now,
            feeds_for_all=FeedsForAll(archive),
        )
        swap(
            context, DUE - HOUR, at=DUE - HOUR - SECOND
        )  # an hour with a stand-by, which is valid until the next
        assert swap(context, DUE, at=DUE - 35 * SECOND).standby is None
        piece = context.work.find(SWAP, slot_key("st0", DUE))
        assert piece is not None
        assert piece.state == PieceState.WAITING
        assert swap(context, DUE, at=DUE - 4 * SECOND).standby == Level.EVERGREEN


def swap(context: WorkContext, due: datetime, *, at: datetime) -> SlotRecord:
    """Do the piece at that moment; the slot then."""
    Clock.now = at
    key = slot_key("st0", due)
    context.slots.plan([Slot(station="st0", due=due, length_s=60.0)])
    context.work.plan([Piece(kind=SWAP, key=key, due=due, deadline=due + HOUR, station="st0")])
    claimed = context.work.claim(SWAP, key, owner="one", lease=HOUR / 2)
    assert claimed is not None
    put_standby_on_air(context, claimed)
    return context.slots.rows(since=due, until=due + SECOND)[0]
