"""`bulletin serve` of stations that belong to a group: planner, worker and web server in one process."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bulletin.archive.ledgers.newsroom_users import UserLedger
from bulletin.errors import RunningError
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
from bulletin.service.start_http_servers import HEALTH, ListenOptions
from bulletin.service.supervisor import notify_systemd

log = logging.getLogger(__name__)

_REFRESH_S = 10.0
_STOP_WITHIN_S = 5.0
_WATCHDOG_S = 5.0


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

    `health` is 127.0.0.1:8036 by default. Raises as `open_group`, RunningError for an address that is taken, ConfigError for an unprotected newsroom.
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
        stop, signs = threading.Event(), SignsOfLife()

        def stop_all() -> None:
            stop.set()
            worker.stop()

        on_start(stop_all)
        signs.announce_reloads()
        _serve_health(health or HEALTH, group, signs, stack=stack)
        if listen:
            refresh = stack.enter_context(public_server(group, listen))
            _start(partial(_repeat, refresh, stop), "public files")
        if newsroom:
            stack.callback(_start_newsroom(newsroom, group).stop)
        plan = partial(run_planner, group, engine, name=f"{name}-planner", stop=stop, beat=signs.beat)
        planner = _start(plan, "planner")
        try:
            worker.run()
        finally:
            stop.set()
            planner.join(_STOP_WITHIN_S)


@dataclass(slots=True)
class SignsOfLife:
    """Notifications to systemd: READY=1 after the planner's first round, WATCHDOG=1 every five seconds of its rounds."""

    pulse: Pulse = field(default_factory=Pulse)
    _told_at: float = float("-inf")
    """Monotonic seconds, as the next one."""
    _reload_at: float | None = None
    """When a reload was asked for; the profiles are read again by themselves."""

    def announce_reloads(self) -> None:
        """Answer SIGHUP, `systemctl reload`, where the system has it and this is the main thread."""
        if hasattr(signal, "SIGHUP") and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGHUP, lambda *_: self._reload())

    def beat(self) -> None:
        """Note a round of the planner."""
        self.pulse.beat()
        now = time.monotonic()
        is_reloaded = self._reload_at is not None and now >= self._reload_at + _REFRESH_S
        if is_reloaded:
            self._reload_at = None
        if is_reloaded or self._told_at < 0:
            notify_systemd("READY=1")
        if now >= self._told_at + _WATCHDOG_S:
            self._told_at = now
            notify_systemd("WATCHDOG=1")

    def _reload(self) -> None:
        self._reload_at = time.monotonic()
        notify_systemd("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def _serve_health(address: ListenOptions, group: Group, signs: SignsOfLife, *, stack: ExitStack) -> None:
    """Health and metrics until the stack ends. Raises RunningError where an address that was asked for is taken."""
    read = partial(read_group_status, group.archive, group=group.profiles.group.name, now=group.archive.now)
    server = serve_health(
        (address.host, address.port), find_problem=signs.pulse.problem, metrics=GroupMetrics(read)
    )
    try:
        stack.enter_context(server)
    except RunningError as error:
        if address.is_needed:
            raise
        log.warning("no health checks and metrics: %s", error)


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
