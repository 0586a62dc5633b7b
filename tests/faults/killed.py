"""
A service's work in children that kill themselves with SIGKILL at a moment they were told.

Everything is imported once, then forked: starting Python would be most of two hundred runs. Reads a line of
JSON for each child, {"now", "stage", "after_s"}; answers {"stage", "status", "seconds"}.
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
from bulletin.service.slots.reconcile_slots_with_clock import SlotReconciler
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import SlotOutcome
from bulletin.station.build_station_object import open_archive


class Doomed:
    """A listener that notes each stage, and kills the process within the one that it was told."""

    def __init__(self, note: Path, *, stage: str, after_s: float) -> None:
        self.note, self.stage, self.after_s = note, stage, after_s
        self.seconds: dict[str, float] = {}

    def begin(self, stage: str) -> None:
        """Kill at once or a little later; a thread of its own does not wait for the work."""
        whole = self.note.with_suffix(".whole")
        whole.write_text(stage)
        whole.replace(self.note)  # a kill in between must not leave it empty
        if stage != self.stage:
            return
        if self.after_s <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        timer = threading.Timer(self.after_s, os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()

    def progress(self, done: int, total: int, what: str) -> None:
        """Say nothing."""

    def end(self, stage: str, seconds: float, summary: str) -> None:
        """What comes behind the last stage has no name in the pipeline."""
        self.seconds[stage] = seconds
        if stage == "publish":
            self.begin("after")


class Quiet:
    """Tells nobody."""

    def met(self, record: SlotRecord) -> None: ...

    def missed(self, record: SlotRecord) -> None: ...

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None: ...

    def failed(self, station: str, what: str, error: BaseException) -> None:
        print(f"{station} {what}: {error!r}", file=sys.stderr)


def work(doomed: Doomed, *, now: datetime, output: Path) -> None:
    """What a service does that has just been started."""
    loaded = load_profile("valley.toml")
    if doomed.stage == "stand-by":
        doomed.begin("stand-by")
    with open_archive(output) as archive:
        reconciler = SlotReconciler(
            ledger=SlotLedger(archive),
            workers=[
                StationWorker(
                    loaded=loaded, output=output, archive=archive, clock=lambda: now, listener=doomed
                )
            ],
            owner=str(os.getpid()),
            submit=_at_once,
            watcher=Quiet(),
            now=lambda: now,
        )
        reconciler.begin()
        reconciler.reconcile()
        reconciler.reconcile()


def _at_once(piece: Callable[[], None]) -> None:
    piece()


def child(order: dict[str, Any], note: Path) -> None:
    """Never returns."""
    doomed = Doomed(note, stage=order["stage"], after_s=order["after_s"])
    began = time.monotonic()
    work(doomed, now=datetime.fromisoformat(order["now"]).astimezone(UTC), output=Path("output"))
    doomed.seconds["all"] = time.monotonic() - began
    note.write_text(json.dumps(doomed.seconds))
    os._exit(0)


def main() -> None:
    note = Path("stage")
    # whatever is imported on the way is imported now, for all children
    work(Doomed(note, stage="", after_s=0.0), now=datetime.fromisoformat(sys.argv[1]), output=Path("warm"))
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
