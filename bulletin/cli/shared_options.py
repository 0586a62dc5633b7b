"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from bulletin.runtime.files.file_permissions import keep_private

Command = TypeVar("Command", bound=Callable[..., Any])


class MomentParam(click.DateTime):
    """A day, or a minute of one where `may_be_minute`; what is neither is told how a day is written."""

    name = "date"

    def __init__(self, *, may_be_minute: bool = False) -> None:
        minutes = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"] if may_be_minute else []
        super().__init__(["%Y-%m-%d", *minutes])
        self._remedy = 'write it as "2026-11-25"' + (' or "2026-11-25 07:00"' if may_be_minute else "")

    def get_metavar(self, param: click.Parameter) -> str:
        return "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f'"{value}" is no date; {self._remedy}', param, ctx)


def complete_station(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of profiles, for the shell."""
    from bulletin.config.load_profile import list_profiles

    names = (path.stem for path in list_profiles())
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def station_argument(command: Command) -> Command:
    """STATION: a profile's name or path; by default the only own one."""
    return click.argument("station", required=False, shell_complete=complete_station)(command)


def _keep_private(ctx: click.Context, param: click.Parameter, value: Path) -> Path:
    keep_private()
    return value


def output_option(command: Command) -> Command:
    return click.option(
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("output"),
        callback=_keep_private,
        envvar="BULLETIN_OUTPUT",
        show_default=True,
        metavar="DIR",
        help="Folder for bulletins, a folder in it for each station.",
    )(command)


def mood_option(command: Command) -> Command:
    """The choices are those of `mood` in the profile; its module would take a second to load here."""
    return click.option(
        "--mood",
        type=click.Choice(["normal", "obituary"]),
        help="In place of the profile's; obituary: no light stories, no jokes, no bed.",
    )(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="The same as data, on standard output.")(
        command
    )


def quiet_option(command: Command) -> Command:
    return click.option("--quiet", is_flag=True, help="Only errors.")(command)


def parse_length(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """ "2:30" -> 150.0; a wrong length is wrong usage."""
    if value is None:
        return None
    from bulletin.config.types.option_types import parse_length as parse

    try:
        seconds = float(str(parse(value)))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if not 30 <= seconds <= 600:
        raise click.BadParameter("from 0:30 to 10:00")
    return seconds


def parse_at(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """An hour of the day; a wrong one is wrong usage."""
    if value is None:
        return None
    from bulletin.errors import ConfigError
    from bulletin.schedule.air_time import parse_hour

    try:
        parse_hour(value)
    except ConfigError as error:
        raise click.BadParameter(str(error)) from error
    return value
