"""Other stations of the same folder or group, for commands that change several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from bulletin.cli.output.text_or_json_answer import StationCall
from bulletin.config.load_profile import LoadedProfile, list_profiles, load_profile
from bulletin.errors import BulletinError, ConfigError


def other_stations_options(command: Callable[..., None]) -> Callable[..., None]:
    """--also STATION and --all-stations as one parameter, `others`: the profiles, without the command's own."""

    @wraps(command)
    def with_others(call: StationCall, *, also: tuple[str, ...], everywhere: bool, **rest: Any) -> None:
        command(call, others=find_other_stations(call, also, everywhere=everywhere), **rest)

    every = click.option(
        "--all-stations", "everywhere", is_flag=True, help="All stations of this folder or group."
    )
    named = click.option("--also", multiple=True, metavar="STATION", help="Another station; may be repeated.")
    return named(every(with_others))


def find_other_stations(
    call: StationCall, also: Sequence[str], *, everywhere: bool
) -> tuple[LoadedProfile, ...]:
    """
    The profiles of the stations `also`, or of all that share the archive.

    Raises ConfigError for one that does not share it: the change could not hold there.
    """
    found = {call.id: call.loaded}
    for name in also:
        loaded = load_profile(name, only_looks=True)
        if loaded.profile.group != call.loaded.profile.group:
            raise ConfigError(
                f"{loaded.path}: {loaded.id} is not in the group of {call.id}; run the command for it alone"
            )
        found[loaded.id] = loaded
    if everywhere:
        for beside, _ in stations_beside(call):
            if beside:
                found.setdefault(beside.id, beside)
    return tuple(loaded for name, loaded in found.items() if name != call.id)


def stations_beside(call: StationCall) -> list[tuple[LoadedProfile | None, str]]:
    """Every other profile here that shares the archive of the command's station, or why it is invalid."""
    beside: list[tuple[LoadedProfile | None, str]] = []
    for path in list_profiles():
        if path.resolve() == call.loaded.path.resolve():
            continue
        try:
            loaded = load_profile(str(path), only_looks=True)
        except BulletinError as error:
            beside.append((None, str(error)))
            continue
        is_here = loaded.profile.group.is_on or (call.output / loaded.id).is_dir()
        if is_here and loaded.profile.group == call.loaded.profile.group:
            beside.append((loaded, ""))
    return beside
