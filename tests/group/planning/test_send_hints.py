"""Hints of a planner: a full lane holds no other, and voices that are gone for a moment are waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.archive.ledgers.group.pieces_of_work import Piece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.group.engines.engine_port import MAIN, NETWORK
from bulletin.group.engines.thread_engine import ThreadEngine
from bulletin.group.planning.send_hints import HintSender
from tests.support.factories import NOW

DEMO = "hibari:demo"


class Seconds:
    """A clock turned by hand."""

    passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def sender(archive: Archive) -> HintSender:
    return HintSender(
        work=WorkLedger(archive, now=lambda: NOW),
        engine=ThreadEngine(),
        monotonic=Seconds(),
    )


def test_feeds_that_nobody_takes_stop_no_draft(sender: HintSender) -> None:
    sender.work.plan(Piece(kind="feed", key=str(number), due=NOW) for number in range(300))
    sender.send([])
    sender.work.plan([Piece(kind="draft", key="hill", due=NOW)])
    sender.send([])

    backlog = sender.engine.backlog()
    assert (backlog[NETWORK], backlog[MAIN]) == (200, 1)


@pytest.mark.slow
def test_a_mix_is_for_any_worker_when_its_voice_has_been_gone_for_a_while(sender: HintSender) -> None:
    """Not at once after an outage of the database, when the workers come back one after the other."""
    clock = sender.monotonic
    assert isinstance(clock, Seconds)
    mix = Piece(kind="mix", key="hill", due=NOW, needs_voice=DEMO)
    sender.work.plan([mix])
    live = [GroupWorker(name="first", voices=("tone:low",))]

    def is_free_after(*seconds: float) -> bool:
        for passed in seconds:
            clock.passed += passed
            sender.send(live)
        piece = sender.work.find(*mix.name)
        return piece is not None and piece.needs_voice == ""

    assert not is_free_after(0, 5, 5, 5, 5, 5)
    assert not is_free_after(60, 5, 5)  # the database was away
    live.append(GroupWorker(name="second", voices=(DEMO,)))
    assert not is_free_after(5, 5, 5, 5, 5, 5)
    live.pop()
    assert not is_free_after(5, 5, 5, 5, 5)
    assert is_free_after(5)


def test_a_round_has_hints_for_every_place_of_a_large_group(sender: HintSender) -> None:
    sender.work.plan(Piece(kind="draft", key=str(number), due=NOW) for number in range(500))
    sender.send([GroupWorker(name=str(number), parallel=2) for number in range(6)])
    assert sender.engine.backlog()[MAIN] == 480


def test_a_lane_that_is_more_than_half_full_is_filled_after_a_pause(sender: HintSender) -> None:
    clock, engine = sender.monotonic, sender.engine
    assert isinstance(clock, Seconds)
    sender.work.plan(Piece(kind="draft", key=str(number), due=NOW) for number in range(150))
    sender.send([])
    sender.work.plan(Piece(kind="draft", key=f"late {number}", due=NOW) for number in range(10))
    sender.send([])
    assert engine.backlog()[MAIN] == 150

    clock.passed += 2.0
    sender.send([])
    assert engine.backlog()[MAIN] == 160
