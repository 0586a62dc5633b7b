"""Daily maintenance: retention runs once a day, even where bulletins fail."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.repair.daily_copies import find_copies
from bulletin.config.load_profile import load_profile
from bulletin.model import Level, Slot
from bulletin.service.daily_maintenance import AGAIN, EVERY, OVERDUE, QUIET, DailyMaintenance
from bulletin.service.open_archive_or_fallback import open_service_archive
from bulletin.service.station_worker import StationWorker
from tests.service.clocked_station import HOUR, MINUTE, SEVEN, Clock, HourlyWorker, at_once

DAY = timedelta(days=1)


@dataclass
class Notes:
    """Watcher that records failures."""

    lines: list[str] = field(default_factory=list)

    def failed(self, station: str, what: str, error: BaseException) -> None:
        self.lines.append(f"{station} {what}: {error}")


@dataclass
class Tidied(HourlyWorker):
    """Worker that records the times of its `tidy` calls, or fails with `error`."""

    clock: Clock = field(default_factory=Clock)
    at: list[datetime] = field(default_factory=list)
    error: Exception | None = None

    def tidy(self) -> None:
        self.at.append(self.clock.now)
        if self.error:
            raise self.error


def maintenance(
    clock: Clock, *, notes: Notes | None = None, submit: Callable[[Callable[[], None]], None] = at_once
) -> DailyMaintenance:
    return DailyMaintenance(submit=submit, failed=(notes or Notes()).failed, now=clock)


def turn(
    made: DailyMaintenance, clock: Clock, *workers: Tidied, until: datetime, is_idle: bool = True
) -> None:
    while clock.now < until:
        made.run_due(workers, is_idle=is_idle)
        clock.now += MINUTE


def test_each_station_is_tidied_once_a_day() -> None:
    clock = Clock(SEVEN + 20 * MINUTE)
    workers = [Tidied(id=name, clock=clock) for name in ("wex", "hill")]

    turn(maintenance(clock), clock, *workers, until=SEVEN + 3 * DAY)

    assert [len(worker.at) for worker in workers] == [3, 3]
    assert {b - a for worker in workers for a, b in zip(worker.at, worker.at[1:], strict=False)} == {EVERY}


def test_not_while_a_slot_is_near_or_may_still_be_late() -> None:
    clock = Clock(SEVEN - HOUR + 55 * MINUTE)
    worker = Tidied(clock=clock)

    turn(maintenance(clock), clock, worker, until=SEVEN + HOUR)

    (at,) = worker.at
    assert at == SEVEN + worker.grace + MINUTE
    assert at + worker.lead() + worker.margin + QUIET < SEVEN + HOUR


def test_not_while_a_job_is_in_work() -> None:
    clock = Clock(SEVEN + 20 * MINUTE)
    worker = Tidied(clock=clock)
    made = maintenance(clock)

    turn(made, clock, worker, until=SEVEN + 30 * MINUTE, is_idle=False)
    assert worker.at == []
    turn(made, clock, worker, until=SEVEN + 31 * MINUTE)

    assert len(worker.at) == 1


def test_a_busy_process_is_tidied_after_the_overdue_limit() -> None:
    class EveryFiveMinutes(Tidied):
        def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
            return [Slot(station=self.id, due=since, length_s=60.0)]

    clock = Clock(SEVEN)
    worker = EveryFiveMinutes(clock=clock)

    turn(maintenance(clock), clock, worker, until=SEVEN + DAY, is_idle=False)

    assert worker.at == [SEVEN + OVERDUE]


def test_stations_are_tidied_one_after_another() -> None:
    clock, begun = Clock(SEVEN + 20 * MINUTE), list[Callable[[], None]]()
    workers = [Tidied(id=name, clock=clock) for name in ("wex", "hill")]
    made = maintenance(clock, submit=begun.append)

    turn(made, clock, *workers, until=SEVEN + 25 * MINUTE)
    assert len(begun) == 1
    begun.pop()()
    turn(made, clock, *workers, until=SEVEN + 27 * MINUTE)

    assert len(begun) == 1
    assert [len(worker.at) for worker in workers] == [1, 0]


@pytest.mark.parametrize("error", [OSError(errno.EROFS, "Read-only file system"), RuntimeError("a bug")])
def test_a_failure_is_reported_and_retried_in_an_hour(error: Exception) -> None:
    clock, notes = Clock(SEVEN + 20 * MINUTE), Notes()
    worker = Tidied(clock=clock, error=error)
    made = maintenance(clock, notes=notes)

    turn(made, clock, worker, until=SEVEN + 4 * HOUR)
    worker.error = None
    turn(made, clock, worker, until=SEVEN + DAY)

    assert [b - a for a, b in zip(worker.at, worker.at[1:], strict=False)] == [AGAIN] * (len(worker.at) - 1)
    assert len(worker.at) == 5
    assert notes.lines == [f"wex upkeep: {error}"] * 4


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 3 * DAY, -3 * DAY])
def test_a_clock_jump_delays_maintenance_by_a_day_at_most(jump: timedelta) -> None:
    clock = Clock(SEVEN + 20 * MINUTE)
    worker = Tidied(clock=clock)
    made = maintenance(clock)
    turn(made, clock, worker, until=SEVEN + 2 * HOUR)

    clock.now += jump
    jumped = clock.now
    turn(made, clock, worker, until=jumped + DAY + HOUR)

    assert worker.at[-1] >= jumped
    assert len(worker.at) in (2, 3)


@pytest.mark.slow
def test_a_station_whose_bulletins_fail_keeps_within_its_limits(tmp_path: Path) -> None:
    """Its feed is gone: every run ends without a bulletin, and old files used to stay."""
    path = tmp_path / "wex.toml"
    path.write_text(
        'name = "Wex"\ntime_zone = "UTC"\n[[feeds]]\nurl = "gone.rss"\n[speech]\nchain = ["tone"]\ncache_mb = 0.1\n'
        '[clock]\nslots = [{ at = "00:00-23:00" }]\n[outputs]\nmake = ["podcast"]\n'
        "[keep]\naudio_days = 10\nruns_days = 2\n",
        encoding="utf-8",
    )
    output, clock, notes = tmp_path / "out", Clock(SEVEN), Notes()
    old, new, named = (output / "wex" / f"wex-{day}-0700.mp3" for day in ("20261101", "20261124", "20261102"))
    cached = output / ".bulletin" / "speech" / "ab" / "ab01-00000000.wav"
    for file in (old, new, named, cached):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * 200_000)
        days = 1 if file == new else 20
        os.utime(file, (SEVEN.timestamp() - days * 86_400,) * 2)
    (output / "wex" / "feed.xml").write_text(f'<enclosure url="https://a/{named.name}"/>', encoding="utf-8")
    with open_service_archive(output) as archive:
        worker = StationWorker(loaded=load_profile(str(path)), output=output, archive=archive, clock=clock)
        made = maintenance(clock, notes=notes)
        for hour in (0, 1, 72):
            due = SEVEN + hour * HOUR
            clock.now = due - MINUTE
            outcome = worker.work(Slot(station="wex", due=due, length_s=60.0), ready_by=due)
            assert outcome.level not in (Level.FRESH, Level.PARTIAL)
            clock.now = due + 20 * MINUTE
            made.run_due([worker], is_idle=True)
        (run,) = RunJournal(archive).runs("wex", limit=10)
        copies = [copy.name for copy in find_copies(archive.path)]

    assert notes.lines == []
    assert copies == ["archive-20261128.sqlite", "archive-20261125.sqlite"]  # for each day of operation
    assert [file.exists() for file in (old, new, named, cached)] == [False, True, True, False]
    assert run.began_at == SEVEN + 72 * HOUR - MINUTE
    assert "no feed could be reached" in run.error
