"""Ledger of respelled names: how an editor wants a name said, from the next bulletin on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database import newsroom_tables
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.database_interface import Database
from bulletin.archive.retry_after_archive_repair import Ledger

_T = newsroom_tables.respelled_names.c


@dataclass(frozen=True, slots=True, kw_only=True)
class RespelledName:
    """A name with the respelling that an editor saved."""

    name: str
    """As in print; case counts."""
    respelling: str
    """Letters, spaces, hyphens and apostrophes; empty: checked, the name is read as printed."""
    editor: str
    saved_at: datetime
    """Aware, UTC."""


class RespelledNames(Ledger):
    """Rows of an archive. A removed name keeps its row without counting, so that stand-bys with it are made anew."""

    def __init__(self, archive: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(archive)
        self._now = now

    def save(self, station: str, name: str, respelling: str, *, editor: str) -> RespelledName:
        """Store a respelling in place of an earlier one of the name."""
        saved = RespelledName(name=name, respelling=respelling, editor=editor, saved_at=self._now())
        values = {
            "respelling": respelling,
            "editor": editor,
            "saved_at": saved.saved_at,
            "removed_at": None,
        }
        row = insert(newsroom_tables.respelled_names).values(station=station, name=name, **values)
        self._archive.execute(row.on_conflict_do_update(index_elements=["station", "name"], set_=values))
        return saved

    def remove(self, station: str, name: str) -> bool:
        """Forget a respelling; False where there is none."""
        with self._archive.writing() as connection:
            query = (
                update(newsroom_tables.respelled_names)
                .where(_T.station == station, _T.name == name, _T.removed_at.is_(None))
                .values(removed_at=self._now())
            )
            return bool(connection.execute(query).rowcount)

    def names(self, station: str) -> tuple[RespelledName, ...]:
        """The respelled names of a station, the last saved first."""
        query = (
            select(_T.name, _T.respelling, _T.editor, _T.saved_at)
            .where(_T.station == station, _T.removed_at.is_(None))
            .order_by(_T.saved_at.desc(), _T.name)
        )
        return tuple(self._archive.select(query, lambda row: from_row(RespelledName, row)))

    def respellings(self, station: str) -> dict[str, str]:
        """Name -> respelling."""
        return {name.name: name.respelling for name in self.names(station)}

    def changed_at(self, station: str) -> datetime | None:
        """When a name of the station was last saved or removed; None: never."""
        query = select(func.max(_T.saved_at), func.max(_T.removed_at)).where(_T.station == station)
        with self._archive.reading() as connection:
            saved_at, removed_at = connection.execute(query).one()
        return max((moment for moment in (saved_at, removed_at) if moment), default=None)
