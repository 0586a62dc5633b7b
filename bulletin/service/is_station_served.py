"""Station -> whether it is kept on air: by a service, which holds a lock, or by a live worker of its group."""

from __future__ import annotations

from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.station.build_station_object import STATE

_IS_SERVED_WAIT_S = 0.1


def is_kept(loaded: LoadedProfile, *, output: Path, archive: Archive) -> bool:
    """Whether a running service, or a live worker of its group, keeps a station."""
    if not loaded.profile.group.is_on:
        return is_served(output, loaded.id)
    workers = WorkerLedger(archive, now=archive.now).alive()
    return any(loaded.id in one.stations for one in workers if one.does_pieces)


def service_lock(output: Path, station: str) -> Path:
    """The lock file of the service that keeps a station."""
    return output / STATE / f"{station}.service.lock"


def is_served(output: Path, station: str) -> bool:
    """Whether a running service keeps a station."""
    path = service_lock(output, station)
    if not path.exists():
        return False
    try:
        with hold(path, wait_s=_IS_SERVED_WAIT_S):  # another process may ask at the same moment
            return False
    except LockedError:
        return True
