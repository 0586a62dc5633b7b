"""Permissions of files, under any umask: private ones for the station's user, published ones for all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_PUBLIC_FILE, _PUBLIC_FOLDER = 0o644, 0o755
_OTHERS = 0o077

_users_umask = -1
_restricted: set[Path] = set()
"""Folders that this process has restricted."""


def keep_private() -> None:
    """Make new files of this process private; `publish` and `make_public` are for public files."""
    global _users_umask
    former = os.umask(_OTHERS)
    if _users_umask < 0:
        _users_umask = former


def umask_of_user() -> int:
    """umask for programs of the station; -1 for the present one."""
    return _users_umask if os.name == "posix" else -1


def make_private(folder: Path) -> None:
    """
    Make a private folder, and restrict an existing one with all that is in it.

    Raises OSError when it cannot be made. A file with a second link is published elsewhere, and stays readable.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    if os.name != "posix" or (resolved := folder.resolve()) in _restricted:
        return
    _restricted.add(resolved)
    for within, _, names in os.walk(resolved):
        _restrict(Path(within), _PRIVATE_FOLDER)
        for name in names:
            _restrict(Path(within, name), _PRIVATE_FILE)


def make_public(folder: Path) -> None:
    """Make a folder that web servers may enter; an existing one stays as it is. Raises OSError."""
    for missing in (parent for parent in reversed((folder, *folder.parents)) if not parent.exists()):
        with suppress(FileExistsError):
            missing.mkdir()
            with suppress(OSError):  # some shares have no permissions
                missing.chmod(_PUBLIC_FOLDER)
    folder.mkdir(exist_ok=True)  # raises where a file has its name


def publish(path: Path) -> None:
    """Let web servers and playouts read a file."""
    with suppress(OSError):  # another user's file, or a share without permissions
        path.chmod(_PUBLIC_FILE)


def _restrict(path: Path, mode: int) -> None:
    with suppress(OSError):
        status = path.lstat()
        is_ours = stat.S_ISDIR(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink == 1)
        if is_ours and stat.S_IMODE(status.st_mode) & _OTHERS:
            path.chmod(mode)
