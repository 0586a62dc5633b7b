"""Pieces of work that a worker holds: their leases are renewed, but not that of a piece that hangs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""A piece of a dead worker is taken by another one after it."""
_OVERTIME_S = 120.0
"""Time after its deadline in which a piece ends by itself, or hangs."""
_LONGEST_S = 7200.0
"""The most for any piece: an upload to a slow server, the maintenance of a large station."""


@dataclass(slots=True, kw_only=True)
class HeldPieces:
    """Pieces in work in this process; threads may use it at the same time."""

    work: WorkLedger
    now: Callable[[], datetime]
    """The clock of deadlines."""
    monotonic: Callable[[], float] = time.monotonic
    _held: dict[tuple[str, str], tuple[ClaimedPiece, float]] = field(default_factory=dict)
    """Pieces, and when they hang, in monotonic seconds."""
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def holding(self, piece: ClaimedPiece) -> Iterator[None]:
        """Have the lease of a piece renewed meanwhile."""
        left_s = (piece.deadline - self.now()).total_seconds() if piece.deadline else _LONGEST_S
        hangs_at = self.monotonic() + min(max(0.0, left_s) + _OVERTIME_S, _LONGEST_S)
        with self._guard:
            self._held[piece.name] = piece, hangs_at
        try:
            yield
        finally:
            with self._guard:
                self._held.pop(piece.name, None)

    def renew(self) -> bool:
        """Renew all leases; False where a piece hangs, whose lease is left to end. Raises ArchiveError."""
        is_well = True
        for piece, hangs_at in self._now_held():
            if self.monotonic() >= hangs_at:
                log.error("piece of work hangs, it is left to another worker: piece=%s/%s", *piece.name)
                is_well = False
            elif not self.work.renew(piece, lease=LEASE) and self._holds(piece):
                log.warning("piece of work lost, its result will be refused: piece=%s/%s", *piece.name)
        return is_well

    def release(self) -> None:
        """Give back all but what hangs, as a worker that ends does. Raises ArchiveError."""
        for piece, hangs_at in self._now_held():
            if self.monotonic() < hangs_at:
                self.work.release(piece)

    def _now_held(self) -> tuple[tuple[ClaimedPiece, float], ...]:
        with self._guard:
            return tuple(self._held.values())

    def _holds(self, piece: ClaimedPiece) -> bool:
        """Whether this worker still does the piece, or has just ended it."""
        with self._guard:
            held = self._held.get(piece.name)
        return held is not None and held[0] is piece
