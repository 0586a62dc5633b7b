"""Stages of a run -> the request's row, so that a page can show the work as it happens."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bulletin.archive.ledgers.newsroom_requests import RequestLedger, StageDone
from bulletin.errors import ArchiveError
from bulletin.pipeline.stage_timer import Listener

log = logging.getLogger(__name__)

_EVERY_S = 1.0
"""Steps within a stage are written once a second at most: each write waits for the disk."""


@dataclass(slots=True, kw_only=True)
class RequestProgress(Listener):
    """Listener of a run that records its stages. A failure to record them stops no work."""

    ledger: RequestLedger
    number: int
    owner: str
    clock: Callable[[], float] = time.monotonic
    _stage: str = ""
    _done: list[StageDone] = field(default_factory=list)
    _written_at: float | None = None

    def begin(self, stage: str) -> None:
        """Record that a stage begins."""
        self._stage = stage
        self._record()

    def progress(self, done: int, total: int, what: str) -> None:
        """Record a step, unless one was recorded within the last second."""
        if self._written_at is None or self.clock() - self._written_at >= _EVERY_S:
            self._record(f"{done} of {total}: {what}" if what else f"{done} of {total}")

    def end(self, stage: str, seconds: float, summary: str) -> None:
        """Record the result of a stage."""
        self._done.append(StageDone(stage=stage, seconds=round(seconds, 2), summary=summary))
        self._record()

    def _record(self, step: str = "") -> None:
        self._written_at = self.clock()
        try:
            self.ledger.progress(
                self.number, owner=self.owner, stage=self._stage, step=step, stages=self._done
            )
        except ArchiveError as error:
            log.debug("progress of a request not recorded: request=%d: %s", self.number, error)
