"""
Work of a service in child processes that kill themselves with SIGKILL at a given moment.

All modules are imported once before the fork, as starting Python would take most of the time of two hundred runs.
Reads a line of JSON for each child, {"now", "stage", "after_s"}; answers {"stage", "status", "seconds"}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.config.load_profile import load_profile
from bulletin.model import SlotRecord
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import SlotOutcome
from bulletin.station.open_archive import open_archive


class KillingListener:
    """Listener that notes each stage, and kills the process in a given stage."""

    def __init__(self, note: Path, *, stage: str, after_s: float) -> None:
        self.note, self.stage, self.after_s = note, stage, after_s
        self.seconds: dict[str, float] = {}

    def begin(self, stage: str) -> None:
        """Kill at once or a little later, by a thread beside the work."""
        complete_note = self.note.with_suffix(".whole")
        complete_note.write_text(stage)
        complete_note.replace(self.note)  # a kill in between must not leave the note empty
        if stage != self.stage:
            return
        if self.after_s <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        timer = threading.Timer(self.after_s, os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()

    def progress(self, done: int, total: int, what: str) -> None:
        """Ignore progress."""

    def end(self, stage: str, seconds: float, summary: str) -> None:
        """Note the time of a stage; the work after the last stage has no name in the pipeline, so begin "after"."""
        self.seconds[stage] = seconds
        if stage == "publish":
            self.begin("after")


class QuietWatcher:
    """Watcher that only prints failures."""

    def met(self, record: SlotRecord) -> None: ...

    def missed(self, record: SlotRecord) -> None: ...

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None: ...

    def failed(self, station: str, what: str, error: BaseException) -> None:
        print(f"{station} {what}: {error!r}", file=sys.stderr)


def work(listener: KillingListener, *, now: datetime, output: Path) -> None:
    """Work of a service that has just started."""
    loaded = load_profile("valley.toml")
    if listener.stage == "stand-by":
        listener.begin("stand-by")
    with open_archive(output) as archive:
        reconciler = SlotReconciler(
            ledger=SlotLedger(archive),
            workers=[
                StationWorker(
                    loaded=loaded, output=output, archive=archive, clock=lambda: now, listener=listener
                )
            ],
            owner=str(os.getpid()),
            submit=_at_once,
            watcher=QuietWatcher(),
            now=lambda: now,
        )
        reconciler.begin()
        reconciler.reconcile()
        reconciler.reconcile()


def _at_once(piece: Callable[[], None]) -> None:
    piece()


def child(order: dict[str, Any], note: Path) -> None:
    """Work of a child process; never returns."""
    listener = KillingListener(note, stage=order["stage"], after_s=order["after_s"])
    began = time.monotonic()
    work(listener, now=datetime.fromisoformat(order["now"]).astimezone(UTC), output=Path("output"))
    listener.seconds["all"] = time.monotonic() - began
    note.write_text(json.dumps(listener.seconds))
    os._exit(0)


def main() -> None:
    note = Path("stage")
    # one run imports all lazily imported modules for all children
    work(
        KillingListener(note, stage="", after_s=0.0),
        now=datetime.fromisoformat(sys.argv[1]),
        output=Path("warm"),
    )
    for line in sys.stdin:
        note.write_text("start")
        pid = os.fork()
        if pid == 0:
            try:
                child(json.loads(line), note)
            finally:
                os._exit(1)
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"stage": note.read_text(), "status": status}), flush=True)


if __name__ == "__main__":
    main()
