"""Stand-bys put on air by the reconciler, remembered until the ledger knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.service.service_ports import SlotOutcome, SlotWorker
from bulletin.service.slots.jobs_in_progress import SlotKey
from bulletin.service.slots.retry_policy import is_recent

_REMEMBERED = timedelta(days=1)
_AGAIN = timedelta(seconds=30)


@dataclass(slots=True, kw_only=True)
class StandbySwap:
    """A stand-by that went on air."""

    outcome: SlotOutcome
    at: datetime
    is_in_ledger: bool = False


@dataclass(slots=True, kw_only=True)
class StandbySwaps:
    """All swaps of one process."""

    ledger: SlotLedger
    _known: dict[SlotKey, StandbySwap] = field(default_factory=dict)
    _failed: dict[str, datetime] = field(default_factory=dict)

    def swap_due(self, worker: SlotWorker, now: datetime) -> None:
        """
        Replace an on-air file that is over by the stand-by, whatever job works on the slot; then tell the ledger.

        Also for a service that starts after its slot: old news must not air as if it were new. Where the folder
        cannot be written it is tried again every half minute. Raises BulletinError.
        """
        if not is_recent(self._failed.get(worker.id), now=now, within=_AGAIN):
            self._failed[worker.id] = now
            if swapped := worker.swap_in(now):
                due, outcome = swapped
                self.add((worker.id, due), outcome, now=now)
            del self._failed[worker.id]
        for key, swap in tuple(self._known.items()):
            if key[0] != worker.id:
                continue
            if not swap.is_in_ledger:
                self.ledger.put_on_air(*key, level=swap.outcome.level, now=swap.at, note=swap.outcome.note)
                swap.is_in_ledger = True
            if key[1] < now - _REMEMBERED:
                del self._known[key]

    def add(self, key: SlotKey, outcome: SlotOutcome, *, now: datetime) -> None:
        """Remember a stand-by that went on air; `swap_due` tells the ledger."""
        self._known[key] = StandbySwap(outcome=outcome, at=now)

    def get(self, key: SlotKey) -> StandbySwap | None:
        """The stand-by that went on air for a slot."""
        return self._known.get(key)
