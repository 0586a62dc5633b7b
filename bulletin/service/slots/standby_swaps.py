"""Stand-bys put in place when their slot comes, by the tick; remembered until the ledger knows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.service.service_ports import SlotOutcome, SlotWorker
from bulletin.service.slots.jobs_in_progress import SlotKey
from bulletin.service.slots.retry_policy import is_recent

_KEPT = timedelta(days=1)
_AGAIN = timedelta(seconds=30)


@dataclass(slots=True, kw_only=True)
class StandbySwap:
    """A stand-by that is on air since a moment."""

    outcome: SlotOutcome
    at: datetime
    is_written: bool = False
    """The ledger knows of it."""


@dataclass(slots=True, kw_only=True)
class StandbySwaps:
    """Of one process."""

    ledger: SlotLedger
    _known: dict[SlotKey, StandbySwap] = field(default_factory=dict)
    _failed: dict[str, datetime] = field(default_factory=dict)

    def look(self, worker: SlotWorker, now: datetime) -> None:
        """
        Put the stand-by in the place of what is over, whoever works on the slot: by renaming, so nobody has to wait.

        Also with a service that comes back after its slot: what is over must not be heard as if it were new.
        Where the folder cannot be written it is tried again every half minute. Raises BulletinError.
        """
        if not is_recent(self._failed.get(worker.id), now=now, within=_AGAIN):
            self._failed[worker.id] = now
            if swapped := worker.swap_in(now):
                self._known[worker.id, swapped[0]] = StandbySwap(outcome=swapped[1], at=now)
            del self._failed[worker.id]
        for own, one in tuple(self._known.items()):
            if own[0] == worker.id and not one.is_written:
                level, note = one.outcome.level, one.outcome.note
                self.ledger.put_on_air(*own, level=level, now=one.at, note=note)
                one.is_written = True
            if own[0] == worker.id and own[1] < now - _KEPT:
                del self._known[own]

    def note(self, own: SlotKey, outcome: SlotOutcome, *, now: datetime) -> None:
        """One was put in place at once; `look` tells the ledger."""
        self._known[own] = StandbySwap(outcome=outcome, at=now)

    def of(self, own: SlotKey) -> StandbySwap | None:
        """The one that is on air for a slot."""
        return self._known.get(own)
