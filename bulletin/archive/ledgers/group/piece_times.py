"""When the pieces that a piece of work needed were made, begun and done: the ledger knows it for all machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, tuple_, union

from bulletin.archive.database.group_tables import work, work_needs
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.ledgers.group.pieces_of_work import PieceState
from bulletin.archive.retry_after_archive_repair import Ledger

_T, _N = work.c, work_needs.c


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceTime:
    """A piece that is done; all moments by the clock of the database."""

    made_at: datetime
    begun_at: datetime
    """Start of the try that succeeded."""
    done_at: datetime


class PieceTimes(Ledger):
    """Times of pieces. Every method raises ArchiveError, as the archive's do."""

    def ended_at(self, kind: str, key: str) -> datetime | None:
        """When a piece ended; None: it has not."""
        moment: datetime | None = self._archive.scalar(
            select(_T.done_at).where(_T.kind == kind, _T.key == key)
        )
        return moment

    def of_needs(self, kind: str, key: str) -> tuple[PieceTime, ...]:
        """The pieces that a piece needed, and their parts, as far as they are done; the first begun first."""
        part = work_needs.alias("part")
        own = and_(_N.kind == kind, _N.key == key)
        is_part = and_(part.c.kind == _N.needs_kind, part.c.key == _N.needs_key)
        named = union(
            select(_N.needs_kind, _N.needs_key).where(own),
            select(part.c.needs_kind, part.c.needs_key).where(own, is_part),
        )
        is_done = and_(_T.state == PieceState.DONE, _T.begun_at.is_not(None), _T.done_at.is_not(None))
        query = select(_T.made_at, _T.begun_at, _T.done_at).where(tuple_(_T.kind, _T.key).in_(named), is_done)
        return self._archive.select(
            query.order_by(_T.begun_at, _T.done_at), lambda row: from_row(PieceTime, row)
        )


def seconds_of(times: tuple[PieceTime, ...]) -> float:
    """
    Seconds in which at least one of the pieces was being done; `times` are in order of their beginning.

    The wait for workers that were busy with other work does not count.
    """
    total_s, until = 0.0, None
    for one in times:
        begin = one.begun_at if until is None else max(one.begun_at, until)
        total_s += max((one.done_at - begin).total_seconds(), 0.0)
        until = one.done_at if until is None else max(until, one.done_at)
    return total_s
