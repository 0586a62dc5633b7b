"""Audit of the newsroom: who changed what, when and from where; records are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from bulletin.archive.database.newsroom_tables import newsroom_audit
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.retry_after_archive_repair import Ledger

_T = newsroom_audit.c
SIGN_IN, SIGN_IN_REFUSED = "sign-in", "sign-in refused"
"""Actions that the limits of sign-ins count."""
_IS_SIGN_IN = _T.station == ""
"""Sign-ins are of no station: the index begins with it."""


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

    def changes(
        self, station: str = "", *, limit: int = 200, with_general: bool = True
    ) -> tuple[AuditRecord, ...]:
        """The last changes, newest first; with `station` those of this station and, `with_general`, of none."""
        query = select(newsroom_audit).order_by(_T.id.desc()).limit(limit)
        if station:
            query = query.where(_T.station.in_((station, "") if with_general else (station,)))
        return self._archive.select(query, lambda row: from_row(AuditRecord, row))

    def last_id(self) -> int:
        """Number of the newest record; 0: there is none."""
        return int(self._archive.scalar(select(func.max(_T.id))) or 0)

    def has_changed_since(self, record_id: int, *, user: str, station: str) -> bool:
        """Whether a change by that user at that station was recorded after `record_id`."""
        is_new = (_T.id > record_id) & (_T.user == user) & (_T.station == station)
        return self._archive.scalar(select(_T.id).where(is_new).limit(1)) is not None

    def count_refused_user(self, user: str, *, since: datetime, until: datetime, address: str = "") -> int:
        """
        Refused sign-ins under a name, since that moment or its last good one; with an address those from there.

        Records later than `until` do not count: a wrong clock wrote them, and they would lock users out for years.
        """
        good = select(func.max(_T.id)).where(_IS_SIGN_IN, _T.user == user, _T.action == SIGN_IN)
        is_new = _T.id > func.coalesce(good.scalar_subquery(), 0)
        is_from = (_T.address == address,) if address else ()
        return self._count(_T.user == user, is_new, _T.at.between(since, until), *is_from)

    def count_refused_address(self, address: str, *, since: datetime, until: datetime) -> int:
        """
        Refused sign-ins from an address between two moments.

        A good one does not reset it, or a person with an account could try others' passwords for ever.
        """
        return self._count(_T.address == address, _T.at.between(since, until))

    def has_signed_in(self, user: str, address: str, *, since: datetime) -> bool:
        """Whether that user has signed in from that address."""
        is_from = (_T.user == user) & (_T.address == address) & (_T.action == SIGN_IN)
        query = select(_T.id).where(_IS_SIGN_IN, is_from, _T.at >= since).limit(1)
        return self._archive.scalar(query) is not None

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).where(_IS_SIGN_IN, _T.action == SIGN_IN_REFUSED, *conditions)
        return int(self._archive.scalar(query) or 0)


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
