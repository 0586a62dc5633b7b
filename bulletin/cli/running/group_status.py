"""`bulletin group status`: slots, stations, workers and queue of a group."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options, stations_argument
from bulletin.errors import ConfigError


@click.command("status")
@stations_argument
@click.option("--all", "everything", is_flag=True, help="List every station, also those without trouble.")
@answer_options
def command(stations: tuple[str, ...], everything: bool, answer: Answer) -> None:
    """
    Show the state of the group: slots, queue, workers and what they hold, stations without news.

    It is read from the database of the group, with or without planners and workers, and the store is tried from this
    machine; STATIONs limit it to some. Times are in UTC, by the clock of the database.

    Exit codes: 0 all is well, 1 a slot is late or was missed, a station cannot be served, a voice is missing, a worker
    or planner is silent, the store cannot be used, or this machine's clock is wrong.
    """
    # late: SQLAlchemy is slow to load
    from bulletin.archive.server_archive import open_server_archive
    from bulletin.config.find_group_options import find_group_options, profiles_of
    from bulletin.config.load_profile import station_id
    from bulletin.group.monitoring.find_store_problem import find_store_problem
    from bulletin.group.monitoring.group_status_text import status_data, status_lines
    from bulletin.group.monitoring.read_group_status import read_group_status

    group = find_group_options(stations)
    if group.is_here:
        raise ConfigError('[group] database = "here" is a group of one process; `bulletin status` shows it')
    names = [station_id(path) for path in profiles_of(stations)] or None
    with open_server_archive(group.database, group=group.name, only_looks=True) as archive:
        status = read_group_status(archive, group=group.name, now=archive.now, stations=names)
    status = replace(status, store_problem=find_store_problem(group))
    answer.print(status_data(status), status_lines(status, all_stations=everything or bool(stations)))
    if status.troubles:
        sys.exit(1)
