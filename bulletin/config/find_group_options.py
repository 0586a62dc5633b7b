"""Profiles of this machine -> database, store and name of their group, for commands about the whole group."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from bulletin.config.load_profile import SHIPPED, find_profile, list_profiles, load_profile
from bulletin.config.read_profile_secrets import UNKNOWN
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import ConfigError

NO_GROUP = (
    "no station here belongs to a group; write group.toml beside the profiles, in three lines:\n"
    '  [group]\n  database = "postgresql://user@host/database"\n  store = "s3://bucket/prefix"  (or a shared folder)'
)


def find_group(paths: Iterable[Path]) -> GroupOptions | None:
    """
    The group of the first of these profiles that has one; None: none has.

    Invalid profiles are passed over, and so are secrets that are not set. Raises ConfigError where that of the
    database is not.
    """
    for path in paths:
        with suppress(ConfigError):
            group = load_profile(str(path), only_looks=True).profile.group
            if group.is_on:
                break
    else:
        return None
    return _with_database(group, path)


def _with_database(group: GroupOptions, path: Path) -> GroupOptions:
    if not group.database.startswith(UNKNOWN):
        return group
    name = group.database.removeprefix(UNKNOWN)
    try:
        return load_profile(str(path)).profile.group
    except ConfigError as error:  # it names file and line of every variable that is not set
        lines = [line for line in str(error).splitlines() if name in line]
        raise ConfigError("\n".join(lines) or str(error)) from error


def own_profiles() -> tuple[Path, ...]:
    """Profiles here, without those that ship with the program: their invented news airs only by name."""
    return tuple(path for path in list_profiles() if path.stem not in SHIPPED)


def profiles_of(names: Iterable[str]) -> tuple[Path, ...]:
    """
    Profiles as named on the command line; a folder stands for all of its own profiles. Raises ConfigError.

    Those that ship with the program are taken only by their names.
    """
    paths: list[Path] = []
    for name in names:
        folder = Path(name)
        if folder.is_dir():
            found = [path for path in list_profiles(folder) if path.parent == folder]
            paths += [path for path in found if path.stem not in SHIPPED]
        else:
            paths.append(find_profile(name))
    return tuple(paths)


def stations_to_serve(names: Sequence[str]) -> tuple[str | None, ...]:
    """
    Stations of a command that takes several: those named, a folder for all of its profiles.

    Without names all that belong to a group, where several stations are here and one does; else None, the only station.
    Raises ConfigError for a name of nothing.
    """
    if any(Path(name).is_dir() for name in names):
        return tuple(map(str, profiles_of(names)))
    if names or os.environ.get("BULLETIN_STATION"):
        return tuple(names) or (None,)
    own = own_profiles()
    return tuple(map(str, own)) if len(own) > 1 and find_group(own) else (None,)


def find_group_options(names: Sequence[str] = ()) -> GroupOptions:
    """
    The group of the first valid profile that has one; of those `names`, or of all profiles here.

    Invalid profiles are passed over: they are what an operator wants to see. Raises ConfigError where none has one.
    """
    paths = profiles_of(names) if names else own_profiles()
    if group := find_group(paths):
        return group
    for path in paths:
        load_profile(str(path), only_looks=True)  # its mistake is the reason
    raise ConfigError(NO_GROUP)
