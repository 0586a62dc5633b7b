"""Work of a group that is not done: how much, since when, which voices it needs, and which of them fail. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select

from bulletin.archive.database.group_tables import work, work_needs
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.database_interface import Database
from bulletin.archive.ledgers.group.pieces_of_work import UNSPOKEN, PieceState
from bulletin.archive.ledgers.group.work_conditions import ENDED, OPEN, is_free, is_unblocked
from bulletin.archive.retry_after_archive_repair import Ledger

_T, _N = work.c, work_needs.c


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPiece:
    """A piece that a worker has."""

    kind: str
    key: str
    owner: str
    station: str = ""
    due: datetime
    lease_until: datetime | None = None


class WaitingWork(Ledger):
    """Counts over the ledger of work. Every method raises ArchiveError, as the archive's do."""

    def __init__(self, archive: Database, *, now: Callable[[], datetime]) -> None:
        super().__init__(archive)
        self._now = now

    def open_counts(self) -> Mapping[tuple[str, str], int]:
        """Kind and state -> number of pieces that wait or are in work."""
        is_open = _T.state.in_(OPEN)
        return self._count(is_open)

    def ended_counts(self, *, since: datetime) -> Mapping[tuple[str, str], int]:
        """Kind and state -> number of pieces that were done, or given up, since a moment."""
        has_ended = and_(_T.state.in_(ENDED), _T.done_at >= since)
        return self._count(has_ended)

    def _count(self, condition: ColumnElement[bool]) -> Mapping[tuple[str, str], int]:
        query = select(_T.kind, _T.state, func.count().label("number")).where(condition)
        rows = self._archive.select(
            query.group_by(_T.kind, _T.state), lambda row: ((row["kind"], row["state"]), int(row["number"]))
        )
        return dict(rows)

    def oldest_ready_at(self) -> datetime | None:
        """
        Since when the piece could be taken that has waited longest for a worker; None: nothing waits.

        That is when it was planned, or when the last piece ended that it needs. A piece that pauses after a failure
        does not wait for a worker.
        """
        needed = work.alias("needed")
        needs = and_(
            _N.kind == _T.kind,
            _N.key == _T.key,
            needed.c.kind == _N.needs_kind,
            needed.c.key == _N.needs_key,
        )
        last_end = select(func.max(needed.c.done_at)).where(needs).correlate(work).scalar_subquery()
        ready_at = case((last_end > _T.made_at, last_end), else_=_T.made_at)
        is_ready = and_(_T.state == PieceState.WAITING, is_free(self._now()), is_unblocked())
        query = select(func.min(ready_at)).where(is_ready)
        moment: datetime | None = self._archive.scalar(query)
        return moment

    def held(self, *, limit: int = 1000) -> tuple[HeldPiece, ...]:
        """Pieces that workers hold, the earliest due first; those of expired leases too."""
        query = select(work).where(_T.state == PieceState.WORKING).order_by(_T.due, _T.kind, _T.key)
        return self._archive.select(query.limit(limit), lambda row: from_row(HeldPiece, row))

    def failed_voices(self, *, since: datetime, least: int) -> frozenset[str]:
        """Voices of which so many sentences were given up as `UNSPOKEN` since a moment by the database's clock."""
        unspoken = and_(_T.kind == "speak", _T.state == PieceState.FAILED, _T.result == UNSPOKEN)
        query = select(_T.needs_voice).where(_T.done_at >= since, unspoken)
        query = query.group_by(_T.needs_voice).having(func.count() >= least)
        return frozenset(self._archive.select(query, lambda row: str(row["needs_voice"])))

    def voices_needed(self) -> Mapping[str, tuple[str, ...]]:
        """Voice -> stations whose waiting sentences need it; "" stands for several stations."""
        waits = and_(_T.state == PieceState.WAITING, _T.needs_voice != "")
        query = select(_T.needs_voice, _T.station).where(waits).distinct().order_by(_T.station)
        needed: dict[str, tuple[str, ...]] = {}
        for voice, station in self._archive.select(query, lambda row: (row["needs_voice"], row["station"])):
            needed[voice] = (*needed.get(voice, ()), station)
        return needed
