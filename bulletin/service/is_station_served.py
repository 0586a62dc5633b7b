"""Station -> whether a running service keeps it, by the lock that the service holds."""

from __future__ import annotations

from pathlib import Path

from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.station.build_station_object import STATE

_IS_SERVED_WAIT_S = 0.1


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
