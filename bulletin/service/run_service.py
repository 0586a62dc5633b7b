"""The service: stations on air by their clocks, until it is told to stop."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.articles.fetching.response_cache import ResponseCache
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ConfigError, RunningError
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.service.daily_maintenance import DailyMaintenance
from bulletin.service.monitoring.alert_channels import AlertDispatch
from bulletin.service.monitoring.log_rate_limit import limit_repeated_lines
from bulletin.service.on_demand import OnDemandBulletins
from bulletin.service.outbox_loop import OutboxLoop
from bulletin.service.resources.disk_reserve import DiskReserve
from bulletin.service.resources.file_descriptors import raise_descriptor_limit
from bulletin.service.resources.malloc_arena import use_one_malloc_arena
from bulletin.service.routes import ListenOptions, open_http_servers
from bulletin.service.scheduler import TICK_S, run_until_stopped
from bulletin.service.service_archive import open_service_archive
from bulletin.service.slots.reconcile_slots import SlotReconciler
from bulletin.service.station_worker import StationWorker
from bulletin.service.supervisor import Supervisor
from bulletin.service.thread_pool import ThreadPool
from bulletin.station.factories import stream_of
from bulletin.station.station import STATE, claim_output, make_state

log = logging.getLogger(__name__)

STOP_WITHIN_S = 20.0
"""How long a stop waits for what is being made; then it is given up, and begun again at the next start."""
_ALERTS_WITHIN_S = 5.0
_DELIVERIES_WITHIN_S = 5.0
_LOOKED_AT_S = 2.0
_LOOK_S = 0.1
_AT_ONCE = 2
"""Bulletins made at the same time: a small computer has not more to give."""


def serve(
    loaded: Sequence[LoadedProfile],
    *,
    output: Path,
    listen: ListenOptions | None = None,
    health: ListenOptions | None = None,
    every_s: float = TICK_S,
) -> None:
    """
    Keep the clocks of stations that share an output folder, until SIGTERM or Ctrl-C.

    Files are answered at `listen`; health, metrics and the pull endpoint there and at `health`, which is the usual
    port of this machine where there is a `listen` and no `health`.

    Raises ConfigError for a station without slots, or two of one file name, RunningError where another
    service has one of the stations already, OutletError or ArchiveError when the folder cannot be written
    or is another station's.
    """
    for one in loaded:
        check_slots(one)
    _check_names(loaded)
    use_one_malloc_arena()
    raise_descriptor_limit()
    limit_repeated_lines()
    with ExitStack() as stack:
        _take_locks(stack, loaded, output)
        for one in loaded:
            claim_output(one, output=output)
        archive = stack.enter_context(open_service_archive(output))
        pool, dispatch = ThreadPool(min(_AT_ONCE, len(loaded))), AlertDispatch()
        answers = ResponseCache()

        def worker_of(one: LoadedProfile) -> StationWorker:
            return StationWorker(loaded=one, output=output, archive=archive, answers=answers)

        supervisor = Supervisor(
            loaded, archive=archive, output=output, dispatch=dispatch, check=check_slots, worker_of=worker_of
        )
        reconciler = SlotReconciler(
            ledger=SlotLedger(archive),
            workers=[worker_of(one) for one in loaded],
            owner=f"{os.getpid()}-{uuid.uuid4().hex[:8]}",
            submit=pool.submit,
            use_reserve=DiskReserve(output / STATE).use,
            parallel=pool.count,
            watcher=supervisor.event_desk,
            now=lambda: datetime.now(UTC),
        )
        reconciler.begin()
        outbox = OutboxLoop(
            loaded=lambda: supervisor.profiles.loaded,
            output=output,
            archive=archive,
            report=supervisor.event_desk.report,
        )
        outbox.start()
        fresh = OnDemandBulletins(
            makers=lambda: [worker_of(one) for one in supervisor.profiles.loaded],
            is_working=reconciler.is_working,
            submit=pool.submit,
            now=lambda: datetime.now(UTC),
            is_open=reconciler.ledger.is_open,
        )
        maintenance = DailyMaintenance(
            submit=pool.submit, failed=supervisor.event_desk.failed, now=lambda: datetime.now(UTC)
        )
        servers = open_http_servers(
            supervisor.pulse,
            lambda: supervisor.profiles.loaded,
            output=output,
            fresh=fresh,
            listen=listen,
            health=health,
        )
        supervisor.streams.replace(loaded)
        log.info("on air: stations=%s", ",".join(one.id for one in loaded))

        def tick() -> None:
            supervisor.run_round(reconciler)
            fresh.look()
            maintenance.look(reconciler.workers, is_idle=reconciler.is_idle)

        run_until_stopped(tick, every_s=every_s, on_hangup=supervisor.ask_again)
        supervisor.notifier.stopping()
        servers.stop()
        stop_by = Deadline.after(STOP_WITHIN_S)
        if not pool.finish(within_s=stop_by.left_s):
            log.warning("stopped in the middle of a bulletin; it is begun again at the next start")
        outbox.stop(within_s=_DELIVERIES_WITHIN_S)
        if not supervisor.streams.finish(stop_by):
            log.warning("stopped while a bulletin was on the stream; its end is not heard there")
        dispatch.finish(within_s=_ALERTS_WITHIN_S)
        log.info("stopped")


def check_slots(loaded: LoadedProfile) -> None:
    """Raise ConfigError for a profile without a clock, or whose stream cannot be made out."""
    if not loaded.profile.clock.slots:
        raise ConfigError(
            f"{loaded.path}: has no slots, so there is nothing to keep it on air for; add, in two lines:\n"
            '  [[clock.slots]]\n  at = "06:00-19:00"\n'
            "`bulletin make` makes one bulletin without any, and any web server can serve what it makes."
        )
    stream_of(loaded, loaded.profile)


def _check_names(loaded: Sequence[LoadedProfile]) -> None:
    """A file's name is the station's: its folder, its addresses."""
    first: dict[str, LoadedProfile] = {}
    for one in loaded:
        other = first.setdefault(one.id, one)
        if other is not one:
            raise ConfigError(
                f"{other.path} and {one.path}: one file name for two stations, or one station named twice; "
                "their bulletins would lie in one folder: rename one of the files, or name it once"
            )


def _take_locks(stack: ExitStack, loaded: Sequence[LoadedProfile], output: Path) -> None:
    """One service for each station; the system frees the locks of a service that dies."""
    make_state(output)
    for one in loaded:
        try:
            # a moment, for whoever only looks whether somebody has it
            stack.enter_context(hold(service_lock(output, one.id), wait_s=_LOOKED_AT_S))
        except LockedError as error:
            raise RunningError(
                f"{one.id}: another service keeps this station on air already; stop that one first"
            ) from error


def service_lock(output: Path, station: str) -> Path:
    """Held by the service that keeps a station."""
    return output / STATE / f"{station}.service.lock"


def is_served(output: Path, station: str) -> bool:
    """Whether a service keeps it now."""
    path = service_lock(output, station)
    if not path.exists():
        return False
    try:
        with hold(path, wait_s=_LOOK_S):  # another one may look at this very moment, too
            return False
    except LockedError:
        return True
