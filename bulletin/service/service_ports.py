"""Who the reconciler works with: a station's worker, whoever does the work, whoever is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bulletin.model import Level, Slot, SlotRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOutcome:
    """What lies there for a slot."""

    level: Level
    note: str = ""
    """Why it is less than fresh."""
    is_quiet: bool = False
    """It is, because nothing is new."""
    is_on_air: bool = True
    """False: a stand-by is prepared beside what is on air, and is put in its place when the slot comes."""


class SlotWorker(Protocol):
    """A station as the reconciler sees it."""

    @property
    def id(self) -> str: ...

    @property
    def margin(self) -> timedelta:
        """A bulletin is ready so long before it is due."""

    @property
    def grace(self) -> timedelta:
        """So long after it was due a bulletin is still worth making."""

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        """What is due in between."""

    def lead(self) -> timedelta:
        """How long the work takes, with something to spare."""

    def usual_time(self) -> timedelta:
        """How long others that are due with it wait for it."""

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        """Make and put out what the slot needs; in another thread than the tick."""

    def standby_due(self, now: datetime) -> Slot | None:
        """The slot that a stand-by must be prepared for now, if there is one."""

    def prepare(self, slot: Slot) -> SlotOutcome:
        """Prepare it, or put it in place where nothing valid is; in another thread than the tick."""

    def swap_in(self, now: datetime) -> tuple[datetime, SlotOutcome] | None:
        """
        Put the prepared stand-by in place if its slot has come and no news of that slot is there; which slot it was.

        Quick: the tick does it itself. None where there is nothing to do. Raises BulletinError, OSError.
        """

    def tidy(self) -> None:
        """Once a day: what is too old or too much goes. Raises BulletinError, OSError."""


class SlotWatcher(Protocol):
    """Is told what went right and wrong."""

    def met(self, record: SlotRecord) -> None:
        """A slot is done; `record.level` says how well, `record.is_met` whether it was so in time."""

    def missed(self, record: SlotRecord) -> None:
        """A slot passed with nothing."""

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        """A stand-by lies there for a slot to come."""

    def failed(self, station: str, what: str, error: BaseException) -> None:
        """Something went wrong; `what` is "plan", "ledger", "slot", "work", "stand-by" or "upkeep"."""


Submit = Callable[[Callable[[], None]], None]
"""Has a piece of work done, by another thread or at once."""
