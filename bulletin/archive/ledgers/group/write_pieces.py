"""Pieces of work and their needs -> rows of the ledger, inside the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, and_, case, delete, or_, tuple_
from sqlalchemy.dialects.postgresql import Insert, insert

from bulletin.archive.database.group_tables import work, work_needs
from bulletin.archive.ledgers.group.pieces_of_work import MOST_LOST, MorePieces, Piece, PieceState
from bulletin.archive.ledgers.group.work_conditions import ENDED

_T, _N = work.c, work_needs.c
BATCH = 300
"""Rows or keys of one statement."""
Item = TypeVar("Item")


def add_pieces(
    connection: Connection, more: MorePieces, now: datetime, *, ahead: timedelta = timedelta(0)
) -> int:
    """
    Add pieces in the order of their keys, so that two planners never wait for each other in a circle.

    `ahead` is how far the clock of their deadlines is ahead of `now`, the database's.
    """
    pieces = {piece.name: piece for piece in sorted(more.pieces, key=lambda piece: piece.name)}
    changed = 0
    for reopens in (False, True):
        rows = [_row(piece, now, ahead) for piece in pieces.values() if piece.reopens is reopens]
        for some in in_batches(rows):
            counting = {"preserve_rowcount": True}
            changed += connection.execute(_insert(some, reopens=reopens), execution_options=counting).rowcount
    needs = sorted({(*need.of, *need.needs) for need in more.needs})
    names = ("kind", "key", "needs_kind", "needs_key")
    if rows_of_needs := [
        dict(zip(names, row, strict=True)) for row in needs
    ]:  # not as one statement of many values: that is compiled anew
        connection.execute(insert(work_needs).on_conflict_do_nothing(), rows_of_needs)
    return changed


def _row(piece: Piece, now: datetime, ahead: timedelta) -> dict[str, Any]:
    names = ("kind", "key", "due", "station", "needs_voice", "limit_key")
    row = {name: getattr(piece, name) for name in names}
    row["deadline"] = piece.deadline - ahead if piece.deadline else None
    pause = now + piece.pause if piece.pause else None
    return {**row, "payload": dict(piece.payload), "made_at": now, "lease_until": pause}


def _insert(rows: list[dict[str, Any]], *, reopens: bool) -> Insert:
    """Insert rows; a known piece becomes due earlier, and one that has ended is opened again where it `reopens`."""
    statement = insert(work).values(rows)
    new = statement.excluded
    is_earlier = and_(_T.state == PieceState.WAITING, _T.due > new.due)
    if not reopens:
        return statement.on_conflict_do_update(
            index_elements=["kind", "key"], set_={"due": new.due}, where=is_earlier
        )
    made_at = case((_T.state.in_(ENDED), new.made_at), else_=_T.made_at)
    again = {"state": PieceState.WAITING, "due": new.due, "deadline": new.deadline}
    again |= {"payload": new.payload, "needs_voice": new.needs_voice, "limit_key": new.limit_key}
    fresh = {"attempts": 0, "note": "", "owner": "", "made_at": made_at}
    fresh |= dict.fromkeys(("sent_at", "lease_until", "begun_at", "done_at"))
    changes = or_(is_earlier, and_(_T.state.in_(ENDED), _T.lost < MOST_LOST))
    return statement.on_conflict_do_update(
        index_elements=["kind", "key"], set_={**again, **fresh}, where=changes
    )


def delete_pieces(connection: Connection, names: Select[tuple[Any, Any]]) -> int:
    """Delete the pieces of a locking query, and their needs; return how many."""
    rows = [(str(kind), str(key)) for kind, key in connection.execute(names)]
    for some in in_batches(rows):
        connection.execute(delete(work_needs).where(tuple_(_N.kind, _N.key).in_(some)))
        connection.execute(delete(work).where(tuple_(_T.kind, _T.key).in_(some)))
    return len(rows)


def in_batches(items: list[Item]) -> Iterable[list[Item]]:
    """Parts of BATCH items."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
