"""Output folder or profile -> archive and store: this machine's own, or those of the station's group."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_database_damage import fallback_path
from bulletin.config.find_group_options import find_group
from bulletin.config.load_profile import LoadedProfile, list_profiles
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import ArchiveError, ConfigError
from bulletin.station.output_folder import ARCHIVE, STATE, make_state
from bulletin.storage.open_store import open_store
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)


@contextmanager
def open_archive(output: Path, *, only_to_read: bool = False) -> Iterator[Archive]:
    """
    Open the archive of an output folder and merge the fallback archive that was used while it was damaged.

    With `only_to_read` a failed merge is logged instead of raised. Raises ArchiveError, OutletError.
    """
    make_state(output)
    with Archive.open(output / STATE / ARCHIVE) as archive:
        if fallback_path(archive.path).exists():
            from bulletin.archive.fallback_archive import merge_fallback

            try:
                merge_fallback(archive)
            except ArchiveError as error:
                if not only_to_read:
                    raise
                log.warning("fallback archive not merged yet: %s", error)
        yield archive


@contextmanager
def open_archive_of(loaded: LoadedProfile, *, output: Path, only_to_read: bool = False) -> Iterator[Archive]:
    """
    Open the archive of a station: the database of its group, if it has one, else that of the output folder.

    Every command and the newsroom open it here, so that an edit or a kill holds on every machine of the group. Raises
    ArchiveError, OutletError.
    """
    group = loaded.profile.group
    if not group.is_on:
        with open_archive(output, only_to_read=only_to_read) as archive:
            yield archive
        return
    with open_group_archive(group, output=output, only_to_read=only_to_read) as archive:
        yield archive


@contextmanager
def open_archive_of_stations(stations: Sequence[LoadedProfile], *, output: Path) -> Iterator[Archive]:
    """
    Open the archive that these stations share, for a process that serves them all.

    Raises ConfigError where they do not all belong to one group, or to none; ArchiveError, OutletError.
    """
    for station in stations:
        if station.profile.group != stations[0].profile.group:
            what = "belong to different groups, or one to none; serve them by two processes"
            raise ConfigError(f"{stations[0].path} and {station.path}: the stations {what}")
    with open_archive_of(stations[0], output=output) if stations else open_archive(output) as archive:
        yield archive


@contextmanager
def open_archive_of_all(output: Path, *, only_to_read: bool = False) -> Iterator[Archive]:
    """
    Open the archive of users and audit: that of the group, if a profile here belongs to one, else the output folder's.

    Raises ArchiveError, OutletError.
    """
    group = find_group(list_profiles())
    if group is None:
        with open_archive(output, only_to_read=only_to_read) as archive:
            yield archive
        return
    with open_group_archive(group, output=output, only_to_read=only_to_read) as archive:
        yield archive


@contextmanager
def open_group_archive(group: GroupOptions, *, output: Path, only_to_read: bool = False) -> Iterator[Archive]:
    """
    Open the archive of a group: its database, or that of the output folder for a group of one machine.

    Raises ArchiveError, OutletError.
    """
    if group.is_here:
        with open_archive(output, only_to_read=only_to_read) as archive:
            yield archive
        return
    # late: the driver of PostgreSQL is an extra
    from bulletin.archive.server_archive import open_server_archive

    make_state(output)
    with open_server_archive(group.database, group=group.name) as server:
        yield server


def open_group_store(group: GroupOptions, *, output: Path) -> Store:
    """The store of a group, by default a folder in the output folder. Raises StoreError."""
    return open_store(group.store or str((output / STATE / "store").resolve()))
