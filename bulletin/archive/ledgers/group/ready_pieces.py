"""Pieces of work that a worker may take now: what waits for nothing, and whose host is free."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, tuple_

from bulletin.archive.database.group_tables import rate_limits, work
from bulletin.archive.ledgers.group.pieces_of_work import PieceState
from bulletin.archive.ledgers.group.rate_limits import LONGEST
from bulletin.archive.ledgers.group.work_conditions import OPEN, is_free, is_unblocked, kind_order

_T, _L = work.c, rate_limits.c
_SOON = timedelta(seconds=0.5)
"""Rest of a host's pause at which its next piece is handed out: its hint takes as long to arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of the ready pieces are wanted."""

    again: timedelta
    """A piece is sent again when no worker has taken it for so long: its hint was lost."""
    voices: Collection[str] | None = None
    """Without pieces that need another voice."""
    kinds: Collection[str] | None = None
    limit_key: str = ""
    """Only pieces with this key."""
    at_once: int = 1
    """Pieces with the same limit key that may be in work at a time."""


def ready_pieces(wanted: Wanted, *, now: datetime) -> Select[Any]:
    """
    Kind and key of pieces to hand out, earliest due first.

    A piece whose limit key has enough others in work, or whose host pauses or is asked, is not handed out: it would
    wait inside a place of a worker, and hold it.
    """
    ready = and_(*are_ready(wanted, now))
    order = (_T.due, kind_order(), _T.key)
    limited = and_(ready, _T.limit_key != "", ~_is_host_taken(now))
    place = func.row_number().over(partition_by=_T.limit_key, order_by=order).label("place")
    ranked = select(_T.kind, _T.key, _T.limit_key, place).where(limited).subquery()
    busy = _busy(wanted, now).subquery()
    taken = func.coalesce(busy.c.number, 0)
    free = (
        select(ranked.c.kind, ranked.c.key)
        .outerjoin(busy, busy.c.limit_key == ranked.c.limit_key)
        .where(ranked.c.place + taken <= wanted.at_once)
    )
    may_go = or_(_T.limit_key == "", tuple_(_T.kind, _T.key).in_(free))
    return select(_T.kind, _T.key).where(ready, may_go, is_unblocked()).order_by(*order)


def are_ready(wanted: Wanted, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions of wanted pieces, but for their needs, which have none that are asked from a host."""
    again, voices, kinds = wanted.again, wanted.voices, wanted.kinds
    return (
        is_free(now),
        or_(_T.sent_at.is_(None), _T.sent_at <= now - again, _T.sent_at > now + again),
        true() if voices is None else _T.needs_voice.in_(("", *voices)),
        true() if kinds is None else _T.kind.in_(kinds),
        _T.limit_key == wanted.limit_key if wanted.limit_key else true(),
    )


def _busy(wanted: Wanted, now: datetime) -> Select[Any]:
    """Limit key -> pieces that are in work, or whose hint is on its way."""
    works = and_(_T.state == PieceState.WORKING, _T.lease_until > now)
    is_sent = and_(
        _T.state == PieceState.WAITING, _T.sent_at > now - wanted.again, _T.sent_at <= now + wanted.again
    )
    in_flight = and_(_T.state.in_(OPEN), _T.limit_key != "", or_(works, is_sent))
    return select(_T.limit_key, func.count().label("number")).where(in_flight).group_by(_T.limit_key)


def _is_host_taken(now: datetime) -> ColumnElement[bool]:
    """Whether some worker asks the host of a piece, or its pause lasts; a place of over a day is a wrong clock's."""
    is_taken = and_(_L.free_at > now + _SOON, _L.free_at <= now + LONGEST)
    return exists().where(_L.key == _T.limit_key, is_taken)
