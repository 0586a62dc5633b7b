"""Desk: one editor at one station, as every action of the newsroom gets it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.config.load_profile import LoadedProfile
from bulletin.newsroom.spoken_form import editors_words
from bulletin.station.build_station_object import STATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One editor at one station: what an action may read, and in whose name it acts."""

    loaded: LoadedProfile
    output: Path
    """Output folder of the stations."""
    archive: Archive
    editor: str
    """Name of the user, for records and for colleagues."""
    now: Callable[[], datetime]
    """Aware, UTC."""
    address: str = ""
    """Network address of the browser, for the audit; empty for a command."""

    @property
    def station(self) -> str:
        """Id of the station."""
        return self.loaded.id

    @property
    def state(self) -> Path:
        """Private folder of the output folder."""
        return self.output / STATE

    @property
    def edits(self) -> EditLedger:
        return EditLedger(self.archive)

    def say(self, text: str) -> str:
        """Spoken form of a text at this station. Raises ConfigError, ArchiveError."""
        return editors_words(self.loaded, respelled=self.respelled()).say(text)

    def respelled(self) -> dict[str, str]:
        """Names that editors respelled. Raises ArchiveError."""
        return RespelledNames(self.archive).respellings(self.station)

    def audit(self, action: str, note: str = "") -> None:
        """Record a change that this editor made. Raises ArchiveError."""
        AuditLedger(self.archive).record_change(
            station=self.station,
            user=self.editor,
            action=action,
            address=self.address,
            note=note,
            at=self.now(),
        )


def new_key() -> str:
    """Key of a request that its sender did not name."""
    return uuid.uuid4().hex
