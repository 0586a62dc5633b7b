"""`bulletin group serve` and `bulletin group mirror`: the published files of a group for listeners."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from bulletin.cli.number_ranges import WholeNumber
from bulletin.cli.running.group_process import group_process, json_option
from bulletin.cli.running.serve import parse_address
from bulletin.cli.running.stop_on_signal import stop_on_signal
from bulletin.cli.shared_options import output_option, stations_argument
from bulletin.service.start_http_servers import ListenOptions


def _parse_listen(ctx: click.Context, param: click.Parameter, value: str) -> ListenOptions:
    host, port = parse_address(value)
    return ListenOptions(host=host, port=port, is_needed=True)


@click.command("serve")
@stations_argument
@output_option
@click.option(
    "--listen",
    metavar="HOST:PORT",
    default="127.0.0.1:8035",
    show_default=True,
    callback=_parse_listen,
    help="Address of the public files.",
)
@click.option(
    "--cache-mb",
    type=WholeNumber(1, 1_000_000),
    default=1000,
    show_default=True,
    help="Megabytes of files to keep on this machine where the store is a bucket.",
)
@json_option
def serve(
    stations: tuple[str, ...], output: Path, listen: ListenOptions, cache_mb: int, as_json: bool
) -> None:
    """
    Serve the published files of STATIONs over HTTP, until stopped.

    By default of all stations here that belong to the group. Any number of machines may serve them; none needs
    a voice or the mixer. Names come from the database, content from the store.
    """
    from bulletin.group.public_files.serve_group import serve_group

    stop = threading.Event()
    stop_on_signal(stop.set)
    with group_process(stations, as_json=as_json) as profiles:
        serve_group(profiles, output=output, listen=listen, stop=stop, cache_mb=cache_mb)


@click.command("mirror")
@stations_argument
@click.option(
    "--to",
    "target",
    metavar="TARGET",
    required=True,
    help='Folder of a web server, or "s3://bucket/prefix"; each station gets a folder there.',
)
@output_option
@click.option(
    "--every",
    "every_s",
    metavar="SECONDS",
    type=WholeNumber(1, 3600),
    default=5,
    show_default=True,
    help="Time between two looks for new files.",
)
@click.option("--once", is_flag=True, help="End when everything is there.")
@json_option
def mirror(
    stations: tuple[str, ...], target: str, output: Path, every_s: int, once: bool, as_json: bool
) -> None:
    """
    Copy the published files of STATIONs to a folder or bucket with their public names, until stopped.

    By default of all stations here that belong to the group. Sounds are written first, the feed last. Several
    machines may mirror to the same TARGET: a late one is refused.
    """
    from bulletin.group.public_files.serve_group import mirror_group

    stop = threading.Event()
    stop_on_signal(stop.set)
    with group_process(stations, as_json=as_json) as profiles:
        mirror_group(profiles, output=output, target=target, every_s=0 if once else every_s, stop=stop)
