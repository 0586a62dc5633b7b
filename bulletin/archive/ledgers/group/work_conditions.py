"""Conditions on the table of work, for the ledger and for its counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import BindParameter, ColumnElement, FromClause, Select, and_, case, exists, func, or_, select

from bulletin.archive.database import tables
from bulletin.archive.database.group_tables import work, work_needs
from bulletin.archive.ledgers.group.pieces_of_work import KINDS, MOST_LOST, OF_SLOTS, ClaimedPiece, PieceState
from bulletin.model import SlotState

_T, _N = work.c, work_needs.c

Type = TypeVar("Type")
Value: TypeAlias = Type | BindParameter[Type]
"""A value, or the parameter of a statement that is built once."""

OPEN = (PieceState.WAITING, PieceState.WORKING)
ENDED = (PieceState.DONE, PieceState.FAILED)


def is_piece(kind: Value[str], key: Value[str]) -> ColumnElement[bool]:
    """The piece with that name."""
    return (_T.kind == kind) & (_T.key == key)


def is_held(piece: ClaimedPiece) -> ColumnElement[bool]:
    """
    The piece with the fence and the worker of that claim: no later claim was made.

    A piece that was deleted and planned anew counts its fence from the start, so another worker may have the same.
    """
    is_claim = and_(_T.fence == piece.fence, _T.owner == piece.owner)
    return and_(is_piece(piece.kind, piece.key), _T.state == PieceState.WORKING, is_claim)


def is_free(now: Value[datetime]) -> ColumnElement[bool]:
    """Neither ended nor leased; a waiting piece with a lease was tried, and pauses."""
    return and_(_T.state.in_(OPEN), or_(_T.lease_until.is_(None), _T.lease_until <= now))


def has_open_need() -> ColumnElement[bool]:
    """Whether a piece waits for another, or for a part of that: hundreds of drafts share the pages of a feed."""
    needed, part = work.alias("needed"), work_needs.alias("part")
    own = and_(_N.kind == _T.kind, _N.key == _T.key)
    is_part = and_(part.c.kind == _N.needs_kind, part.c.key == _N.needs_key)
    return or_(
        exists().where(own, _is_open(needed, _N)), exists().where(own, is_part, _is_open(needed, part.c))
    )


def is_unblocked() -> ColumnElement[bool]:
    """
    Not `has_open_need`, for a query over all pieces, which looks once for the feeds whose pages are open.

    Otherwise each of hundreds of drafts looks at the thousands of pages of its feeds.
    """
    needed, part, whole = work.alias("needed"), work_needs.alias("part"), work.alias("whole")
    is_part = and_(part.c.needs_kind == whole.c.kind, part.c.needs_key == whole.c.key)
    unread = select(part.c.kind, part.c.key).where(is_part, whole.c.state.in_(OPEN)).distinct().cte("unread")
    own = and_(_N.kind == _T.kind, _N.key == _T.key)
    waits_for_part = exists().where(own, _N.needs_kind == unread.c.kind, _N.needs_key == unread.c.key)
    # by OR: two conditions would become joins, which are slow where the database has no statistics yet
    return ~or_(exists().where(own, _is_open(needed, _N)), waits_for_part)


def _is_open(needed: FromClause, need: Any) -> ColumnElement[bool]:
    named = and_(needed.c.kind == need.needs_kind, needed.c.key == need.needs_key)
    return and_(named, needed.c.state.in_(OPEN))


def is_over(now: datetime) -> ColumnElement[bool]:
    """Free, and past its deadline, or it has ended the process of each of its last workers."""
    return and_(is_free(now), or_(_T.deadline <= now, lost_claims() >= MOST_LOST))


def lost_claims() -> ColumnElement[int]:
    """Claims of a free piece without an end; one in work is held by a dead worker."""
    return _T.lost + case((_T.state == PieceState.WORKING, 1), else_=0)


def values_when_over(now: datetime) -> dict[str, Any]:
    """Values of such a piece when it is given up."""
    lost = f"given up, since {MOST_LOST} workers ended while they did it"
    late = func.coalesce(func.nullif(_T.note, ""), "not done before its deadline")
    note = case((lost_claims() >= MOST_LOST, lost), else_=late)
    end = {"state": PieceState.FAILED, "done_at": now, "lease_until": None}
    return {**end, "lost": lost_claims(), "note": note}


def reopened_mixes(*, since: datetime, until: datetime) -> Select[Any]:
    """Keys of the mixes that have ended, due in a span, whose slot is open again."""
    slots = tables.slots.c
    is_open = exists().where(
        slots.station == _T.station,
        slots.due == _T.due,
        slots.state.in_((SlotState.PLANNED, SlotState.WORKING)),
    )
    is_near = and_(_T.due >= since, _T.due <= until)  # few rows of the index (state, due)
    return select(_T.key).where(_T.state == PieceState.DONE, is_near, _T.kind == "mix", is_open)


def is_of_withdrawn_slot() -> ColumnElement[bool]:
    """A waiting piece of a slot that is not in the ledger of slots any more."""
    slots = tables.slots.c
    is_planned = exists().where(slots.station == _T.station, slots.due == _T.due)
    return and_(_T.state == PieceState.WAITING, _T.kind.in_(OF_SLOTS), ~is_planned)


def kind_order() -> ColumnElement[int]:
    """Place of a piece among those that are due at the same time."""
    return case({kind: place for place, kind in enumerate(KINDS)}, value=_T.kind, else_=len(KINDS))
