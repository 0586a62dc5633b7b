"""Pieces of work as they are in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.engine import RowMapping

from bulletin.archive.database.group_tables import work
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.ledgers.group.pieces_of_work import PieceRecord
from bulletin.archive.ledgers.group.work_conditions import is_piece
from bulletin.archive.ledgers.group.write_pieces import in_batches
from bulletin.archive.retry_after_archive_repair import Ledger

_T = work.c


class PieceReader(Ledger):
    """Reads pieces by name. Every method raises ArchiveError, as the archive's do."""

    def find(self, kind: str, key: str) -> PieceRecord | None:
        """The piece with that kind and key."""
        return next(iter(self._archive.select(select(work).where(is_piece(kind, key)), piece_record)), None)

    def find_all(self, kind: str, keys: Collection[str]) -> tuple[PieceRecord, ...]:
        """The pieces of a kind with these keys, those that ended first first."""
        rows = (
            self._archive.select(select(work).where(_T.kind == kind, _T.key.in_(some)), piece_record)
            for some in in_batches(sorted(keys))
        )
        never = datetime.max.replace(tzinfo=UTC)
        return tuple(sorted(chain.from_iterable(rows), key=lambda row: row.done_at or never))

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Kind and state -> number of pieces."""
        query = select(_T.kind, _T.state, func.count().label("number")).group_by(_T.kind, _T.state)
        rows = self._archive.select(query, lambda row: ((row["kind"], row["state"]), int(row["number"])))
        return dict(rows)


def piece_record(row: RowMapping) -> PieceRecord:
    """A row of the ledger as a piece."""
    return from_row(PieceRecord, row)
