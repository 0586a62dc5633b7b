"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
from click.shell_completion import CompletionItem

from bulletin.cli.output.text_or_json_answer import Answer, StationCall
from bulletin.config.load_profile import first_valid_profile, list_profiles, load_profile
from bulletin.config.option_types import parse_length
from bulletin.errors import BulletinError
from bulletin.runtime.files.file_permissions import keep_private

Command = TypeVar("Command", bound=Callable[..., Any])


class VerbGroup(click.Group):
    """
    A list with verbs: `bulletin kill list`. Without a verb the default one is meant: `bulletin kill WORD`.

    An option of an older release stands for the verb that replaced it: `bulletin kill --list`.
    """

    def __init__(
        self, *args: Any, default: str, old_options: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.default = default
        self.old_options = old_options or {}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if (args[:1] and args[0] in (*self.commands, "-h", "--help")) or (not args and ctx.resilient_parsing):
            return super().parse_args(ctx, args)
        verb, rest = self.default, []
        for arg in args:
            option, is_joined, value = arg.partition("=")
            if option in self.old_options:
                verb = self.old_options[option]
                old_spelling(f"{ctx.command_path} {option}", f"{ctx.command_path} {verb}")
                rest += [value] if is_joined else []
            else:
                rest.append(arg)
        if rest == args and (late := [arg for arg in args if arg in self.commands]):
            raise click.UsageError(f'write "{late[0]}" before all other arguments', ctx)
        return super().parse_args(ctx, [verb, *rest])


def old_spelling(old: str, new: str) -> None:
    """Print the present spelling of an old one on standard error."""
    click.echo(f'bulletin: "{old}" is now "{new}"; the next release removes the old spelling', err=True)


Moment = datetime | timedelta
"""A local date and time without a zone, or days from today."""
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


class MomentParam(click.DateTime):
    """A date, or a word for one; with `may_be_minute` a date with a time, too."""

    name = "date"

    def __init__(self, *, may_be_minute: bool = False) -> None:
        minutes = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"] if may_be_minute else []
        super().__init__(["%Y-%m-%d", *minutes])
        minute = ' or "2026-11-25 07:00"' if may_be_minute else ""
        self._remedy = f'write it as "2026-11-25", "yesterday"{minute}'

    def get_metavar(self, param: click.Parameter) -> str:
        return "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value in _DAYS:
            return timedelta(days=_DAYS[value])
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f'"{value}" is not a valid date; {self._remedy}', param, ctx)


def in_zone(moment: Moment, zone: ZoneInfo, *, now: datetime | None = None) -> datetime:
    """The moment in the station's time zone; `now` is for days such as "yesterday"."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=zone)
    return (now or datetime.now(zone)).replace(hour=0, minute=0, second=0, microsecond=0) + moment


def complete_station(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of profiles, for the shell."""
    return [CompletionItem(path.stem) for path in list_profiles() if path.stem.startswith(incomplete)]


def _station_parameters(command: Command, name: str, *, is_multiple: bool) -> Command:
    """The argument `name`, and the option --station for the same."""
    argument = click.argument(
        name,
        required=False,
        nargs=-1 if is_multiple else 1,
        metavar="[STATION]..." if is_multiple else "[STATION]",
        shell_complete=complete_station,
    )
    option = click.option(
        "--station",
        "named",
        multiple=is_multiple,
        shell_complete=complete_station,
        metavar="STATION",
        help="Same as the argument STATION.",
    )
    return argument(option(command))


def station_argument(command: Callable[..., None]) -> Callable[..., None]:
    """STATION or --station STATION: a profile's name or path; by default the only one."""

    @wraps(command)
    def with_station(*args: Any, station: str | None, named: str | None, **kwargs: Any) -> None:
        if station and named and station != named:
            raise click.UsageError(f'"{station}" and --station "{named}" are two stations; name one')
        command(*args, station=station or named, **kwargs)

    return _station_parameters(with_station, "station", is_multiple=False)


def stations_argument(command: Callable[..., None]) -> Callable[..., None]:
    """Any number of STATION and --station STATION."""

    @wraps(command)
    def with_stations(*args: Any, stations: tuple[str, ...], named: tuple[str, ...], **kwargs: Any) -> None:
        command(*args, stations=tuple(dict.fromkeys((*stations, *named))), **kwargs)

    return _station_parameters(with_stations, "stations", is_multiple=True)


FILE, FOLDER = click.Path(path_type=Path, dir_okay=False), click.Path(path_type=Path, file_okay=False)


