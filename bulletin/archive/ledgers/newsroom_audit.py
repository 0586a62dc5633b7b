"""Audit of the newsroom: who changed what, when and from where; records are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select

from bulletin.archive.database.newsroom_tables import newsroom_audit
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.retry_after_archive_repair import Ledger

_T = newsroom_audit.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One change in the newsroom."""

    id: int
    station: str
    """Empty: of no single station, such as a new password."""
    user: str
    action: str
    """ "pin", "user add", "save profile"."""
    address: str
    """Network address of the browser; empty for a command."""
    note: str
    at: datetime


class AuditLedger(Ledger):
    """Audit rows of an archive. Every method raises ArchiveError, as the archive's do."""

    def record_change(
        self, *, station: str, user: str, action: str, at: datetime, address: str = "", note: str = ""
    ) -> None:
        """Record one change; secrets in the note are hidden."""
        with self._archive.writing() as connection:
            add_change(
                connection, station=station, user=user, action=action, at=at, address=address, note=note
            )

    def changes(self, station: str = "", *, limit: int = 200) -> tuple[AuditRecord, ...]:
        """The last changes, newest first; with `station` those of this station and of none."""
        query = select(newsroom_audit).order_by(_T.id.desc()).limit(limit)
        if station:
            query = query.where(or_(_T.station == station, _T.station == ""))
        return self._archive.select(query, lambda row: from_row(AuditRecord, row))


def add_change(
    connection: Connection,
    *,
    station: str,
    user: str,
    action: str,
    at: datetime,
    address: str = "",
    note: str = "",
) -> None:
    """Record a change in the transaction that makes it, so that none goes without its record."""
    row = {"station": station, "user": user, "action": action, "address": address, "note": note, "at": at}
    connection.execute(insert(newsroom_audit).values(row))
