"""The newsroom of a group: fetches the previews that workers make, and asks for those that are due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError
from bulletin.pipeline.previews.share_previews_in_group import fetch_previews
from bulletin.service.newsroom_requests.refresh_previews import PreviewRefresh
from bulletin.service.station_worker import StationWorker
from bulletin.station.open_archive import open_group_store
from bulletin.station.output_folder import STATE
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_LOOK_S = 2.0


@dataclass(slots=True, kw_only=True)
class GroupPreviews:
    """
    Previews of a group's stations for one newsroom.

    Without a group the service asks for them, and newsroom and service have the same output folder.
    """

    stations: Callable[[], Sequence[LoadedProfile]]
    output: Path
    archive: Archive
    now: Callable[[], datetime]
    _refresh: PreviewRefresh = field(init=False)
    _store: Store | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._refresh = PreviewRefresh(archive=self.archive, workers=self._workers, now=self.now)

    def start(self) -> None:
        """Look every two seconds in a thread, until `stop`, where some station belongs to a group."""
        if self._of_group():
            threading.Thread(target=self._run, name="previews", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def look(self) -> None:
        """Fetch and ask once. Raises nothing."""
        try:
            loaded = self._of_group()
            if not loaded:
                return
            self._store = self._store or open_group_store(loaded[0].profile.group, output=self.output)
            stations, state = [one.id for one in loaded], self.output / STATE
            for station in fetch_previews(state, stations, archive=self.archive, store=self._store):
                log.debug("coming bulletin fetched: station=%s", station)
            self._refresh.ask_due()
        except BulletinError as error:
            log.warning("newsroom: coming bulletins of the group not looked at: %s", error)
        except Exception:
            log.exception("newsroom: coming bulletins of the group not looked at")

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_S):
            self.look()

    def _of_group(self) -> Sequence[LoadedProfile]:
        return [one for one in self.stations() if one.profile.group.is_on]

    def _workers(self) -> Sequence[StationWorker]:
        return [
            StationWorker(loaded=one, output=self.output, archive=self.archive, clock=self.now)
            for one in self._of_group()
        ]
