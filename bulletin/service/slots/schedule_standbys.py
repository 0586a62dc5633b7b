"""Stand-by of each station: prepared between its slots, put on air when a slot comes without news."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.errors import StuckError
from bulletin.model import Slot
from bulletin.service.worker_base_classes import SlotOutcome, SlotWorker, StepRunner, is_recent

log = logging.getLogger(__name__)

SlotKey = tuple[str, datetime]
"""Station and due time."""

_STANDBY_STUCK = timedelta(minutes=5)
_PREPARE_AGAIN = timedelta(minutes=1)
_SWAP_AGAIN = timedelta(seconds=30)
_SWAPS_REMEMBERED = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class StandbySwaps:
    """Prepares the stand-bys of all stations, and replaces expired on-air files by them."""

    runner: StepRunner
    _swaps: dict[SlotKey, tuple[SlotOutcome, datetime]] = field(default_factory=dict)
    """Stand-bys that went on air, and when."""
    _recorded_swaps: set[SlotKey] = field(default_factory=set)
    """Swaps that are in the ledger."""
    _swap_failed_at: dict[str, datetime] = field(default_factory=dict)
    _preparing: dict[str, datetime] = field(default_factory=dict)
    """By station, when the running job on its stand-by began."""
    _prepared_at: dict[str, datetime] = field(default_factory=dict)
    """By station, when the last such job began."""

    @property
    def is_idle(self) -> bool:
        """Whether no stand-by is being prepared."""
        return not self._preparing

    def find(self, key: SlotKey) -> tuple[SlotOutcome, datetime] | None:
        """The stand-by that went on air for that slot, and when."""
        return self._swaps.get(key)

    def swap_due(self, worker: SlotWorker, now: datetime) -> None:
        """
        Replace an expired on-air file by the stand-by, even while a job works on the slot; then update the
        ledger.

        Also for a service that starts after its slot: old news must not air as if it were new. Where the folder
        cannot be written it is tried again every half minute. Raises BulletinError.
        """
        if not is_recent(self._swap_failed_at.get(worker.id), now=now, within=_SWAP_AGAIN):
            self._swap_failed_at[worker.id] = now
            if swapped := worker.swap_in(now):
                due, outcome = swapped
                self._swaps[worker.id, due] = outcome, now
            del self._swap_failed_at[worker.id]
        for key, (outcome, at) in tuple(self._swaps.items()):
            if key[0] == worker.id and key not in self._recorded_swaps:
                self.runner.ledger.put_on_air(*key, level=outcome.level, now=at, note=outcome.note)
                self._recorded_swaps.add(key)
            elif key[1] < now - _SWAPS_REMEMBERED:
                del self._swaps[key]
                self._recorded_swaps.discard(key)

    def begin(self, worker: SlotWorker, now: datetime, *, is_working: bool) -> None:
        """Prepare the needed stand-by; not while a bulletin is being made, nor right after a failure."""
        begun = self._preparing.get(worker.id)
        if begun and timedelta(0) <= now - begun <= _STANDBY_STUCK:
            return
        if begun:
            del self._preparing[worker.id]
            minutes = _STANDBY_STUCK.seconds // 60
            error = StuckError(f"stand-by (spare bulletin) not ready after {minutes} min; it is made anew")
            self.runner.watcher.failed(worker.id, "stand-by", error)
        is_tried = is_recent(self._prepared_at.get(worker.id), now=now, within=_PREPARE_AGAIN)
        if is_tried or is_working:
            return
        slot = worker.standby_due(now)
        if slot:
            self._prepared_at[worker.id] = self._preparing[worker.id] = now
            self.runner.submit(lambda: self._prepare(worker, slot, begun=now))

    def _prepare(self, worker: SlotWorker, slot: Slot, *, begun: datetime) -> None:
        try:
            outcome = worker.prepare(slot)
            if outcome.is_on_air:
                self._swaps[worker.id, slot.due] = outcome, self.runner.now()
                self.swap_due(worker, self.runner.now())
            self.runner.watcher.prepared(worker.id, slot.due, outcome)
        except Exception as error:
            text = "stand-by (spare bulletin) not made because of an error: station=%s due=%s"
            log.exception(text, worker.id, slot.due.isoformat())
            self.runner.watcher.failed(worker.id, "stand-by", error)
        finally:
            if self._preparing.get(worker.id) == begun:
                del self._preparing[worker.id]
