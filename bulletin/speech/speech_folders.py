"""Where voices keep what must outlive a run: models that were installed, pauses that were asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NO_HOME = Path("/nonexistent")
"""As Debian writes down that a user has no home."""


def data_folder() -> Path:
    """
    The user's folder for this program's data; BULLETIN_DATA overrides it. It may not exist yet.

    For a user without a home, as cron and containers have them, it is one that nobody can write.
    """
    given = os.environ.get("BULLETIN_DATA")
    try:
        return Path(given).expanduser() if given else _usual_folder()
    except RuntimeError:
        return _NO_HOME / "bulletin-radio"


def _usual_folder() -> Path:
    """Raises RuntimeError where the system knows no home."""
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Application Support"
    else:
        home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "bulletin-radio"
