"""Slots of a station's clock, and their records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bulletin.model.feeds_articles_stories import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A moment on air at which a bulletin is due."""

    station: str
    due: datetime
    """On air; aware, UTC. With the station it is the slot's identity."""
    length_s: float
    is_up_to: bool = False
    sections: tuple[Section, ...] = tuple(Section)
    outputs: tuple[str, ...] = ()
    """Renditions to publish."""


class SlotState(StrEnum):
    """Progress of a slot."""

    PLANNED = "planned"
    WORKING = "working"
    """A worker has it, until the lease expires."""
    DONE = "done"
    MISSED = "missed"
    """Its time has passed without a bulletin."""


class Level(StrEnum):
    """Level of the sound on air for a slot, the best first."""

    FRESH = "fresh"
    """Made for the slot, complete."""
    PARTIAL = "partial"
    """Made for the slot, from the parts that were ready in time."""
    LAST_GOOD = "last-good"
    """An earlier bulletin that is recent enough."""
    EVERGREEN = "evergreen"
    """The station's timeless recording or words."""
    IDENT = "ident"
    """The station's name only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRecord:
    """A row of the slot ledger."""

    station: str
    due: datetime
    state: SlotState = SlotState.PLANNED
    level: Level | None = None
    """Level of a slot that is done."""
    owner: str = ""
    """Unique name of the worker that has it."""
    lease_until: datetime | None = None
    """End of the lease; until then no other worker may take it."""
    tries: int = 0
    """Number of tries by workers."""
    begun_at: datetime | None = None
    """Start of the last try."""
    ready_at: datetime | None = None
    """Moment at which its file was ready for the playout."""
    note: str = ""
    """Reason why it is not fresh, or was begun again."""
    standby: Level | None = None
    """Stand-by that was put in place beforehand."""
    standby_at: datetime | None = None

    @property
    def is_met(self) -> bool:
        """Whether a bulletin or stand-by was ready when the slot was due."""
        is_made = self.state is SlotState.DONE and self.ready_at is not None and self.ready_at <= self.due
        return is_made or (self.standby_at is not None and self.standby_at <= self.due)
