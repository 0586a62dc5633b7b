"""RequestWork: one request of an editor, with the parts that its work needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bulletin.archive.ledgers.newsroom_requests import ServiceRequest
from bulletin.pipeline.stage_timer import Listener
from bulletin.service.station_worker import StationWorker


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWork:
    """One request, and the parts that its work needs."""

    request: ServiceRequest
    worker: StationWorker
    within_s: float
    """Time before a slot needs the computer."""
    listener: Listener
    now: Callable[[], datetime]

    @property
    def made_at(self) -> datetime:
        """The moment that a bulletin made by this try bears."""
        return self.request.tried_at[-1]
