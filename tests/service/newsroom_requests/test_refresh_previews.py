"""Previews are made anew while somebody has the newsroom open, and otherwise not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_requests import RequestLedger
from bulletin.model import Slot
from bulletin.service.newsroom_requests.newsroom_presence import is_open, note_open
from bulletin.service.newsroom_requests.refresh_previews import PreviewRefresh
from bulletin.service.station_worker import StationWorker
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, newsroom

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)


@dataclass
class World:
    """Station "hill" with a preview of NOW for the next hour."""

    archive: Archive
    output: Path
    refresh: PreviewRefresh
    now: datetime = NOW + MINUTE

    def asked(self) -> int:
        """Number of new requests; they are claimed, as the service does."""
        self.refresh.ask_due()
        ledger = RequestLedger(self.archive)
        due = ledger.due(["hill"], now=self.now)
        for request in due:
            ledger.claim(request.id, owner="one", now=self.now, lease=HOUR)
        return len(due)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with newsroom(tmp_path) as desk:
        os.utime(desk.loaded.path, (0, 0))
        worker = StationWorker(loaded=desk.loaded, output=desk.output, archive=desk.archive)
        refresh = PreviewRefresh(archive=desk.archive, workers=lambda: [worker], now=lambda: made.now)
        made = World(desk.archive, desk.output, refresh)
        yield made


def test_a_page_that_is_open_counts_for_some_minutes(world: World) -> None:
    assert not is_open(world.output, "hill", now=world.now)
    note_open(world.output, "hill", now=world.now)
    assert is_open(world.output, "hill", now=world.now + MINUTE)
    assert not is_open(world.output, "hill", now=world.now + HOUR)
    assert not is_open(world.output, "hill", now=world.now - HOUR)  # the clock was set back


def test_with_the_newsroom_closed_no_preview_is_made(world: World) -> None:
    world.now += 20 * MINUTE

    assert world.asked() == 0


def test_while_it_is_open_an_old_preview_is_made_anew_without_a_flood(world: World) -> None:
    note_open(world.output, "hill", now=world.now)
    assert world.asked() == 0  # a minute old

    world.now += 6 * MINUTE
    note_open(world.output, "hill", now=world.now)
    assert [world.asked(), world.asked()] == [1, 0]
    world.now += MINUTE / 2
    assert world.asked() == 0
    assert RequestLedger(world.archive).rows("hill") == ()  # no line of its own on the editors' list
    assert AuditLedger(world.archive).changes("hill") == ()


def test_a_preview_of_a_slot_that_has_begun_is_replaced_at_once(world: World) -> None:
    due = NOW + HOUR
    ledger = SlotLedger(world.archive)
    ledger.plan([Slot(station="hill", due=due, length_s=60)])
    ledger.claim("hill", due, owner="one", now=world.now, lease=HOUR)
    note_open(world.output, "hill", now=world.now)

    assert world.asked() == 1


def test_a_changed_profile_gives_a_new_preview(world: World) -> None:
    note_open(world.output, "hill", now=world.now)
    (worker,) = world.refresh.workers()
    os.utime(worker.loaded.path, (NOW.timestamp() + 30, NOW.timestamp() + 30))

    assert world.asked() == 1
