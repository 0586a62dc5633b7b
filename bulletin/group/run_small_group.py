"""`bulletin serve` of stations that belong to a group: planner, worker and web server in one process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bulletin.archive.ledgers.newsroom_users import UserLedger
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.monitoring.group_metrics import GroupMetrics
from bulletin.group.monitoring.health_server import Pulse, serve_health
from bulletin.group.monitoring.read_group_status import read_group_status
from bulletin.group.open_group import Group, open_engine, open_group
from bulletin.group.process_name import hold_name
from bulletin.group.public_files.serve_group import public_server
from bulletin.group.run_group import build_worker, run_planner
from bulletin.service.resources.process_limits import use_one_malloc_arena
from bulletin.service.server_process.supervise_newsroom import NewsroomAddress, NewsroomServer
from bulletin.service.start_http_servers import ListenOptions

log = logging.getLogger(__name__)

_REFRESH_S = 10.0
_STOP_WITHIN_S = 5.0


def serve_small_group(
    names: Sequence[str],
    *,
    output: Path,
    parallel: int,
    listen: ListenOptions | None,
    health: ListenOptions | None,
    newsroom: NewsroomAddress | None,
    on_start: Callable[[Callable[[], None]], None],
) -> None:
    """
    Plan, work and serve until the function that `on_start` gets is called, or until the database is gone.

    Raises as `open_group`, RunningError for an address that is taken, ConfigError for an unprotected newsroom.
    """
    if newsroom:
        newsroom.check()
    use_one_malloc_arena()
    profiles = GroupProfiles(names=names)
    with ExitStack() as stack:
        group = stack.enter_context(open_group(profiles, output=output))
        own_name = hold_name(None, role="service", output=output, register=group.register)
        name = stack.enter_context(own_name)
        engine = open_engine(profiles.group)
        worker = build_worker(group, engine, name=name, parallel=parallel, role="service")
        stop, pulse = threading.Event(), Pulse()

        def stop_all() -> None:
            stop.set()
            worker.stop()

        on_start(stop_all)
        if health:
            read = partial(read_group_status, group.archive, group=profiles.group.name, now=group.archive.now)
            address = (health.host, health.port)
            stack.enter_context(serve_health(address, find_problem=pulse.problem, metrics=GroupMetrics(read)))
        if listen:
            refresh = stack.enter_context(public_server(group, listen))
            _start(partial(_repeat, refresh, stop), "public files")
        if newsroom:
            stack.callback(_start_newsroom(newsroom, group).stop)
        plan = partial(run_planner, group, engine, name=f"{name}-planner", stop=stop, beat=pulse.beat)
        planner = _start(plan, "planner")
        try:
            worker.run()
        finally:
            stop.set()
            planner.join(_STOP_WITHIN_S)


def _start(do: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=do, name=name, daemon=True)
    thread.start()
    return thread


def _repeat(refresh: Callable[[], None], stop: threading.Event) -> None:
    while not stop.wait(_REFRESH_S):
        refresh()


def _start_newsroom(address: NewsroomAddress, group: Group) -> NewsroomServer:
    """The newsroom in a process of its own, as on one machine."""
    server = NewsroomServer(
        address=address,
        loaded=tuple(group.profiles.stations.values()),
        output=group.output,
        has_users=lambda: bool(UserLedger(group.archive).users()),
    )
    server.start()
    return server
