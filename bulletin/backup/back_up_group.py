"""Database of a group <-> archive file in a backup, which one machine can use, too; its clips and list of objects."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.copy_all_tables import copy_all_rows
from bulletin.archive.database.check_database_damage import CorruptArchiveError, check_copy
from bulletin.archive.ledgers.delete_old_rows import hide_secrets
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.repair.daily_copies import copy_archive
from bulletin.backup.backup_manifest import (
    CLIP_FILES,
    GROUP_FILES,
    STATE_FILES,
    BackupError,
    Manifest,
    open_backup,
    unpack,
)
from bulletin.backup.clips_of_group import NamedClips, find_named_clips
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ArchiveError
from bulletin.speech.clips.shared_clips import find_missing_keys, share_missing_clips
from bulletin.station.group_files.working_copy import object_key
from bulletin.station.output_folder import ARCHIVE
from bulletin.storage.store_interface import Store

OBJECTS_FILE = f"{GROUP_FILES}/objects.txt"
"""Key and bytes of each object in the store that a published name has, one a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackedBackup:
    """A backup whose files were checked, in a folder for the time of the restore."""

    manifest: Manifest
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredGroup:
    """Result of a restore into the database of a group."""

    manifest: Manifest
    rows: Mapping[str, int]
    """Table -> rows."""
    missing_objects: tuple[str, ...]
    """Keys of published files that the store does not have."""
    missing_clips: tuple[str, ...]
    """Keys of recorded clips and their side files that neither the store nor the backup has."""


def check_one_group(loaded: Sequence[LoadedProfile]) -> bool:
    """Whether the stations belong to a group. Raises BackupError where they belong to different archives."""
    for profile in loaded:
        if profile.profile.group != loaded[0].profile.group:
            raise BackupError(
                f"{loaded[0].path} and {profile.path}: belong to different groups, or one to none; "
                "back up the stations of each separately"
            )
    return bool(loaded) and loaded[0].profile.group.is_on


def copy_group_archive(archive: Archive, to: Path, *, objects: Path, scratch: Path) -> NamedClips:
    """
    Write all rows of a server into an archive file, as they are at one moment, and the list of published objects.

    Returns the recorded clips that these rows name. Raises ArchiveError.
    """
    with Archive.open(scratch / f"rows-{ARCHIVE}") as copy:
        copy_all_rows(archive, copy, with_moment=True)
        files = PublishedFiles(copy)
        sizes = {
            object_key(file.sha256): file.bytes
            for station in files.stations()
            for file in files.of_station(station).values()
        }
        clips = find_named_clips(copy, now=archive.now())
    copy_archive(scratch / f"rows-{ARCHIVE}", to)
    objects.write_text("".join(f"{key} {sizes[key]}\n" for key in sorted(sizes)), encoding="ascii")
    return clips


@contextmanager
def unpack_backup(file: Path) -> Iterator[UnpackedBackup]:
    """
    Unpack a backup of a group or of one machine into a scratch folder, and check its archive.

    Raises BackupError for a damaged backup, and for one of a newer Bulletin.
    """
    with tempfile.TemporaryDirectory(prefix="restore-") as scratch:
        folder = Path(scratch)
        with open_backup(file) as (tar, manifest):
            unpack(tar, manifest, to=folder, name=str(file))
        _check(folder / STATE_FILES / ARCHIVE, file)
        yield UnpackedBackup(manifest=manifest, folder=folder)


def restore_group(backup: UnpackedBackup, *, archive: Archive, store: Store) -> RestoredGroup:
    """
    Load the archive of a backup, of a group or of one machine, into the empty database of a group.

    All rows or none, after the recorded clips of the backup, which are stored where the store lacks them. Objects are
    not in the backup: those that are missing in the store are listed, and so are clips. Raises ArchiveError, also for a
    database that has rows, and StoreError.
    """
    folder = backup.folder
    with Archive.open(
        folder / STATE_FILES / ARCHIVE
    ) as source:  # migrated, and with the sealed kill list of one machine
        hide_secrets(source)
        share_missing_clips(folder / CLIP_FILES, store=store)
        clips = find_missing_keys(find_named_clips(source, now=archive.now()).kept, store=store)
        objects = _missing_objects(folder / OBJECTS_FILE, store)
        # last: while the store fails, the database stays empty, and the restore can be repeated
        rows = copy_all_rows(source, archive, with_moment=False)
    return RestoredGroup(manifest=backup.manifest, rows=rows, missing_objects=objects, missing_clips=clips)


def _check(path: Path, file: Path) -> None:
    try:
        check_copy(path)
    except CorruptArchiveError as error:
        raise BackupError(f"{file}: the archive in this backup is damaged; use another backup") from error
    except ArchiveError as error:
        raise BackupError(
            f"{file}: the backup was made by a newer Bulletin; update Bulletin first"
        ) from error


def _missing_objects(listed: Path, store: Store) -> tuple[str, ...]:
    keys: list[str] = []
    with suppress(FileNotFoundError):  # a backup of one machine
        keys = [line.partition(" ")[0] for line in listed.read_text("ascii").splitlines()]
    present = {found.key for found in store.list("objects")} if keys else set()
    return tuple(key for key in keys if key not in present)
