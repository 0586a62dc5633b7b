"""Supervisor of a service: the parts around the reconciler, and the round that runs them every few seconds."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError, ConfigError
from bulletin.runtime.files.file_lock import LockedError
from bulletin.service.daily_maintenance import DailyMaintenance
from bulletin.service.monitoring.alert_channels import AlertDispatch
from bulletin.service.monitoring.alert_rules import AlertKind
from bulletin.service.monitoring.log_and_alert_on_events import EventDesk
from bulletin.service.monitoring.prometheus_metrics import Metrics
from bulletin.service.monitoring.station_health import StationHealth, read_health
from bulletin.service.on_demand_bulletins import OnDemandBulletins
from bulletin.service.open_archive_or_fallback import ServiceArchive
from bulletin.service.reload_profiles import ProfileReload
from bulletin.service.resources.disk_space_reserve import DiskReserve
from bulletin.service.slots.on_air_and_standby_files import discard_outdated
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.start_http_servers import ServicePulse
from bulletin.service.station_worker import StationWorker
from bulletin.service.streams.stream_threads import StreamThreads
from bulletin.service.thread_pool import ThreadPool
from bulletin.station.build_components_from_profile import stream_of
from bulletin.station.build_station_object import STATE, open_station

log = logging.getLogger(__name__)

_RESERVE_S = 60.0
_AT_ONCE = 2
"""Bulletins made at the same time: as many as a small computer can make."""


class Supervisor:
    """All parts of one process that keep its stations on air."""

    def __init__(self, loaded: Sequence[LoadedProfile], *, archive: Archive, output: Path) -> None:
        self._archive, self._output = archive, output
        self.pool, self.dispatch = ThreadPool(min(_AT_ONCE, len(loaded))), AlertDispatch()
        self._answers = ResponseCache()
        self._reload_requested = threading.Event()
        self._is_ready = False
        self._reconciled_at: datetime | None = None
        self._reserve, self._reserve_at = DiskReserve(output / STATE), 0.0
        self.profiles = ProfileReload(
            loaded=tuple(loaded), check=self._try_out, refused=self._refused, accepted=self._accepted
        )
        self.metrics = Metrics(stations=self.read_all_health, output=output, speech=output / STATE / "speech")
        self._to_review = {profile.id for profile in loaded}
        """Stations whose stand-bys may be older than their profile."""
        self.metrics.expect(self._to_review)
        self.event_desk = EventDesk(
            {profile.id: profile.profile.alerts for profile in loaded},
            metrics=self.metrics,
            dispatch=self.dispatch,
            read_health=lambda station: self._read_health(self._profile_of(station)),
            zone_of=lambda station: self._profile_of(station).profile.time_zone,
            output=output,
            now=now,
        )
        self.pulse = ServicePulse(
            now=now,
            reconciled_at=lambda: self._reconciled_at,
            stations=self.read_all_health,
            metrics=self.metrics,
        )
        self.streams = StreamThreads(output=output, report=self.event_desk.report)
        self._service_archive = ServiceArchive(
            archive=archive,
            output=output,
            report=partial(self._report_for_all, AlertKind.ARCHIVE),
            report_kill_list=partial(self._report_for_all, AlertKind.KILL_LIST),
        )
        self._current = self._workers()
        self.reconciler = SlotReconciler(
            ledger=SlotLedger(archive),
            workers=self._current,
            owner=f"{os.getpid()}-{uuid.uuid4().hex[:8]}",
            submit=self.pool.submit,
            use_reserve=self._reserve.use,
            parallel=self.pool.size,
            watcher=self.event_desk,
            now=now,
        )
        self.on_demand = OnDemandBulletins(
            workers=self._workers,
            is_working=self.reconciler.is_working,
            submit=self.pool.submit,
            now=now,
            is_open=self.reconciler.ledger.is_open,
        )
        self._maintenance = DailyMaintenance(submit=self.pool.submit, failed=self.event_desk.failed, now=now)

    @property
    def loaded(self) -> tuple[LoadedProfile, ...]:
        """The profiles in force."""
        return self.profiles.loaded

    @property
    def workers(self) -> Sequence[StationWorker]:
        """The workers of the slots, which keep what they have learnt until a profile changes."""
        return self._current

    def run_round(self) -> None:
        """Run every part once. Only this loop, which does the work, feeds systemd's watchdog."""
        self._safely("archive", self._check_archive)
        self._discard_outdated()
        self.reconciler.reconcile()
        self._reconciled_at = now()
        self.metrics.reconciled(self._reconciled_at)
        self.event_desk.save_again()
        self._keep_reserve()
        is_reload_requested = self._reload_requested.is_set()
        if is_reload_requested:
            self._reload_requested.clear()
            # Type=notify-reload needs the time, so that an earlier READY=1 is not taken for the answer.
            notify_systemd("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        self._safely("reload", partial(self._reload, is_requested=is_reload_requested))
        if not self._is_ready:
            for profile in self.loaded:  # an earlier service may have refused one
                self._accepted(profile.id)
        if is_reload_requested or not self._is_ready:
            self._is_ready = True
            notify_systemd("READY=1", status=self._status())
        notify_systemd("WATCHDOG=1", status=self._status())
        self.on_demand.make_breaking()
        self._maintenance.run_due(self.reconciler.workers, is_idle=self.reconciler.is_idle)

    def _safely(self, what: str, step: Callable[[], None]) -> None:
        """Run a step of the round so that its failure does not stop the clock."""
        try:
            step()
        except Exception as error:
            log.exception("%s failed", what)
            self.event_desk.failed("", what, error)

    def request_reload(self) -> None:
        """Read all profiles again with the next round; may be called by any thread."""
        self._reload_requested.set()

    def read_all_health(self) -> tuple[StationHealth, ...]:
        return tuple(map(self._read_health, self.loaded))

    def _workers(self) -> list[StationWorker]:
        return [
            StationWorker(loaded=profile, output=self._output, archive=self._archive, answers=self._answers)
            for profile in self.loaded
        ]

    def _keep_reserve(self) -> None:
        """Once a minute, and not while a job writes into the space that was given up."""
        if time.monotonic() >= self._reserve_at and self.reconciler.is_idle:
            self._reserve_at = time.monotonic() + _RESERVE_S
            self._reserve.keep()

    def _discard_outdated(self) -> None:
        """Delete stand-bys older than their profile, also after a change made while no service ran."""
        for profile in self.loaded:
            if profile.id not in self._to_review:
                continue
            try:
                discard_outdated(profile, output=self._output)
            except LockedError:  # another run publishes: try again with the next round
                continue
            except BulletinError as error:
                log.error("stand-by not discarded: station=%s: %s", profile.id, error)
            self._to_review.discard(profile.id)

    def _check_archive(self) -> None:
        if self._service_archive.check(now(), is_idle=self.reconciler.is_idle):
            self.reconciler.begin()

    def _report_for_all(self, kind: AlertKind, text: str, is_over: bool) -> None:
        """Report a trouble that all stations of the folder share."""
        for profile in self.loaded:
            self.event_desk.report(profile.id, kind, text, is_over=is_over)

    def _reload(self, *, is_requested: bool) -> None:
        if changed := self.profiles.reload_changed(is_requested=is_requested):
            self._to_review |= {profile.id for profile in changed}
            self._current = self._workers()
            self.reconciler.replace(self._current)
            self.event_desk.replace({profile.id: profile.profile.alerts for profile in self.loaded})
            self.streams.replace(self.loaded)

    def _try_out(self, loaded: LoadedProfile) -> None:
        """Build every part of a station as for a bulletin. Raises BulletinError."""
        check_slots(loaded)
        with open_station(loaded, output=self._output):
            pass

    def _refused(self, station: str, reason: str) -> None:
        self.event_desk.report(station, AlertKind.PROFILE, f"the changed profile is invalid: {reason}")

    def _accepted(self, station: str) -> None:
        self.event_desk.report(station, AlertKind.PROFILE, "the profile is valid again", is_over=True)

    def _profile_of(self, station: str) -> LoadedProfile:
        return next(profile for profile in self.loaded if profile.id == station)

    def _read_health(self, loaded: LoadedProfile) -> StationHealth:
        return read_health(self._archive, loaded, now=now(), output=self._output)

    def _status(self) -> str:
        return "on air: " + ", ".join(profile.id for profile in self.loaded)


def now() -> datetime:
    """The time; aware, UTC."""
    return datetime.now(UTC)


def check_slots(loaded: LoadedProfile) -> None:
    """Raise ConfigError for a profile without slots, or with wrong stream options."""
    if not loaded.profile.clock.slots:
        raise ConfigError(
            f"{loaded.path}: has no slots, so the service would make no bulletin; add, in two lines:\n"
            '  [[clock.slots]]\n  at = "06:00-19:00"\n'
            "Without the service, `bulletin make` makes a bulletin at any time."
        )
    stream_of(loaded)


def notify_systemd(*assignments: str, status: str = "") -> None:
    """
    Send assignments, "READY=1", and a status line to the service manager; without $NOTIFY_SOCKET do nothing.

    Only the supervisor's loop may send "WATCHDOG=1": a separate thread would go on when the loop is dead.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    if address.startswith("@"):  # systemd writes an abstract address so
        address = "\0" + address[1:]
    lines = [*assignments, *([f"STATUS={' '.join(status.split())}"] if status else ())]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto("\n".join(lines).encode(), address)
    except OSError as error:
        log.warning("systemd did not get the state of the service and may restart it: error=%s", error)
