"""`bulletin newsroom`: the newsroom in the browser, alone."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path

import click

from bulletin.cli.running.serve import load_profiles, parse_address, tls_options
from bulletin.cli.shared_options import output_option, stations_argument
from bulletin.service.server_process.supervise_newsroom import NEWSROOM_PORT, NewsroomAddress, check_packages

log = logging.getLogger(__name__)


def _parse(ctx: click.Context, param: click.Parameter, value: str | None) -> NewsroomAddress:
    if value is None:
        return NewsroomAddress(is_needed=True)
    host, port = parse_address(value)
    return NewsroomAddress(host=host, port=port, is_needed=True)


@click.command("newsroom")
@stations_argument
@output_option
@click.option(
    "--listen",
    "address",
    callback=_parse,
    metavar="HOST:PORT",
    help=f"Address; 127.0.0.1:{NEWSROOM_PORT} by default.",
)
@tls_options
def command(
    stations: tuple[str, ...],
    output: Path,
    address: NewsroomAddress,
    newsroom_behind_tls: bool,
    newsroom_without_tls: bool,
) -> None:
    """
    Offer the newsroom of STATIONs in the browser, without a service, until stopped; without STATION that of the only
    one here, or of all of a group.

    Pages, edits, names and the log work. Whatever the service does (a bulletin now, previews, deliveries) waits for
    one: start `bulletin serve` beside it, with `--newsroom none`. `bulletin user add` makes the first user.
    """
    check_packages()
    from bulletin.newsroom_web.newsroom_main import run_newsroom
    from bulletin.service.monitoring.set_up_logging import close_streams, secrets_in, set_up_logs

    loaded = load_profiles(stations, only_looks=True)
    set_up_logs(secrets=(*secrets_in(os.environ), *(secret for each in loaded for secret in each.secrets)))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda signum, frame: stop.set())
    address = NewsroomAddress(
        host=address.host,
        port=address.port,
        is_needed=True,
        is_behind_tls=newsroom_behind_tls,
        is_without_tls=newsroom_without_tls,
    )
    try:
        run_newsroom(loaded, output=output, address=address, stop=stop)
    finally:
        close_streams()
