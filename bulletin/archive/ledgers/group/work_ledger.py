"""
Ledger of work: the pieces of work of a group.

The ledger is the truth, the queue carries hints only. Planning is idempotent; a claim is one conditional
statement, holds for a lease and raises the fence of the piece. A worker with an older fence has lost the piece
and cannot finish it. Leases and deadlines count by the clock of the database, so the clocks of machines may differ:
a deadline that a machine sets is stored as the time that is left until then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select, tuple_, update

from bulletin.archive.database.group_tables import work
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.database_interface import Database
from bulletin.archive.ledgers.group.pieces_of_work import (
    NO_MORE,
    ClaimedPiece,
    MorePieces,
    Need,
    Piece,
    PieceKey,
    PieceRecord,
    PieceState,
)
from bulletin.archive.ledgers.group.read_pieces import PieceReader, piece_record
from bulletin.archive.ledgers.group.ready_pieces import Wanted, are_ready, ready_pieces
from bulletin.archive.ledgers.group.work_conditions import (
    ENDED,
    has_open_need,
    is_free,
    is_held,
    is_of_withdrawn_slot,
    is_over,
    is_piece,
    lost_claims,
    reopened_mixes,
    values_when_over,
)
from bulletin.archive.ledgers.group.write_pieces import BATCH, add_pieces, delete_pieces, in_batches

_T = work.c
_FREE = {"state": PieceState.WAITING, "owner": "", "lease_until": None, "sent_at": None}
"""Values of a piece that any worker may take."""
_CLAIM = (
    update(work)
    .where(
        is_piece(bindparam("of_kind"), bindparam("of_key")),
        is_free(bindparam("moment")),
        _T.needs_voice.in_(bindparam("voices", expanding=True)),
        ~has_open_need(),
    )
    .values(
        state=PieceState.WORKING,
        owner=bindparam("new_owner"),
        lease_until=bindparam("until"),
        sent_at=None,  # its hint has arrived: where the lease ends, the next one goes out at once
        begun_at=bindparam("moment"),
        fence=_T.fence + 1,
        attempts=_T.attempts + 1,
        lost=lost_claims(),
    )
    .returning(work)
)
"""Built once: to build it costs as much as to execute it, and every piece is claimed."""
_MOST_BATCHES = 20
"""Batches of old pieces that are deleted at a time: planners go on with their other work."""


class WorkLedger(PieceReader):
    """
    Work rows of an archive. Every method raises ArchiveError, as the archive's do.

    `now` is the clock of leases and deadlines: the database's. `clock` is the machine's, by which its planner or worker
    sets deadlines and reads those of pieces that it has claimed; by default the same.
    """

    def __init__(
        self, archive: Database, *, now: Callable[[], datetime], clock: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(archive)
        self._now, self._clock = now, clock or now

    def plan(self, pieces: Iterable[Piece], needs: Iterable[Need] = ()) -> int:
        """
        Add pieces and what they wait for; known ones stay, but become due as early as the earliest asks.

        Returns how many are new or became due earlier.
        """
        more = MorePieces(pieces=tuple(pieces), needs=tuple(needs))
        if not more.pieces:
            return 0
        now = self._now()
        with self._archive.writing() as connection:
            return add_pieces(connection, more, now, ahead=self._clock() - now)

    def claim(
        self, kind: str, key: str, *, owner: str, lease: timedelta, abilities: Collection[str] = ()
    ) -> ClaimedPiece | None:
        """
        Take a piece that is free or whose lease has expired, and whose needs have ended.

        None: another worker has it, it has ended or was never planned, it waits, or it needs another voice.
        """
        now = self._now()
        claim = {
            "of_kind": kind,
            "of_key": key,
            "moment": now,
            "voices": ["", *abilities],
            "new_owner": owner,
            "until": now + lease,
        }
        with self._archive.writing() as connection:
            row = connection.execute(_CLAIM, claim).mappings().first()
            piece = from_row(ClaimedPiece, row) if row else None
        if piece is None or piece.deadline is None:
            return piece
        return replace(piece, deadline=piece.deadline + (self._clock() - now))

    def renew(self, piece: ClaimedPiece, *, lease: timedelta) -> bool:
        """Renew the lease. False: the piece is lost, stop working on it."""
        now = self._now()
        with self._archive.writing() as connection:
            change = update(work).where(is_held(piece)).values(lease_until=now + lease)
            return connection.execute(change).rowcount == 1

    def holds(self, piece: ClaimedPiece) -> bool:
        """Whether the worker still has the piece, inside a transaction of `in_one_transaction` also until its end."""
        with self._archive.writing() as connection:
            change = update(work).where(is_held(piece)).values(sent_at=None)
            return connection.execute(change).rowcount == 1

    def finish(
        self, piece: ClaimedPiece, *, result: str = "", note: str = "", then: MorePieces = NO_MORE
    ) -> bool:
        """End a piece and add what it brings, in one transaction. False: it is lost, and nothing was written."""
        return self._end(piece, then, {"state": PieceState.DONE, "result": result, "note": note})

    def _end(self, piece: ClaimedPiece, then: MorePieces, values: dict[str, str]) -> bool:
        now = self._now()
        change = update(work).where(is_held(piece)).values(**values, done_at=now, lease_until=None, lost=0)
        with self._archive.writing() as connection:
            if connection.execute(change).rowcount != 1:
                return False
            if then.is_part:
                parts = (Need(of=piece.name, needs=part.name) for part in then.pieces)
                then = replace(then, needs=(*then.needs, *parts))
            add_pieces(connection, then, now, ahead=self._clock() - now)
            return True

    def fail(self, piece: ClaimedPiece, *, note: str, after: timedelta, then: MorePieces = NO_MORE) -> bool:
        """
        Give a piece back after a failure; it is tried again `after` a pause, unless its deadline is over by then.

        `then` comes before it is tried again. False: the piece is lost.
        """
        if piece.deadline and self._clock() + after >= piece.deadline:
            return self.give_up(piece, note=note)
        now = self._now()
        values = {**_FREE, "note": note, "lease_until": now + after, "lost": 0}
        with self._archive.writing() as connection:
            if connection.execute(update(work).where(is_held(piece)).values(**values)).rowcount != 1:
                return False
            add_pieces(connection, then, now, ahead=self._clock() - now)
            return True

    def give_up(
        self, piece: ClaimedPiece, *, note: str, result: str = "", then: MorePieces = NO_MORE
    ) -> bool:
        """End a piece as failed, since another try cannot help, and add what it brings. False: the piece is lost."""
        return self._end(piece, then, {"state": PieceState.FAILED, "result": result, "note": note})

    def release(
        self, piece: ClaimedPiece, *, after: timedelta | None = None, needs_voice: str | None = None
    ) -> bool:
        """
        Give a piece back untried, as when a worker stops; it is sent again at once, or `after` a pause.

        With `needs_voice` to workers with that voice. False: the piece is lost.
        """
        voice = piece.needs_voice if needs_voice is None else needs_voice
        values = {**_FREE, "lease_until": self._now() + after if after else None, "needs_voice": voice}
        with self._archive.writing() as connection:
            change = update(work).where(is_held(piece)).values(**values, attempts=_T.attempts - 1)
            return connection.execute(change).rowcount == 1

    def release_all(self, owner: str) -> int:
        """Free the pieces of a worker that is dead, as its successor of the same name knows."""
        theirs = and_(_T.state == PieceState.WORKING, _T.owner == owner)
        return self._archive.execute(update(work).where(theirs).values(**_FREE, lost=_T.lost + 1))

    def ready(
        self,
        *,
        limit: int,
        again: timedelta,
        voices: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
        limit_key: str = "",
        at_once: int = 1,
    ) -> tuple[PieceRecord, ...]:
        """Pieces that a worker may take now, earliest due first, as `Wanted` says; they are marked as sent."""
        now = self._now()
        wanted = Wanted(again=again, voices=voices, kinds=kinds, limit_key=limit_key, at_once=at_once)
        query = ready_pieces(wanted, now=now).limit(limit)
        # a read does not wait for the disk, and the lock needs no second look at the needs
        names = self._archive.select(query, lambda row: (str(row["kind"]), str(row["key"])))
        rows: dict[PieceKey, PieceRecord] = {}
        for some in in_batches(list(names)):
            named = tuple_(_T.kind, _T.key).in_(some)
            still = select(work).where(named, *are_ready(wanted, now)).with_for_update(skip_locked=True)
            with self._archive.writing() as connection:
                found = map(piece_record, connection.execute(still).mappings())
                rows |= {row.name: row for row in found}
                sent = tuple_(_T.kind, _T.key).in_([name for name in some if name in rows])
                connection.execute(update(work).where(sent).values(sent_at=now))
        return tuple(rows[name] for name in names if name in rows)

    def kinds_waiting(self) -> frozenset[str]:
        """Kinds of which some piece is neither ended nor leased: a quick look before `ready`."""
        query = select(_T.kind).where(is_free(self._now())).distinct()
        return frozenset(self._archive.select(query, lambda row: str(row["kind"])))

    def pass_on(self, kind: str, key: str, *, after: timedelta) -> bool:
        """
        Send the hint of a waiting piece again `after` a pause: a worker had it that cannot do the piece.

        False: it does not wait.
        """
        now = self._now()
        waits = and_(is_piece(kind, key), _T.state == PieceState.WAITING, is_free(now))
        change = update(work).where(waits).values(sent_at=None, lease_until=now + after)
        return self._archive.execute(change) == 1

    def forget_reopened(self, *, since: datetime, until: datetime) -> frozenset[str]:
        """
        Forget the ended pieces of slots, due in a span, that were opened again after their mix; return their keys.

        A withdrawal before the slot, or a clock that was set back, opens it; a planner then plans it anew.
        """
        query = reopened_mixes(since=since, until=until)
        if self._archive.scalar(query.limit(1)) is None:
            return frozenset()
        with self._archive.writing() as connection:
            keys = frozenset(connection.execute(query).scalars())
            ended = and_(_T.key.in_(keys), _T.state.in_(ENDED))
            delete_pieces(connection, select(_T.kind, _T.key).where(ended).with_for_update())
        return keys

    def free_of_voices(self, kinds: Collection[str], *, voices: Collection[str]) -> int:
        """
        Let any worker take the ready pieces of these kinds whose voice no live worker has; return how many.

        `voices` are those of the live workers. The next voice of the chain then reads the bulletin.
        """
        can_not = and_(_T.needs_voice != "", _T.needs_voice.not_in(voices))
        stuck = and_(_T.kind.in_(kinds), _T.state == PieceState.WAITING, can_not, ~has_open_need())
        if self._archive.scalar(select(_T.kind).where(stuck).limit(1)) is None:
            return 0
        return self._archive.execute(update(work).where(stuck).values(needs_voice="", sent_at=None))

    def expire(self) -> tuple[PieceRecord, ...]:
        """Give up the free pieces whose deadline is over, or that end their workers; return them."""
        now = self._now()
        if (
            self._archive.scalar(select(_T.kind).where(is_over(now)).limit(1)) is None
        ):  # nearly always: a read does not wait for the disk
            return ()
        with self._archive.writing() as connection:
            change = update(work).where(is_over(now)).values(**values_when_over(now)).returning(work)
            return tuple(map(piece_record, connection.execute(change).mappings()))

    def withdraw(self, station: str) -> int:
        """Delete the waiting pieces of a station that was removed; return how many."""
        waiting = and_(_T.station == station, _T.state == PieceState.WAITING)
        with self._archive.writing() as connection:
            names = select(_T.kind, _T.key).where(waiting).order_by(_T.kind, _T.key)
            return delete_pieces(connection, names.with_for_update())

    def stations_waiting(self) -> frozenset[str]:
        """Stations with pieces that wait."""
        waiting = and_(_T.state == PieceState.WAITING, _T.station != "")
        query = select(_T.station).where(waiting).distinct()
        return frozenset(self._archive.select(query, lambda row: str(row["station"])))

    def withdraw_unplanned(self) -> int:
        """Delete the waiting pieces of slots that were withdrawn; return how many."""
        lost = is_of_withdrawn_slot()
        if self._archive.scalar(select(_T.key).where(lost).limit(1)) is None:
            return 0
        with self._archive.writing() as connection:
            names = select(_T.kind, _T.key).where(lost).order_by(_T.kind, _T.key)
            return delete_pieces(connection, names.with_for_update())

    def forget(self, *, before: datetime) -> int:
        """
        Delete pieces that ended before a moment, and their needs; return how many.

        In small transactions, and some thousands at a time: the others go with the next call.
        """
        old = select(_T.kind, _T.key).where(_T.state.in_(ENDED), _T.done_at < before).order_by(_T.done_at)
        if self._archive.scalar(old.limit(1)) is None:  # a read does not wait for the disk
            return 0
        gone = 0
        for _ in range(_MOST_BATCHES):
            with self._archive.writing() as connection:
                names = old.limit(BATCH).with_for_update(skip_locked=True)
                some = delete_pieces(connection, names)
            gone += some
            if some < BATCH:
                break
        return gone
