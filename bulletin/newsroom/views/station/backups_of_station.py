"""Backups in the newsroom's folder and the daily copies of the archive, newest first."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.repair.daily_copies import find_copies
from bulletin.backup.backup_manifest import BackupError, Manifest, open_backup
from bulletin.service.newsroom_requests.do_newsroom_request import backups_folder
from bulletin.station.build_station_object import ARCHIVE, STATE

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.tar\.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFile:
    """A backup that can be downloaded."""

    name: str
    bytes: int
    made_at: datetime
    """On the station's clock."""
    stations: tuple[str, ...]
    secrets: tuple[str, ...]
    """Variables that stand in place of secrets."""
    left_out: tuple[str, ...]
    problem: str = ""
    """Why it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCopy:
    """A daily copy of the archive, made by the service itself."""

    name: str
    bytes: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """All that a restore can start from."""

    files: tuple[BackupFile, ...]
    copies: tuple[ArchiveCopy, ...]
    folder: Path


def read_backups(output: Path, station: str, *, zone: ZoneInfo) -> Backups:
    """Backups that the newsroom made for the station, and daily copies, newest first."""
    folder = backups_folder(output, station)
    files = [_describe(path, zone) for path in folder.glob("*.tar.gz") if _NAME.fullmatch(path.name)]
    copies = []
    for path in find_copies(output / STATE / ARCHIVE):
        with suppress(OSError):
            status = path.stat()
            made_at = datetime.fromtimestamp(status.st_mtime, UTC).astimezone(zone)
            copies.append(ArchiveCopy(name=path.name, bytes=status.st_size, made_at=made_at))
    return Backups(
        files=tuple(sorted(files, key=lambda file: file.made_at, reverse=True)),
        copies=tuple(copies),
        folder=folder,
    )


def find_backup(output: Path, station: str, name: str) -> Path | None:
    """The file of a backup; None for a name that is none of the folder's, whatever it points to."""
    path = backups_folder(output, station) / name
    is_safe = _NAME.fullmatch(name) and path.is_file() and not path.is_symlink()
    return path if is_safe else None


def read_manifest(path: Path) -> Manifest:
    """Table of contents of a backup. Raises BackupError."""
    with open_backup(path) as (_, manifest):
        return manifest


def _describe(path: Path, zone: ZoneInfo) -> BackupFile:
    status = path.stat()
    made_at = datetime.fromtimestamp(status.st_mtime, UTC).astimezone(zone)
    try:
        manifest = read_manifest(path)
    except BackupError as error:
        problem = str(error).replace(str(path), path.name)
        return BackupFile(
            name=path.name,
            bytes=status.st_size,
            made_at=made_at,
            stations=(),
            secrets=(),
            left_out=(),
            problem=problem,
        )
    return BackupFile(
        name=path.name,
        bytes=status.st_size,
        made_at=datetime.fromisoformat(manifest.made).astimezone(zone),
        stations=manifest.stations,
        secrets=tuple(secret.variable for secret in manifest.secrets),
        left_out=manifest.left_out,
    )
