"""Feeds and pages of a group: a machine without the feed's profile leaves them to the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece, Piece, PieceState
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.group.pieces import draft_and_speak
from bulletin.group.pieces.feeds_of_group import GroupFeeds, feed_key
from bulletin.group.pieces.work_context import WorkContext
from tests.support.factories import NOW

DUE = NOW + timedelta(minutes=3)
LEASE = timedelta(seconds=30)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def work(archive: Archive) -> WorkLedger:
    return WorkLedger(archive, now=lambda: NOW)


def context_of(work: WorkLedger, **parts: Any) -> WorkContext:
    """A worker of a machine that has no profile."""
    own = {"profiles": SimpleNamespace(stations={}), "feeds": GroupFeeds(), "now": lambda: NOW}
    return cast(WorkContext, SimpleNamespace(work=work, **own, **parts))


def claim(work: WorkLedger, piece: Piece) -> ClaimedPiece:
    work.plan([piece])
    claimed = work.claim(*piece.name, owner="one", lease=LEASE)
    assert claimed is not None
    return claimed


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_a_feed_or_page_without_a_profile_on_this_machine_is_left_to_another_until_its_deadline(
    archive: Archive, work: WorkLedger, kind: str
) -> None:
    do = {"feed": draft_and_speak.read_feed, "page": draft_and_speak.read_page}[kind]
    payload = {} if kind == "feed" else {"feed": "gazette.example-1"}
    piece = Piece(kind=kind, key=feed_key("gazette.example-1", DUE), due=DUE, deadline=DUE, payload=payload)

    do(context_of(work), claim(work, piece))

    left = work.find(*piece.name)
    assert left is not None
    assert (left.state, left.owner) == (PieceState.WAITING, "")
    assert left.lease_until == NOW + timedelta(seconds=3)
    assert "no station on this machine" in left.note
    later = WorkLedger(archive, now=lambda: NOW + timedelta(seconds=3))
    assert later.claim(*piece.name, owner="two", lease=LEASE)
