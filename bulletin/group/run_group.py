"""Processes of a group: planner, worker, or both in one, until they are stopped."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bulletin import __version__
from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.group.engines.engine_port import Engine
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.monitoring.group_metrics import GroupMetrics
from bulletin.group.monitoring.health_server import Pulse, serve_health
from bulletin.group.monitoring.read_group_status import read_group_status
from bulletin.group.open_group import (
    Group,
    clock,
    open_engine,
    open_group,
    refuse_one_process,
)
from bulletin.group.pieces.voices_of_machine import voices_of_machine
from bulletin.group.pieces.work_context import WorkContext
from bulletin.group.planning.plan_group import GroupPlanner
from bulletin.group.process_name import enter_group, hold_name, machine_name, read_home
from bulletin.group.run_worker import Worker
from bulletin.pipeline.mix_and_check_bulletin import MIX_TURNS
from bulletin.service.resources.process_limits import raise_descriptor_limit, use_one_malloc_arena
from bulletin.speech.phoneme_speech_engine_base import SPEECH_TURNS
from bulletin.station.limits_of_group import GroupHosts

log = logging.getLogger(__name__)

ROUND_S = 0.5
_REST = 25
"""A planner rests so many times as long as a round takes the processor: it leaves it to the workers."""
_LONGEST_REST_S = 1.5
_AFTER_FAILURE_S = 3.0


def plan_group(
    profiles: GroupProfiles,
    *,
    output: Path,
    name: str | None,
    stop: threading.Event,
    health: tuple[str, int] | None = None,
) -> None:
    """
    Plan the stations of a group until `stop`; while the database is away, wait for it.

    `health` is the host and port for /healthz and /metrics. Raises as `open_group`, and RunningError for a name or an
    address that is taken.
    """
    with ExitStack() as stack:
        group = stack.enter_context(open_group(profiles, output=output))
        refuse_one_process(profiles.group)
        holding = hold_name(name, role="planner", output=output, register=group.register)
        own_name = stack.enter_context(holding)
        enter_group(_planner_row(group, own_name), group.register)
        pulse = Pulse()
        if health:
            read = partial(read_group_status, group.archive, group=profiles.group.name, now=group.archive.now)
            stack.enter_context(serve_health(health, find_problem=pulse.problem, metrics=GroupMetrics(read)))
        engine = open_engine(profiles.group)
        run_planner(group, engine, name=own_name, stop=stop, beat=pulse.beat)


def run_planner(
    group: Group,
    engine: Engine,
    *,
    name: str,
    stop: threading.Event,
    beat: Callable[[], None] = lambda: None,
) -> None:
    """Rounds of a planner until `stop`, or until the stations' [group] has changed; `beat` is called after each."""
    planner = GroupPlanner(
        name=name,
        profiles=group.profiles,
        archive=group.archive,
        work=group.work,
        slots=group.slots,
        register=group.register,
        engine=engine,
        output=group.output,
        now=clock,
    )
    row = _planner_row(group, name)
    log.info("planner ready: name=%s stations=%d", name, len(group.profiles.stations))
    try:
        while not (stop.is_set() or group.profiles.has_moved):
            began_s = time.thread_time()
            is_well = planner.run_round()
            planner.keep_row(row)
            beat()
            rest_s = min(_REST * (time.thread_time() - began_s), _LONGEST_REST_S)
            stop.wait(max(ROUND_S, rest_s) if is_well else _AFTER_FAILURE_S)
    finally:
        planner.leave(row)
        engine.close()


def _planner_row(group: Group, name: str) -> GroupWorker:
    home = read_home(group.output)
    return GroupWorker(
        name=name, machine=machine_name(), home=home, pid=os.getpid(), version=__version__, role="planner"
    )


def work_for_group(
    profiles: GroupProfiles,
    *,
    output: Path,
    name: str | None,
    parallel: int,
    on_start: Callable[[Worker], None],
) -> None:
    """
    Take pieces of work of a group until the worker that `on_start` gets is stopped, or the database is gone.

    Raises as `open_group`, and RunningError for a name that is taken.
    """
    use_one_malloc_arena()
    raise_descriptor_limit()
    for turns in (SPEECH_TURNS, MIX_TURNS):
        turns.limit(1)  # the other processors are for the other workers of the machine
    with ExitStack() as stack:
        group = stack.enter_context(open_group(profiles, output=output))
        refuse_one_process(profiles.group)
        holding = hold_name(name, role="worker", output=output, register=group.register)
        own_name = stack.enter_context(holding)
        worker = build_worker(group, open_engine(profiles.group), name=own_name, parallel=parallel)
        on_start(worker)
        worker.run()


def build_worker(group: Group, engine: Engine, *, name: str, parallel: int, role: str = "worker") -> Worker:
    """A worker with the parts of a group."""
    hosts = GroupHosts(group.limits)
    context = WorkContext(
        profiles=group.profiles,
        archive=group.archive,
        store=group.store,
        output=group.output,
        work=group.work,
        slots=group.slots,
        now=clock,
        feeds_for_all=FeedsForAll(group.archive, turns=hosts),
        answers=ResponseCache(turns=hosts),
    )
    return Worker(
        name=name,
        machine=machine_name(),
        home=read_home(group.output),
        role=role,
        context=context,
        register=group.register,
        engine=engine,
        voices=lambda: voices_of_machine(context.station_workers()),
        parallel=parallel,
    )
