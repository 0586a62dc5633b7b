"""Room for an installation, and the remedy where its folder takes no file."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

_MB = 1_000_000
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""Disk or quota; Windows knows no quota."""


def require_writable(folder: Path) -> None:
    """Raises OSError where an existing folder takes no file: the lock of an installation would fail without a remedy."""
    if not os.access(folder, os.W_OK):
        raise OSError(errno.EROFS, "read-only, or of another user")


def require_room(folder: Path, needed_bytes: int) -> None:
    """Raises OSError (ENOSPC) with the free megabytes where a download would end halfway."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes:
        raise OSError(errno.ENOSPC, f"only {free_bytes / _MB:.0f} MB are free")


def remedy_for_write_error(error: OSError, *, needed_mb: int) -> str:
    """
    What a user can do about a folder of the data that takes no file.

    >>> remedy_for_write_error(OSError(errno.EROFS, "Read-only file system"), needed_mb=500)
    'make it writable, or set BULLETIN_DATA to another folder'
    """
    if error.errno in _FULL:
        return f"free {needed_mb} MB there, or set BULLETIN_DATA to a folder with room"
    return "make it writable, or set BULLETIN_DATA to another folder"
