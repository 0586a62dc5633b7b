"""An archive that cannot be used -> a private one that knows what of it could be read."""

from __future__ import annotations

import logging
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.salvage import salvage

log = logging.getLogger(__name__)

NAME = "stand-in.sqlite"


def open_stand_in(path: Path, folder: Path, *, why: str) -> Archive:
    """
    A new archive in `folder` with what can be read of the one at `path`: kill list, what aired, bulletins.

    Reading does no harm to one that another program has locked, nor to one of a newer Bulletin, of which
    the tables that we know are read. What is written here is lost with the folder; its `notes` say so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = Archive.open(folder / NAME)
    rows = salvage(path, archive.path) if path.is_file() else 0
    log.error("on air without memory: archive=%s rows_known=%d: %s", path, rows, why)
    archive.notes = (f"{why}: on air without it, from {rows} rows that could be read",)
    return archive
