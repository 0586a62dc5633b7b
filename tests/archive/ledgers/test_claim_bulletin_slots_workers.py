"""Workers killed at random: the next worker goes on, and no slot is made twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Slot, SlotRecord, SlotState

EIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

WORKER = """
    import sys, time
    from datetime import UTC, datetime, timedelta
    from pathlib import Path
    from bulletin.archive.archive import Archive
    from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
    from bulletin.model import Level

    name, path = sys.argv[1], Path(sys.argv[2])
    lease = timedelta(seconds=0.3)
    far = datetime(2100, 1, 1, tzinfo=UTC)
    with Archive.open(path / "archive.sqlite") as archive:
        ledger = SlotLedger(archive)
        while True:
            todo = ledger.open_rows(until=far)
            for slot in todo:
                now = datetime.now(UTC)
                if not ledger.claim(slot.station, slot.due, owner=name, now=now, lease=lease):
                    continue
                time.sleep(0.002)
                if ledger.finish(slot.station, slot.due, owner=name, level=Level.FRESH, now=datetime.now(UTC)):
                    with (path / "done.log").open("a") as log:
                        log.write(f"{slot.due.isoformat()}\\n")
            time.sleep(0.01)
"""


@pytest.mark.faults
def test_two_workers_that_are_killed_again_and_again_do_everything_once(tmp_path: Path) -> None:
    """kill -9 at random moments. A kill between the finish and the log loses only the log line."""
    count, kills = 400, 40
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        SlotLedger(archive).plan([slot(EIGHT + number * HOUR) for number in range(count)])
    chance = random.Random(8)

    def start(name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", textwrap.dedent(WORKER), name, str(tmp_path)])

    workers = [start("worker-0"), start("worker-1")]
    for number in range(kills):
        time.sleep(chance.uniform(0.05, 0.4))
        victim = chance.randrange(2)
        os.kill(workers[victim].pid, signal.SIGKILL)
        workers[victim].wait()
        workers[victim] = start(f"worker-{number + 2}")
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        ledger = SlotLedger(archive)
        give_up = time.monotonic() + 120
        while (
            any(slot.state is not SlotState.DONE for slot in all_of(ledger, count))
            and time.monotonic() < give_up
        ):
            time.sleep(0.1)
        for worker in workers:
            worker.kill()
            worker.wait()
        rows = all_of(ledger, count)
    logged = (tmp_path / "done.log").read_text().split()

    assert [slot.state for slot in rows] == [SlotState.DONE] * count
    assert len(logged) == len(set(logged))
    assert count - kills <= len(logged) <= count
    with sqlite3.connect(tmp_path / "archive.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def all_of(ledger: SlotLedger, count: int) -> tuple[SlotRecord, ...]:
    return ledger.rows(since=EIGHT, until=EIGHT + count * HOUR)


def slot(due: datetime = EIGHT, station: str = "wex") -> Slot:
    return Slot(station=station, due=due, length_s=120.0)
