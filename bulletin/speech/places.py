"""Where voices keep what must outlive a run: models that were installed, pauses that were asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """The user's folder for this program's data; BULLETIN_DATA overrides it. It may not exist yet."""
    given = os.environ.get("BULLETIN_DATA")
    if given:
        return Path(given).expanduser()
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Application Support"
    else:
        home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "bulletin-radio"
