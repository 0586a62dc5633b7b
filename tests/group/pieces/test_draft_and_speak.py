"""Feeds and drafts of a group: what one machine or one moment cannot do is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import delete

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import work as work_table
from bulletin.archive.database.group_tables import work_needs
from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece, Need, Piece, PieceState
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger
from bulletin.config.profile_options import FetchOptions, StoriesOptions
from bulletin.group.pieces import draft_and_speak
from bulletin.group.pieces.answer_requests import request_pieces
from bulletin.group.pieces.do_pieces import PieceWork
from bulletin.group.pieces.feeds_of_group import UNANSWERED, GroupFeed, GroupFeeds, feed_key
from bulletin.group.pieces.piece_names import slot_key
from bulletin.group.pieces.publish_pieces import end_without_news
from bulletin.group.pieces.work_context import WorkContext
from bulletin.model import Feed
from tests.support.factories import NOW

DUE = NOW + timedelta(minutes=3)
LEASE = timedelta(seconds=30)
PARTS = ("profiles", "archive", "store", "output", "slots", "feeds_for_all")
"""Parts of a worker that these pieces do not need."""


@pytest.fixture(scope="module")
def shared_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("pieces") / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def archive(shared_archive: Archive) -> Archive:
    """An archive without pieces."""
    shared_archive.execute(delete(work_table), delete(work_needs))
    return shared_archive


@pytest.fixture
def work(archive: Archive) -> WorkLedger:
    return WorkLedger(archive, now=lambda: NOW)


def context_of(work: WorkLedger, **parts: Any) -> WorkContext:
    """A worker of a machine that has no profile."""
    own = {"profiles": SimpleNamespace(stations={}), "feeds": GroupFeeds(), "now": lambda: NOW}
    return cast(WorkContext, SimpleNamespace(**own | parts, work=work))


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


def test_a_draft_without_news_waits_for_its_unanswered_feeds_and_no_other_does(
    archive: Archive, work: WorkLedger
) -> None:
    """As on one machine, where a bulletin without news reads its feeds again while there is time."""
    known = [
        GroupFeed(id=f"{host}-1", feed=Feed(name=host, url=f"https://{host}/rss"), options=FetchOptions())
        for host in ("silent.example", "gone.example")
    ]
    keys = [feed_key(one.id, DUE) for one in known]
    draft, other = (Piece(kind="draft", key=slot_key(name, DUE), due=DUE) for name in ("hill", "dale"))
    feeds = [Piece(kind="feed", key=key, due=DUE, deadline=DUE) for key in keys]
    work.plan(
        (*feeds, draft, other), (Need(of=one.name, needs=f.name) for one in (draft, other) for f in feeds)
    )
    for feed, result in zip(feeds, (UNANSWERED, ""), strict=True):
        work.finish(claim(work, feed), result=result)

    end(work, claim(work, draft), known)

    assert {row.name for row in work.ready(limit=9, again=LEASE)} == {other.name}
    (again,) = work.find_all("feed", [f"{key} 1" for key in keys])
    assert (again.key, again.limit_key) == (f"{keys[0]} 1", "host:silent.example")
    work = WorkLedger(archive, now=lambda: NOW + timedelta(seconds=5))
    assert work.claim(*draft.name, owner="one", lease=LEASE) is None
    work.finish(claim(work, again))
    retried = work.claim(*draft.name, owner="one", lease=LEASE)
    assert retried is not None

    end(work, retried, known)  # the feed has answered: it is not asked again

    assert not work.find_all("feed", [f"{key} 2" for key in keys])


def test_a_piece_of_a_slot_that_is_long_over_is_given_up(work: WorkLedger) -> None:
    """As after a clock that was set, although its deadline counts by the clock of the database."""
    piece = Piece(kind="mix", key=slot_key("hill", DUE), due=DUE, deadline=DUE + timedelta(hours=9))
    claimed = claim(work, piece)
    context = WorkContext(**dict.fromkeys(PARTS), work=work, now=lambda: DUE + timedelta(minutes=11))
    PieceWork(context=context).do(claimed)
    left = work.find(*piece.name)
    assert left is not None
    assert (left.state, left.note) == (PieceState.FAILED, f"hill: the slot at {DUE.isoformat()} is over")


def test_the_lease_of_a_request_is_not_over_for_a_machine_whose_clock_is_ahead(archive: Archive) -> None:
    ledger, now = RequestLedger(archive), archive.now()
    asked = {"asked_by": "ann", "key": "1", "now": now, "expires_at": now + timedelta(hours=1)}
    request = ledger.ask("hill", RequestKind.MAKE_NOW, **asked)
    assert ledger.claim(request.id, owner="one", now=now, lease=timedelta(minutes=2), leases_at=archive.now())
    ahead = now + timedelta(minutes=3)
    assert list(request_pieces(archive, ["hill"], now=ahead)) == []
    late = ledger.claim(
        request.id, owner="two", now=ahead, lease=timedelta(minutes=2), leases_at=archive.now()
    )
    assert late is None


def end(work: WorkLedger, draft: ClaimedPiece, feeds: list[GroupFeed]) -> None:
    """End a draft that found no news."""
    known = cast(GroupFeeds, SimpleNamespace(of_draft=lambda loaded, desk: feeds))
    loaded = SimpleNamespace(profile=SimpleNamespace(stories=StoriesOptions()))
    worker = SimpleNamespace(
        margin=timedelta(seconds=5), usual_time=lambda: timedelta(seconds=30), loaded=loaded
    )
    context = context_of(work, feeds=known)
    slot = cast(Any, SimpleNamespace(due=DUE))
    end_without_news(context, draft, cast(Any, worker), slot, note="no news", is_quiet=False)
