"""A round of the service: the reconciler's tick, then the profiles, then those who watch over it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError
from bulletin.runtime.files.file_lock import LockedError
from bulletin.service.http.health_endpoints import ServicePulse
from bulletin.service.monitoring.alert_channels import AlertDispatch
from bulletin.service.monitoring.alert_rules import AlertKind
from bulletin.service.monitoring.event_desk import EventDesk
from bulletin.service.monitoring.prometheus_metrics import Metrics
from bulletin.service.monitoring.station_health import StationHealth, read_health
from bulletin.service.monitoring.systemd_notify import Notifier
from bulletin.service.profile_reload import ProfileReload
from bulletin.service.resources.disk_reserve import DiskReserve
from bulletin.service.service_archive import ServiceArchive
from bulletin.service.slots.prepared_standby import discard_outdated
from bulletin.service.slots.reconcile_slots import SlotReconciler
from bulletin.service.station_worker import StationWorker
from bulletin.service.streams.stream_threads import StreamThreads
from bulletin.station.station import STATE, open_station

log = logging.getLogger(__name__)

_RESERVE_S = 60.0


class Supervisor:
    """Everything that stands around the reconciler of one process."""

    def __init__(
        self,
        loaded: Sequence[LoadedProfile],
        *,
        archive: Archive,
        output: Path,
        dispatch: AlertDispatch,
        check: Callable[[LoadedProfile], None],
        worker_of: Callable[[LoadedProfile], StationWorker],
    ) -> None:
        self._archive, self._output = archive, output
        self._check, self._post_of = check, worker_of
        self._asked = threading.Event()
        self._is_ready = False
        self._reconciled_at: datetime | None = None
        self._reserve, self._reserve_at = DiskReserve(output / STATE), 0.0
        self.notifier = Notifier()
        self.profiles = ProfileReload(
            loaded=tuple(loaded), check=self._try_out, refused=self._refused, accepted=self._accepted
        )
        self.metrics = Metrics(stations=self.stations, output=output, speech=output / STATE / "speech")
        self.metrics.expect(one.id for one in loaded)
        self._to_review = {one.id for one in loaded}
        """Stations whose stand-bys may be older than their profile."""
        self.event_desk = EventDesk(
            {one.id: one.profile.alerts for one in loaded},
            metrics=self.metrics,
            dispatch=dispatch,
            look=self._look,
            output=output,
            now=_now,
        )
        self.pulse = ServicePulse(
            now=_now, reconciled_at=lambda: self._reconciled_at, stations=self.stations, metrics=self.metrics
        )
        self.streams = StreamThreads(output=output, report=self.event_desk.report)
        self.memory = ServiceArchive(
            archive=archive,
            output=output,
            tell=partial(self._tell_all, AlertKind.ARCHIVE),
            tell_of_kills=partial(self._tell_all, AlertKind.KILL_LIST),
        )

    def run_round(self, reconciler: SlotReconciler) -> None:
        """One round. The watchdog is fed here and nowhere else: by the loop that does the work."""
        self._look_at_memory(reconciler)
        self._discard_outdated()
        reconciler.reconcile()
        self._reconciled_at = _now()
        self.metrics.reconciled(self._reconciled_at)
        self.event_desk.keep_again()
        self._keep_reserve(reconciler)
        self._reload(reconciler)
        if not self._is_ready:
            self._is_ready = True
            for one in self.profiles.loaded:  # an earlier service may have refused one
                self._accepted(one.id)
            self.notifier.ready(self._status())
        self.notifier.alive(self._status())

    def _keep_reserve(self, reconciler: SlotReconciler) -> None:
        """Once a minute, and not while somebody writes into the room that was given up."""
        now = time.monotonic()
        if now >= self._reserve_at and reconciler.is_idle:
            self._reserve_at = now + _RESERVE_S
            self._reserve.keep()

    def _discard_outdated(self) -> None:
        """Stand-bys from before a change of their profile, also of one made while no service was at work."""
        for one in self.profiles.loaded:
            if one.id not in self._to_review:
                continue
            try:
                discard_outdated(one, output=self._output)
            except LockedError:  # another run publishes: try again with the next round
                continue
            except BulletinError as error:
                log.error("stand-by not discarded: station=%s: %s", one.id, error)
            self._to_review.discard(one.id)

    def ask_again(self) -> None:
        """Read all profiles with the next round; may be called by a signal handler."""
        self._asked.set()

    def stations(self) -> tuple[StationHealth, ...]:
        """How all of them do now."""
        return tuple(self._health(one) for one in self.profiles.loaded)

    def _look_at_memory(self, reconciler: SlotReconciler) -> None:
        try:
            if self.memory.look(_now(), is_idle=reconciler.is_idle):
                reconciler.begin()
        except Exception as error:  # the clock goes before the memory
            log.exception("archive: look failed")
            self.event_desk.failed("", "archive", error)

    def _tell_all(self, kind: AlertKind, text: str, is_over: bool) -> None:
        """What is true of every station of the folder."""
        for one in self.profiles.loaded:
            self.event_desk.report(one.id, kind, text, is_over=is_over)

    def _reload(self, reconciler: SlotReconciler) -> None:
        is_asked = self._asked.is_set()
        self._asked.clear()
        if is_asked:
            self.notifier.reloading()
        try:
            if changed := self.profiles.look(is_asked=is_asked):
                self._to_review |= {one.id for one in changed}
                loaded = self.profiles.loaded
                reconciler.replace([self._post_of(one) for one in loaded])
                self.event_desk.replace({one.id: one.profile.alerts for one in loaded})
                self.streams.replace(loaded)
                self.metrics.expect(one.id for one in loaded)
        except Exception as error:  # a profile must not stop the clock
            log.exception("reload failed")
            self.event_desk.failed("", "reload", error)
        if is_asked:
            self.notifier.ready(self._status())

    def _try_out(self, loaded: LoadedProfile) -> None:
        """Every part of a station is built as for a bulletin; raises BulletinError."""
        self._check(loaded)
        with open_station(loaded, output=self._output):
            pass

    def _refused(self, station: str, reason: str) -> None:
        self.event_desk.report(station, AlertKind.PROFILE, f"the changed profile is refused: {reason}")

    def _accepted(self, station: str) -> None:
        self.event_desk.report(station, AlertKind.PROFILE, "the profile is good", is_over=True)

    def _look(self, station: str) -> StationHealth:
        one = next(loaded for loaded in self.profiles.loaded if loaded.id == station)
        return self._health(one)

    def _health(self, one: LoadedProfile) -> StationHealth:
        return read_health(self._archive, one, now=_now(), output=self._output)

    def _status(self) -> str:
        return "on air: " + ", ".join(one.id for one in self.profiles.loaded)


def _now() -> datetime:
    return datetime.now(UTC)
