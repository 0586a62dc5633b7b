"""
Longest tick of the service when its clock jumps by years.

    python -m bench.clock_jumps [--jumps 40] [--seed 7] [--every-min 5] [--stations 1]

A station with a slot every five minutes has a year of rows in its ledger (`--stations` adds stations without rows).
The clock begins in 1970, as on a board without a battery, is set to today, and then jumps by up to twelve years in
either direction; after each jump there are three ticks. Reconciler, ledger, timetable, stand-by rule, alerts,
metrics and log are real; the work itself is replaced by an immediate success. Printed: each jump with its slowest
tick in milliseconds, of wall time (longer on a busy machine) and of processor time. The exit code is 1 if a tick
took more than a second of processor time.
"""

from __future__ import annotations

import argparse
import logging
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.model import Level, Slot
from bulletin.service.monitoring.alert_channels import AlertDispatch
from bulletin.service.monitoring.log_and_alert_on_events import EventDesk
from bulletin.service.monitoring.prometheus_metrics import Metrics
from bulletin.service.monitoring.station_health import read_health
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.station_worker import StationWorker
from bulletin.service.thread_pool import Job
from bulletin.service.worker_base_classes import SlotOutcome

TODAY = datetime(2026, 11, 25, 7, 2, tzinfo=UTC)
SWITCHED_ON = datetime(1970, 1, 1, 0, 0, 20, tzinfo=UTC)
_TICKS = 3
_MOST_S = 1.0
_PROFILE = """
name = "Wexford FM"

[[feeds]]
url = "https://gazette.example/rss"
name = "Gazette"

[[clock.slots]]
at = "00:00-23:55"
every_min = {every_min}
days = ["daily"]
"""


@dataclass
class Clock:
    """Stands where it is put."""

    now: datetime = SWITCHED_ON

    def __call__(self) -> datetime:
        return self.now


class AtOnceWorker(StationWorker):
    """A real station's worker, whose work is done as soon as it is begun."""

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        """Nothing is made."""
        return SlotOutcome(level=Level.FRESH)

    def prepare(self, slot: Slot) -> SlotOutcome:
        """Nothing is made."""
        return SlotOutcome(level=Level.LAST_GOOD)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--jumps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--every-min", type=int, default=5)
    parser.add_argument("--stations", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logging.basicConfig(filename=folder / "log", level=logging.INFO)
        loaded = [_profile(folder / f"wex{n}.toml", options.every_min) for n in range(options.stations)]
        with Archive.open(folder / "archive.sqlite") as archive:
            slowest_s = _jump(loaded, archive, folder, jumps=options.jumps, seed=options.seed)
        print(f"log: {(folder / 'log').stat().st_size / 1e6:.1f} MB")
    print(f"slowest tick: {slowest_s * 1e3:.0f} ms of CPU")
    return int(slowest_s > _MOST_S)


def _profile(path: Path, every_min: int) -> LoadedProfile:
    path.write_text(_PROFILE.format(every_min=every_min), encoding="utf-8")
    return load_profile(str(path))


def _jump(loaded: Sequence[LoadedProfile], archive: Archive, folder: Path, *, jumps: int, seed: int) -> float:
    clock = Clock()
    desk = _desk(loaded, archive, folder / "output", clock)
    work = list[Job]()
    reconciler = _reconciler(loaded, archive, folder / "output", clock, desk=desk, work=work)
    _write_year(reconciler)
    draw = random.Random(seed)
    drawn = [TODAY + timedelta(days=draw.uniform(-12, 12) * 365) for _ in range(jumps)]
    slowest_s = 0.0
    for moment in (SWITCHED_ON, TODAY, SWITCHED_ON, TODAY + timedelta(days=3650), TODAY, *drawn, TODAY):
        clock.now = moment
        ticks = [_tick(reconciler, desk, clock, work) for _ in range(_TICKS)]
        wall_s, cpu_s = (max(times) for times in zip(*ticks, strict=True))
        slowest_s = max(slowest_s, cpu_s)
        print(f"{moment:%Y-%m-%d %H:%M}  {wall_s * 1e3:6.0f} ms, CPU {cpu_s * 1e3:6.0f} ms")
    return slowest_s


def _tick(reconciler: SlotReconciler, desk: EventDesk, clock: Clock, work: list[Job]) -> tuple[float, float]:
    """Seconds of one, by the wall and of CPU; the work that it begins is another thread's, and done afterwards."""
    began, cpu = time.perf_counter(), time.process_time()
    reconciler.reconcile()
    desk.save_again()
    took_s = time.perf_counter() - began, time.process_time() - cpu
    while work:
        work.pop()()
    clock.now += timedelta(seconds=5)
    return took_s


def _desk(loaded: Sequence[LoadedProfile], archive: Archive, output: Path, clock: Clock) -> EventDesk:
    by_id = {profile.id: profile for profile in loaded}
    for name in by_id:
        (output / name).mkdir(parents=True)
    return EventDesk(
        {profile.id: profile.profile.alerts for profile in loaded},
        metrics=Metrics(stations=tuple, output=output, speech=output),
        dispatch=AlertDispatch(),
        read_health=lambda station: read_health(archive, by_id[station], now=clock()),
        zone_of=lambda station: "Europe/London",
        output=output,
        now=clock,
    )


def _reconciler(
    loaded: Sequence[LoadedProfile],
    archive: Archive,
    output: Path,
    clock: Clock,
    *,
    desk: EventDesk,
    work: list[Job],
) -> SlotReconciler:
    reconciler = SlotReconciler(
        ledger=SlotLedger(archive),
        workers=[
            AtOnceWorker(loaded=profile, output=output, archive=archive, clock=clock) for profile in loaded
        ],
        owner="bench",
        submit=work.append,
        watcher=desk,
        now=clock,
    )
    reconciler.begin()
    return reconciler


def _write_year(reconciler: SlotReconciler) -> None:
    """A year in which every slot was met by a stand-by: rows that are done, as the ledger has them."""
    worker = reconciler.workers[0]
    ledger = reconciler.ledger
    slots = [*worker.slots(since=TODAY - timedelta(days=365), until=TODAY)]
    ledger.plan(slots)
    for slot in slots[:: len(slots) // 2000]:
        ledger.put_on_air(worker.id, slot.due, level=Level.LAST_GOOD, now=slot.due - timedelta(minutes=2))
    ledger.close(worker.id, before=TODAY)
    print(f"{len(slots)} rows in the ledger")


if __name__ == "__main__":
    raise SystemExit(main())
