"""Simulated worker, a clock set by the test, and a reconciler for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Level, Slot, SlotRecord
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.worker_base_classes import SlotOutcome

SEVEN = datetime(2026, 11, 25, 7, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Clock:
    """Clock that stands still until the test sets it."""

    now: datetime = SEVEN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class HourlyWorker:
    """Worker of a station on air every hour; `fails` decides how its work ends."""

    id: str = "wex"
    margin: timedelta = MINUTE
    grace: timedelta = 10 * MINUTE
    fails: Callable[[Slot], BaseException | None] = lambda slot: None
    made: list[tuple[datetime, datetime]] = field(default_factory=list)
    off: set[datetime] = field(default_factory=set)
    prepared: list[datetime] = field(default_factory=list)
    needs: Slot | None = None
    """Slot that needs a stand-by now."""
    aside: datetime | None = None
    """Due time of the slot whose stand-by is prepared."""
    is_silent: bool = True
    """Nothing is on air, so a stand-by goes on air at once."""
    swaps: bool = True
    """The public folder is writable."""
    tidied: int = 0

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        hour = since.replace(minute=0, second=0, microsecond=0)
        dues = (hour + n * HOUR for n in range(int((until - hour) / HOUR) + 1))
        return [
            Slot(station=self.id, due=due, length_s=120.0)
            for due in dues
            if since <= due < until and due not in self.off
        ]

    def lead(self) -> timedelta:
        return 2 * MINUTE

    def usual_time(self) -> timedelta:
        return MINUTE

    def standby_due(self, now: datetime) -> Slot | None:
        return self.needs

    def prepare(self, slot: Slot) -> SlotOutcome:
        self.prepared.append(slot.due)
        if error := self.fails(slot):
            raise error
        self.needs = None
        return self.stands_by(slot)

    def stands_by(self, slot: Slot, note: str = "") -> SlotOutcome:
        self.aside = None if self.is_silent else slot.due
        return SlotOutcome(level=Level.LAST_GOOD, note=note, is_on_air=self.is_silent)

    def swap_in(self, now: datetime) -> tuple[datetime, SlotOutcome] | None:
        due = self.aside
        if due is None or now < due - self.margin or not self.swaps:
            return None
        self.aside = None
        return due, SlotOutcome(level=Level.LAST_GOOD)

    def tidy(self) -> None:
        self.tidied += 1

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        if error := self.fails(slot):
            raise error
        self.made.append((slot.due, ready_by))
        return SlotOutcome(level=Level.FRESH)


@dataclass
class Diary:
    """Watcher that records each event as a line."""

    lines: list[str] = field(default_factory=list)

    def met(self, record: SlotRecord) -> None:
        self.lines.append(f"met {record.station} {record.due:%H:%M}")

    def missed(self, record: SlotRecord) -> None:
        self.lines.append(f"missed {record.station} {record.due:%H:%M}")

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        self.lines.append(f"prepared {station} {due:%H:%M} {outcome.level}")

    def failed(self, station: str, what: str, error: BaseException) -> None:
        self.lines.append(f"failed {station} {what}: {error}")


def at_once(work: Callable[[], None]) -> None:
    work()


def make_reconciler(
    ledger: SlotLedger,
    *workers: HourlyWorker,
    clock: Clock,
    diary: Diary | None = None,
    owner: str = "one",
    submit: Callable[[Callable[[], None]], None] = at_once,
    parallel: int = 1,
) -> SlotReconciler:
    made = SlotReconciler(
        ledger=ledger,
        workers=workers,
        owner=owner,
        submit=submit,
        watcher=diary or Diary(),
        now=clock,
        parallel=parallel,
    )
    made.begin()
    return made


def turn(
    made: SlotReconciler, clock: Clock, until: datetime, *, step: timedelta = timedelta(seconds=10)
) -> None:
    while clock.now < until:
        made.reconcile()
        clock.now += step