def file_argument(*, required: bool = True) -> Callable[[Command], Command]:
    """FILE, a path."""
    return click.argument("file", required=required, type=FILE)


def folder_option(*names: str, **attributes: Any) -> Callable[[Command], Command]:
    """An option for the path of a folder."""
    return click.option(*names, type=FOLDER, metavar="DIR", **attributes)


def _keep_private(ctx: click.Context, param: click.Parameter, value: Path) -> Path:
    keep_private()
    return value


output_option = folder_option(
    "-o",
    "--output",
    default=Path("output"),
    callback=_keep_private,
    envvar="BULLETIN_OUTPUT",
    show_default=True,
    help="Output folder; each station has a subfolder in it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print errors only.")


def all_option(*, also: str = "") -> Callable[..., Any]:
    """--all as the parameter `everything`; `also` names what a list shows with it alone."""
    too = f", also {also}" if also else ""
    return click.option(
        "--all", "everything", is_flag=True, help=f"Show every line{too}; long lists are cut otherwise."
    )


def answer_options(command: Callable[..., None]) -> Callable[..., None]:
    """--json and --quiet as one parameter, `answer`."""

    @wraps(command)
    def with_answer(*args: Any, as_json: bool, quiet: bool, **kwargs: Any) -> None:
        command(*args, answer=Answer(as_json=as_json, quiet=quiet), **kwargs)

    return json_option(quiet_option(with_answer))


def station_command(*, only_looks: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    STATION, --output, --json and --quiet as one parameter, `call`; `only_looks` as for `load_profile`.

    With --all-stations (`everywhere`) no station has to be named: any one opens the archive of all.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def with_call(
            *, station: str | None, output: Path, as_json: bool, quiet: bool, **options: Any
        ) -> None:
            if station is None and options.get("everywhere"):
                station = first_valid_profile()
            loaded = load_profile(station, only_looks=only_looks)
            call = StationCall(loaded=loaded, output=output, as_json=as_json, quiet=quiet)
            command(call, **options)

        return station_argument(output_option(json_option(quiet_option(with_call))))

    return decorate


def require_state(output: Path) -> None:
    """Raises BulletinError for a folder in which no station has worked."""
    from bulletin.station.build_station_object import STATE

    if not (output / STATE).is_dir():
        raise BulletinError(
            f"{output}: no bulletin was made there yet; run `bulletin make`, or name another folder with --output"
        )


def read_time(value: str) -> tuple[int, int] | None:
    """Hour and minute of "7:00", "19.30", "7am" or "7.30 pm"; None for anything else."""
    match = re.fullmatch(r"(\d\d?)(?:[:.](\d\d))?\s*(?:([ap])m)?", value.strip().casefold())
    if not match or not (match[2] or match[3]):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + 12 * (match[3] == "p") if 1 <= hour <= 12 else 24
    return (hour, minute) if hour < 24 and minute < 60 else None


def parse_at(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A time of day, "7am" -> "07:00"; a wrong one is wrong usage."""
    if value is None:
        return None
    if not (clock := read_time(value)):
        raise click.BadParameter(f'"{value}" is not a valid time of day; write it as "07:00" or "7am"')
    return f"{clock[0]:02}:{clock[1]:02}"


def _parse_length(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """ "2:30" -> 150.0; a wrong length is wrong usage."""
    if value is None:
        return None
    try:
        seconds = float(str(parse_length(value)))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if not 30 <= seconds <= 600:
        raise click.BadParameter("from 0:30 to 10:00")
    return seconds


_BULLETIN_OPTIONS = (
    click.option(
        "--length", "length_s", callback=_parse_length, metavar="M:SS", help="Override the profile's length."
    ),
    click.option("--voice", metavar="NAME", help='Use only this voice: "hibari", "gtts:co.uk", "bf_emma".'),
    click.option("--at", callback=parse_at, metavar="HH:MM", help="Time of day to announce: 07:00, 7am."),
    click.option("--again", is_flag=True, help="Treat stories that have aired as new."),
    # The same choices as `mood` in the profile.
    click.option(
        "--mood",
        type=click.Choice(["normal", "obituary"]),
        help='Override the mood of the profile; "obituary": no light stories, no jokes, no music bed.',
    ),
)


def bulletin_options(command: Command) -> Command:
    """--length, --voice, --at, --again and --mood, of the commands that write a bulletin."""
    for option in reversed(_BULLETIN_OPTIONS):
        command = option(command)
    return command
