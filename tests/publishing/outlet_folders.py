"""Folders and clock of the outlets under test."""

from __future__ import annotations

from pathlib import Path

from tests.support.factories import NOW


class OutletFolders:
    """Public folder, mixing folder and clock."""

    def __init__(self, path: Path) -> None:
        self.folder = path / "public"
        self.mixed = path / "mixed"
        self.mixed.mkdir()
        self.now = NOW
