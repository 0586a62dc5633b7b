"""Data folder of the voices: installed models, state of circuit breakers."""

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
    given = os.environ.get("BULLETIN_DATA")
    try:
        return Path(given).expanduser() if given else _usual_folder()
    except RuntimeError:
        return _NO_HOME / "bulletin-radio"


def _usual_folder() -> Path:
    """The folder by the system's convention. Raises RuntimeError for a user without a home."""
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Application Support"
    else:
        home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "bulletin-radio"
