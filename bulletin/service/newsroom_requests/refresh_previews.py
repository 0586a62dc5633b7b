"""Previews of coming bulletins, made anew while somebody has the newsroom open."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_requests import BY_SERVICE, RequestKind, RequestLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.pipeline.decisions.preview_file import Preview, load_preview
from bulletin.pipeline.previews.prepare_preview import next_open_slot
from bulletin.service.newsroom_requests.newsroom_presence import is_open
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import is_recent
from bulletin.station.build_station_object import STATE

log = logging.getLogger(__name__)

REFRESH = timedelta(minutes=5)
"""Age at which a preview is made anew: feeds are polled about as often."""
_LOOK = timedelta(seconds=10)
_AGAIN = timedelta(minutes=1)
"""Pause after a request, also where it failed."""
_EXPIRES = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class PreviewRefresh:
    """Asks for the previews that are due, as an editor would."""

    archive: Archive
    workers: Callable[[], Sequence[StationWorker]]
    now: Callable[[], datetime]
    _looked_at: datetime | None = None
    _asked_at: dict[str, datetime] = field(default_factory=dict)

    def ask_due(self) -> None:
        """Every ten seconds: ask for a preview of each station whose newsroom is open. Raises ArchiveError."""
        now = self.now()
        if is_recent(self._looked_at, now=now, within=_LOOK):
            return
        self._looked_at = now
        for worker in self.workers():
            is_pausing = is_recent(self._asked_at.get(worker.id), now=now, within=_AGAIN)
            if is_pausing or not is_open(worker.output, worker.id, now=now):
                continue
            if self._is_due(worker, now):
                self._asked_at[worker.id] = now
                RequestLedger(self.archive).ask(
                    worker.id,
                    RequestKind.PREVIEW,
                    asked_by=BY_SERVICE,
                    key=f"preview {now.isoformat()}",
                    now=now,
                    expires_at=now + _EXPIRES,
                )

    def _is_due(self, worker: StationWorker, now: datetime) -> bool:
        """Whether the preview is missing, old, of another slot, or older than the profile."""
        preview = load_preview(worker.output / STATE, worker.id)
        if preview is None or not is_recent(preview.made_at, now=now, within=REFRESH):
            return True
        if _is_older_than_profile(preview, worker.loaded):
            return True
        slot = next_open_slot(worker.loaded, self.archive, now=now)
        return slot is not None and slot.due != preview.due


def _is_older_than_profile(preview: Preview, loaded: LoadedProfile) -> bool:
    with suppress(OSError):
        return loaded.path.stat().st_mtime > preview.made_at.timestamp()
    return False
