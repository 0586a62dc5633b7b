"""Who may read what: the station's own files only its user, what is published every web server, whatever the umask."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_PUBLIC_FILE, _PUBLIC_FOLDER = 0o644, 0o755
_OTHERS = 0o077

_users_umask = -1
_narrowed: set[Path] = set()
"""Folders that this process has looked through."""


def keep_private() -> None:
    """What this process makes from now on is for its own user alone, but for what is published."""
    global _users_umask
    former = os.umask(_OTHERS)
    if _users_umask < 0:
        _users_umask = former


def umask_of_user() -> int:
    """For the station's own programs that we start; -1: the one that we have."""
    return _users_umask if os.name == "posix" else -1


def make_private(folder: Path) -> None:
    """
    Have a folder for the station alone, and of what lies in it already nothing that others may read.

    Raises OSError when it cannot be made. A file with a second name elsewhere is published there, and stays so.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    if os.name != "posix" or (place := folder.resolve()) in _narrowed:
        return
    _narrowed.add(place)
    for within, _, names in os.walk(place):
        _narrow(Path(within), _PRIVATE_FOLDER)
        for name in names:
            _narrow(Path(within, name), _PRIVATE_FILE)


def make_public(folder: Path) -> None:
    """Have a folder that web servers may enter; one that is there stays as it is. Raises OSError."""
    for missing in (one for one in reversed((folder, *folder.parents)) if not one.exists()):
        with suppress(FileExistsError):
            missing.mkdir()
            with suppress(OSError):  # some shares know no rights
                missing.chmod(_PUBLIC_FOLDER)
    folder.mkdir(exist_ok=True)  # a file in its place is told


def publish(path: Path) -> None:
    """Have a file that web servers and playouts may read."""
    with suppress(OSError):  # somebody else's, or on a share that knows no rights
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _PUBLIC_FILE != _PUBLIC_FILE or mode & stat.S_IWOTH:
            path.chmod(_PUBLIC_FILE)


def _narrow(path: Path, mode: int) -> None:
    with suppress(OSError):
        found = path.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
        if is_ours and stat.S_IMODE(found.st_mode) & _OTHERS:
            path.chmod(mode)
