"""When it is heard: a slot of a station's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bulletin.model.news import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A moment on air that a bulletin is due at."""

    station: str
    due: datetime
    """On air; aware, UTC. With the station it is the slot's identity."""
    length_s: float
    is_up_to: bool = False
    sections: tuple[Section, ...] = tuple(Section)
    outputs: tuple[str, ...] = ()
    """Renditions that go out."""


class SlotState(StrEnum):
    """How far a slot is."""

    PLANNED = "planned"
    WORKING = "working"
    """Somebody has it, until the lease runs out."""
    DONE = "done"
    MISSED = "missed"
    """Its time passed with nothing made for it."""


class Level(StrEnum):
    """What lies there for a slot, the best first."""

    FRESH = "fresh"
    """Made for it, with everything."""
    PARTIAL = "partial"
    """Made for it, of what was ready in time."""
    LAST_GOOD = "last-good"
    """An earlier bulletin, still young enough."""
    EVERGREEN = "evergreen"
    """The station's own words for such hours."""
    IDENT = "ident"
    """Who we are, and nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRecord:
    """A row of the ledger."""

    station: str
    due: datetime
    state: SlotState = SlotState.PLANNED
    level: Level | None = None
    """Once it is done."""
    owner: str = ""
    """Who has it; a name that no other worker has."""
    lease_until: datetime | None = None
    """Until when nobody else may take it."""
    tries: int = 0
    """How often somebody began."""
    begun_at: datetime | None = None
    """The last time."""
    ready_at: datetime | None = None
    """When it lay there for the playout."""
    note: str = ""
    """Why it is less than fresh, or was begun again."""
    standby: Level | None = None
    """What was put there beforehand, in case nothing better is made."""
    standby_at: datetime | None = None

    @property
    def is_met(self) -> bool:
        """Whether something fit to air lay there when it was due."""
        is_made = self.state is SlotState.DONE and self.ready_at is not None and self.ready_at <= self.due
        return is_made or (self.standby_at is not None and self.standby_at <= self.due)
