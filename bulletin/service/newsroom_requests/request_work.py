"""RequestWork: one request of an editor, with the parts that its work needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bulletin.archive.ledgers.newsroom_requests import ServiceRequest
from bulletin.pipeline.stage_timer import Listener
from bulletin.service.station_worker import StationWorker
from bulletin.station.build_station_object import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWork:
    """One request, and the parts that its work needs."""

    request: ServiceRequest
    worker: StationWorker
    within_s: float
    """Time before a slot needs the computer."""
    listener: Listener
    now: Callable[[], datetime]
    prepare: Callable[[Station], Station] = lambda station: station
    """Gives a station the limits of its group."""

    @property
    def made_at(self) -> datetime:
        """The moment that a bulletin made by this try bears."""
        return self.request.tried_at[-1]
