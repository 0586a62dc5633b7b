"""When it is heard: a slot of a station's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
