"""Profiles -> a service that keeps their stations on air until it is stopped."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_users import UserLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ConfigError, RunningError
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.service.http.serve_newest_bulletin import PullEndpoint, pull_routes
from bulletin.service.is_station_served import service_lock
from bulletin.service.monitoring.set_up_logging import limit_repeated_lines
from bulletin.service.newsroom_requests.refresh_previews import PreviewRefresh
from bulletin.service.newsroom_requests.take_newsroom_requests import RequestLoop
from bulletin.service.open_archive_or_fallback import open_service_archive
from bulletin.service.outbox_delivery_loop import OutboxLoop
from bulletin.service.resources.process_limits import raise_descriptor_limit, use_one_malloc_arena
from bulletin.service.server_process.supervise_newsroom import NewsroomAddress, NewsroomServer
from bulletin.service.start_http_servers import HttpServers, ListenOptions, folder_of
from bulletin.service.supervisor import Supervisor, check_slots, notify_systemd, now
from bulletin.service.supervisor_round_timer import run_until_stopped
from bulletin.station.build_station_object import claim_output, make_state

log = logging.getLogger(__name__)

STOP_WITHIN_S = 20.0
"""The longest wait for a running bulletin at a stop; the next start begins it again."""
_LAST_WITHIN_S = 5.0
"""The longest wait for deliveries, and then for alerts."""
_LOCK_WAIT_S = 2.0
"""Wait for a lock, longer than `is_served` of another process holds it."""


def serve(
    loaded: Sequence[LoadedProfile],
    *,
    output: Path,
    listen: ListenOptions | None = None,
    health: ListenOptions | None = None,
    newsroom: NewsroomAddress | None = None,
) -> None:
    """
    Keep the clocks of stations that share an output folder, until SIGTERM or Ctrl-C.

    `listen` is the address of the public files, of health, metrics and the pull endpoint; `health` that of the last
    three alone, by default this machine's usual port where there is a `listen`; `newsroom` that of the editors' pages.

    Raises ConfigError for a station without slots, two of one file name, or an unprotected newsroom, RunningError where another
    service keeps one of the stations, OutletError or ArchiveError where the folder cannot be written or
    belongs to another station.
    """
    for profile in loaded:
        check_slots(profile)
    _check_names(loaded)
    if newsroom:
        newsroom.check()
    use_one_malloc_arena()
    raise_descriptor_limit()
    limit_repeated_lines()
    with ExitStack() as stack:
        _take_locks(stack, loaded, output)
        for profile in loaded:
            claim_output(profile, output=output)
        archive = stack.enter_context(open_service_archive(output))
        supervisor = Supervisor(loaded, archive=archive, output=output)
        supervisor.reconciler.begin()
        report = supervisor.event_desk.report
        outbox = OutboxLoop(loaded=lambda: supervisor.loaded, output=output, archive=archive, report=report)
        outbox.start()
        requests = RequestLoop(
            archive=archive,
            workers=lambda: supervisor.workers,
            on_demand=supervisor.on_demand,
            submit=supervisor.pool.submit,
            owner=supervisor.reconciler.owner,
            now=now,
            refresh=PreviewRefresh(archive=archive, workers=lambda: supervisor.workers, now=now),
        )
        requests.start()
        pull = PullEndpoint(
            output=output, loaded=lambda: supervisor.loaded, on_demand=supervisor.on_demand, now=now
        )
        servers = HttpServers(
            supervisor.pulse,
            listen=listen,
            health=health,
            pull=pull_routes(pull),
            folders=lambda: [folder_of(profile, output=output) for profile in supervisor.loaded],
        )
        servers.start()
        editors = _newsroom(newsroom, loaded, output=output, archive=archive) if newsroom else None
        supervisor.streams.replace(loaded)
        stations = ",".join(profile.id for profile in loaded)

        run_until_stopped(
            supervisor.run_round,
            # whoever reads this line may stop the service at once
            on_start=lambda: log.info("on air: stations=%s", stations),
            on_hangup=supervisor.request_reload,
        )
        notify_systemd("STOPPING=1")
        servers.stop()
        if editors:
            editors.stop()
        requests.stop()
        stop_by = Deadline.after(STOP_WITHIN_S)
        if not supervisor.pool.finish(within_s=stop_by.left_s):
            log.warning("service stopped while making a bulletin; the next start makes that bulletin again")
        outbox.stop(within_s=_LAST_WITHIN_S)
        if not supervisor.streams.finish(stop_by):
            log.warning("service stopped during a stream; listeners miss the end of the bulletin")
        supervisor.dispatch.finish(within_s=_LAST_WITHIN_S)
        log.info("stopped")


def _newsroom(
    address: NewsroomAddress, loaded: Sequence[LoadedProfile], *, output: Path, archive: Archive
) -> NewsroomServer:
    """Start the newsroom's process."""
    server = NewsroomServer(
        address=address, loaded=loaded, output=output, has_users=lambda: bool(UserLedger(archive).users())
    )
    server.start()
    return server


def _check_names(loaded: Sequence[LoadedProfile]) -> None:
    """Raise ConfigError for two profiles of one file name, since it names the station's folder and addresses."""
    for profile, other in combinations(loaded, 2):
        if profile.path.resolve() == other.path.resolve():
            raise ConfigError(f"{profile.path}: the station is given twice; give each station once")
        if profile.id == other.id:
            raise ConfigError(
                f"{profile.path} and {other.path}: two stations whose files have the same name would share the "
                f'folder "{profile.id}"; rename one of the files'
            )


def _take_locks(stack: ExitStack, loaded: Sequence[LoadedProfile], output: Path) -> None:
    """Lock each station for this service; the system frees the locks of a service that dies."""
    make_state(output)
    for profile in loaded:
        try:
            stack.enter_context(hold(service_lock(output, profile.id), wait_s=_LOCK_WAIT_S))
        except LockedError as error:
            raise RunningError(
                f"{profile.id}: another service already runs this station; stop it first"
            ) from error
