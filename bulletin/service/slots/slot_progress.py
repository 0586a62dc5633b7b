"""
Stages of a slot's bulletin while the service makes it, as a small file that the newsroom reads.

A file and not the archive: a write that waits for no disk costs the bulletin nothing. What a killed service leaves
behind is told from the ledger of slots, which says whether the bulletin is still being made.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bulletin.pipeline.stage_timer import Listener
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.station.build_station_object import STATE

_EVERY_S = 1.0
"""Steps within a stage are written once a second at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotStage:
    """How far the bulletin of a slot is."""

    due: datetime
    stage: str
    """ "gather", "speak"; empty: begun."""
    step: str = ""
    """ "12 of 40: kokoro: bf_emma, about 50 s left"."""
    done: tuple[tuple[str, float, str], ...] = ()
    """Name, seconds and result of each stage that has ended."""


def progress_file(output: Path, station: str) -> Path:
    """Where the stages of a station's bulletin are."""
    return output / STATE / "newsroom" / station / "making.json"


def read_slot_stage(path: Path) -> SlotStage | None:
    """The last written stage; None without one. A file of a killed service may be old."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return SlotStage(
            due=datetime.fromisoformat(data["due"]),
            stage=str(data["stage"]),
            step=str(data["step"]),
            done=tuple((str(name), float(seconds), str(summary)) for name, seconds, summary in data["done"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(slots=True, kw_only=True)
class SlotProgress(Listener):
    """Listener of a run that writes its stages, where the newsroom has ever been open. A failure stops no work."""

    path: Path
    due: datetime
    inner: Listener | None = None
    """Another listener, which gets the same."""
    clock: Callable[[], float] = time.monotonic
    _stage: str = ""
    _done: list[tuple[str, float, str]] = field(default_factory=list)
    _written_at: float | None = None

    def begin(self, stage: str) -> None:
        """Write that a stage begins."""
        if self.inner:
            self.inner.begin(stage)
        self._stage = stage
        self._write()

    def progress(self, done: int, total: int, what: str) -> None:
        """Write a step, unless one was written within the last second."""
        if self.inner:
            self.inner.progress(done, total, what)
        if self._written_at is None or self.clock() - self._written_at >= _EVERY_S:
            self._write(f"{done} of {total}: {what}" if what else f"{done} of {total}")

    def end(self, stage: str, seconds: float, summary: str) -> None:
        """Write the result of a stage."""
        if self.inner:
            self.inner.end(stage, seconds, summary)
        self._done.append((stage, round(seconds, 2), summary))
        self._write()

    def close(self) -> None:
        """Delete the file: the bulletin is made, or it failed."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _write(self, step: str = "") -> None:
        self._written_at = self.clock()
        data = {"due": self.due.isoformat(), "stage": self._stage, "step": step, "done": self._done}
        if self.path.parent.is_dir():
            with suppress(OSError), atomic_file(self.path) as part:
                part.write_text(json.dumps(data), "utf-8")
