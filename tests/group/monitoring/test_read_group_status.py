"""Ledgers -> state of a group; on SQLite, whose tables and queries are those of PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import Need, Piece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.group.monitoring.group_status import SlotStanding
from bulletin.group.monitoring.read_group_status import CANARY, read_group_status
from bulletin.model import Level, Slot
from tests.support.factories import NOW

SECOND = timedelta(seconds=1)
DUE = NOW + timedelta(minutes=5)


def piece(kind: str, key: str, station: str = "", **fields: str) -> Piece:
    return Piece(kind=kind, key=key, due=DUE, station=station, needs_voice=fields.get("voice", ""))


def test_status_is_read_from_the_ledgers(tmp_path: Path):
    now = NOW

    def clock() -> datetime:
        return now

    with Archive.open(tmp_path / "archive.sqlite") as archive:
        slots, work = SlotLedger(archive), WorkLedger(archive, now=clock)
        register = WorkerLedger(archive, now=clock)
        slots.plan(Slot(station=name, due=DUE, length_s=30) for name in ("hill", "valley"))
        slots.plan([Slot(station="hill", due=NOW - SECOND, length_s=30)])
        slots.put_on_air("hill", NOW - SECOND, level=Level.IDENT, now=NOW - 9 * SECOND)
        register.announce(GroupWorker(name="studio-1", voices=("hibari:demo",), stations=("hill", "valley")))
        register.set_value(CANARY, (NOW - 4 * SECOND).isoformat())
        work.plan(
            [
                piece("feed", "a"),
                piece("draft", "hill", "hill"),
                piece("speak", "s1", voice="hibari:demo"),
                piece("speak", "s2", "valley", voice="kokoro:af"),
                piece("tidy", "t"),
            ],
            [Need(of=("draft", "hill"), needs=("feed", "a"))],
        )
        now += 7 * SECOND
        feed = work.claim("feed", "a", owner="studio-1", lease=30 * SECOND)
        speech = work.claim("speak", "s1", owner="studio-1", lease=30 * SECOND, abilities=["hibari:demo"])
        tidying = work.claim("tidy", "t", owner="studio-1", lease=30 * SECOND)
        assert feed
        assert speech
        assert tidying
        work.finish(feed)
        work.give_up(tidying, note="the disk is full")
        now += 2 * SECOND

        status = read_group_status(archive, group="north", now=clock, machine_now=lambda: now + 3 * SECOND)
        mine = read_group_status(
            archive, group="north", now=clock, stations=["hill"], machine_now=lambda: now
        )
        assert work.claim("speak", "s2", owner="studio-1", lease=30 * SECOND, abilities=["kokoro:af"])
        # the draft waits since its last need was done
        assert read_group_status(archive, group="north", now=clock).queue_age_s == 2

    assert (status.past, status.coming) == ({SlotStanding.STANDBY: 1}, {SlotStanding.DUE: 2})
    assert [standing.station for standing in status.stations] == ["hill", "valley"]
    assert (status.waiting, status.working) == ({"draft": 1, "speak": 1}, {"speak": 1})
    assert (status.done, status.failed) == ({"feed": 1}, {"tidy": 1})
    assert [held.key for held in status.workers[0].holds] == ["s1"]
    assert (status.queue_age_s, status.canary_age_s, status.clock_ahead_s) == (9, 13, 3)
    assert status.voices_missing == {"kokoro:af": ("valley",)}

    assert [standing.station for standing in mine.stations] == ["hill"]
    assert (mine.coming, mine.voices_missing) == ({SlotStanding.DUE: 1}, {})
    assert mine.workers[0].holds == ()
