"""The user's data folder: installed voices and instruments, state of circuit breakers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NO_HOME = Path("/nonexistent")
"""The home that Debian gives to users without one."""


def data_folder() -> Path:
    """
    The user's folder for this program's data; BULLETIN_DATA overrides it. It may not exist yet.

    For a user without a home, as in containers, it is a folder that cannot be written.
    """
    try:
        if given := os.environ.get("BULLETIN_DATA"):
            return Path(given).expanduser()
        if sys.platform == "win32":
            base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Application Support"
        else:
            base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    except RuntimeError:  # expanduser and home find no home
        base = _NO_HOME
    return Path(base) / "bulletin-radio"
