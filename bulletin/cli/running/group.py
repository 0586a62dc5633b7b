"""`bulletin group`: stations on many machines, with one database and one store."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.number_ranges import WholeNumber
from bulletin.cli.running import group_public, group_restore, group_status
from bulletin.cli.running.group_process import group_process, json_option
from bulletin.cli.running.serve import parse_address
from bulletin.cli.running.stop_on_signal import stop_on_signal
from bulletin.cli.shared_options import output_option, stations_argument

if TYPE_CHECKING:
    from bulletin.group.run_worker import Worker

_name = click.option(
    "--name",
    metavar="NAME",
    help="Name of this process in the group; MACHINE-worker-1, MACHINE-planner-1 and so on by default.",
)


def _parse_health(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, int] | None:
    return parse_address(value) if value else None


@click.group("group")
def command() -> None:
    """
    Run stations on many machines.

    A profile, or group.toml beside the profiles, names the database and the store that the machines share
    ([group], docs/GROUP.md). Each machine has the same profiles and runs `bulletin group worker`, as often as it has
    processors; one or more run `bulletin group plan`.
    """


for part in (group_status.command, group_restore.command, group_public.serve, group_public.mirror):
    command.add_command(part)


@command.command("plan")
@stations_argument
@output_option
@_name
@click.option(
    "--health",
    callback=_parse_health,
    metavar="HOST:PORT",
    help="Answer /healthz and /metrics of the group there, such as 127.0.0.1:8038.",
)
@json_option
def plan(
    stations: tuple[str, ...],
    output: Path,
    name: str | None,
    health: tuple[str, int] | None,
    as_json: bool,
) -> None:
    """
    Plan the bulletins of STATIONs, and send the work to the workers, until stopped.

    By default all stations here that belong to the group; a STATION may be a folder of profiles. Any number of
    planners run side by side; while the database is away they wait for it.
    """
    from bulletin.group.run_group import plan_group

    stop = threading.Event()
    stop_on_signal(stop.set)
    with group_process(stations, as_json=as_json) as profiles:
        plan_group(profiles, output=output, name=name, stop=stop, health=health)


@command.command("worker")
@stations_argument
@output_option
@_name
@click.option(
    "--parallel",
    type=WholeNumber(1, 64),
    default=2,
    show_default=True,
    help="Drafts or mixes at the same time: one process for each processor, and a second piece while the first waits for the database or the store.",
)
@json_option
def worker(stations: tuple[str, ...], output: Path, name: str | None, parallel: int, as_json: bool) -> None:
    """
    Take pieces of work of STATIONs, until stopped: draft, speak, mix, publish.

    By default of all stations here that belong to the group. It ends with exit code 0 when the database is away,
    so that the service manager (Restart=always) starts it again. SIGTERM and Ctrl-C stop it after its running pieces, or
    after 20 seconds; the pieces of a killed worker are done by others within half a minute.
    """
    from bulletin.group.run_group import work_for_group

    def on_start(running: Worker) -> None:
        stop_on_signal(running.stop)

    with group_process(stations, as_json=as_json) as profiles:
        work_for_group(profiles, output=output, name=name, parallel=parallel, on_start=on_start)
