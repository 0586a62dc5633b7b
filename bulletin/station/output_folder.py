"""Output folder of stations: its private folder and the archive in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bulletin.errors import OutletError
from bulletin.publishing.atomic_file_batch import cannot_write
from bulletin.runtime.files.file_permissions import make_private, make_public

ARCHIVE = "archive.sqlite"
STATE = ".bulletin"
"""Folder beside the stations' public folders: archive, speech cache, scratch."""


def make_state(output: Path) -> None:
    """The private folder of an output folder. Raises OutletError as `make_folder`."""
    make_folder(output / STATE, is_private=True)


def make_folder(folder: Path, *, is_private: bool = False) -> None:
    """Make a folder; raise OutletError where it cannot be made or written."""
    try:
        if is_private:
            make_public(folder.parent)
            make_private(folder)
        else:
            make_public(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutletError(f"{cannot_write(folder, error)} with --output") from error
    if folder.name == STATE:
        try:
            tempfile.gettempdir()
        except FileNotFoundError:  # the system has none, as in a read-only container
            tempfile.tempdir = str(folder.resolve())
