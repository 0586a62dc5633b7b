"""`bulletin serve`: on air by the clock."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bulletin.cli.shared_options import output_option, stations_argument
from bulletin.config.find_doubtful_options import INVENTED
from bulletin.config.find_group_options import stations_to_serve
from bulletin.config.load_profile import LoadedProfile, is_group, load_profile
from bulletin.errors import ConfigError
from bulletin.runtime.redact_secrets import hide
from bulletin.runtime.suggest_install_command import command_for_package, missing_packages
from bulletin.service.monitoring.set_up_logging import JsonFormatter, close_streams, secrets_in, set_up_logs
from bulletin.service.server_process.supervise_newsroom import NewsroomAddress
from bulletin.service.start_http_servers import ListenOptions

log = logging.getLogger(__name__)


def parse_address(value: str, *, also: str = "") -> tuple[str, int]:
    """Host and port of "HOST:PORT", or of ":PORT" for all addresses. Raises BadParameter."""
    host, _, port = value.rpartition(":")
    if not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise click.BadParameter(f'write it as "127.0.0.1:8035", ":8035" for all addresses{also}')
    return host.strip("[]") or "0.0.0.0", int(port)


def _parse_newsroom(ctx: click.Context, param: click.Parameter, value: str | None) -> NewsroomAddress | None:
    """An address, or "none"; by default this machine's, where the newsroom waits for its first user."""
    if value is None:
        return NewsroomAddress()
    if value == "none":
        return None
    host, port = parse_address(value, also=', or "none"')
    return NewsroomAddress(host=host, port=port, is_needed=True)


def _parse_listen(ctx: click.Context, param: click.Parameter, value: str | None) -> ListenOptions | None:
    """ "HOST:PORT", ":PORT" for all addresses, or "none"; None without --health."""
    if value is None:
        return ListenOptions() if param.name == "listen" else None
    if value == "none" and param.name == "listen":
        return None
    host, port = parse_address(value, also=', or "none"' if param.name == "listen" else "")
    return ListenOptions(host=host, port=port, is_needed=True)


def tls_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--newsroom-behind-tls and --newsroom-without-tls."""
    without = click.option(
        "--newsroom-without-tls",
        is_flag=True,
        help="Allow a newsroom off this machine without TLS: passwords travel in plain text.",
    )
    behind = click.option(
        "--newsroom-behind-tls",
        is_flag=True,
        help="The newsroom is behind a web server with TLS; other requests are refused.",
    )
    return behind(without(command))


@click.command("serve")
@stations_argument
@output_option
@click.option(
    "--listen",
    callback=_parse_listen,
    metavar="HOST:PORT",
    help='Address that serves files, /stations, /healthz, /readyz, /metrics; 127.0.0.1:8035 by default, or "none".',
)
@click.option(
    "--health",
    callback=_parse_listen,
    metavar="HOST:PORT",
    help="Separate address for /stations, /healthz, /readyz, /metrics, not slowed by downloads; "
    "127.0.0.1:8036 by default.",
)
@click.option(
    "--newsroom",
    callback=_parse_newsroom,
    metavar="HOST:PORT",
    help='Address of the newsroom in the browser; 127.0.0.1:8037 by default, once there is a user, or "none".',
)
@tls_options
@click.option("--json", "as_json", is_flag=True, help="Log JSON lines, on a terminal too.")
def command(
    stations: tuple[str, ...],
    output: Path,
    listen: ListenOptions | None,
    health: ListenOptions | None,
    newsroom: NewsroomAddress | None,
    newsroom_behind_tls: bool,
    newsroom_without_tls: bool,
    as_json: bool,
) -> None:
    """
    Keep STATIONs on air by their clocks, until stopped; without STATION the only one here, or all of a group.

    Every slot of the profile's [clock] gets its bulletin in time: work begins as early as the last runs require,
    and after a failure the playout gets a stand-by. Only one service serves a station; a second service ends
    with exit code 75. SIGTERM and Ctrl-C stop it after the bulletin in progress, or after 20 seconds. After a
    crash or SIGKILL the next start resumes from the ledger.

    A changed profile is loaded within seconds, or immediately on SIGHUP; an invalid profile is reported with
    its line, and the old one stays in force.

    The newsroom is a process of its own: `bulletin user add` makes its first user.
    """
    # late: they take seconds to import on a small computer, and `--help` does not need them
    from bulletin.diagnostics.find_shared_output_destinations import shared_places
    from bulletin.service.run_service import serve

    if not stations and (station := os.environ.get("BULLETIN_STATION")):
        stations = (station,)
    loaded = load_profiles(stations)
    set_up_logs(secrets=(*secrets_in(os.environ), *(secret for each in loaded for secret in each.secrets)))
    if as_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter(hide))
    if missing := missing_packages():
        log.error("not installed: %s; %s", ", ".join(missing), command_for_package(*missing))
    for each in loaded:
        if each.profile.invented_news:
            log.warning("invented news: station=%s: %s", each.id, INVENTED)
    for _, problem in shared_places(loaded):
        log.warning("shared destination: %s", problem)
    if newsroom:
        newsroom = replace(newsroom, is_behind_tls=newsroom_behind_tls, is_without_tls=newsroom_without_tls)
    try:
        if is_group(loaded):
            _serve_group(stations, output=output, listen=listen, health=health, newsroom=newsroom)
            return
        serve(loaded, output=output, listen=listen, health=health, newsroom=newsroom)
    finally:
        close_streams()


def load_profiles(names: Sequence[str], *, only_looks: bool = False) -> list[LoadedProfile]:
    """
    Profiles by their names on the command line, folders of them, or without names those of the group here.

    Of a group those that are valid, if any; the log names the others. `only_looks` as for `load_profile`. Raises
    ConfigError.
    """
    loaded, errors = list[LoadedProfile](), list[ConfigError]()
    for name in stations_to_serve(names):
        try:
            loaded.append(load_profile(name, only_looks=only_looks))
        except ConfigError as error:
            errors.append(error)
    if not names and len(loaded) > 1:
        loaded = [each for each in loaded if each.profile.group.is_on]
    if errors and not (loaded and is_group(loaded)):
        raise errors[0]
    return loaded


def _serve_group(
    stations: Sequence[str],
    *,
    output: Path,
    listen: ListenOptions | None,
    health: ListenOptions | None,
    newsroom: NewsroomAddress | None,
) -> None:
    """Planner, worker and web server of a group in this process; `bulletin group` runs them on many machines."""
    from bulletin.cli.running.stop_on_signal import stop_on_signal
    from bulletin.group.run_small_group import serve_small_group

    serve_small_group(
        stations,
        output=output,
        parallel=2,
        listen=listen,
        health=health,
        newsroom=newsroom,
        on_start=stop_on_signal,
    )
