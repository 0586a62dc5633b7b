"""
Requests of editors to the service: a preview, a bulletin now, a delivery once more, a backup.

The newsroom writes a row, the service takes it. A claim holds for a lease, so that work which was begun by a
service that died is seen and ended by the next one; a worker that lost its lease cannot finish.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, delete, or_, select, true, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping

from bulletin.archive.database.newsroom_tables import newsroom_requests
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.ledgers.newsroom_audit import add_change
from bulletin.archive.lock_names import requests_of
from bulletin.archive.retry_after_archive_repair import Ledger

_T = newsroom_requests.c
KEPT = timedelta(days=14)
"""Retention of ended requests."""


class RequestKind(StrEnum):
    """Work that an editor may ask of the service."""

    PREVIEW = "preview"
    """The next slot's bulletin as it stands: gathered, chosen and written, not spoken."""
    MAKE_NOW = "make-now"
    """A bulletin for the playout, between slots."""
    PUBLISH = "publish"
    """A bulletin for every output, between slots: playout, podcast, pages, deliveries."""
    RETRY_DELIVERY = "retry-delivery"
    """A delivery once more, at once."""
    REPUBLISH = "republish"
    """Feed and pages once more, from the archive."""
    BACK_UP = "back-up"
    """Archive, kill list and profile in one file."""
    WITHDRAW_STORY = "withdraw-story"
    """A story off the air, and out of the bulletins that carried it."""
    WITHDRAW_BULLETIN = "withdraw-bulletin"
    """A bulletin off every outlet."""
    WITHDRAW_BLOCKED = "withdraw-blocked"
    """Every bulletin with a word, link or id of the kill list off every outlet."""
    CORRECT_STORY = "correct-story"
    """Other words in a story that has aired, and in the bulletins that carried it."""


class RequestState(StrEnum):
    """Progress of a request."""

    WAITING = "waiting"
    WORKING = "working"
    """A service has it, until the lease expires."""
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    """No service took it in time, so it is not done."""


BY_SERVICE = ""
"""Who asked, where the service asked itself: such requests are in no audit and on no list."""
URGENT = (
    RequestKind.WITHDRAW_STORY,
    RequestKind.WITHDRAW_BULLETIN,
    RequestKind.WITHDRAW_BLOCKED,
    RequestKind.CORRECT_STORY,
)
"""Kinds that wait for no slot: what is wrong must be off the air at once."""
_OPEN = (RequestState.WAITING, RequestState.WORKING)
_WAITS = _T.state == RequestState.WAITING
_IS_OPEN = _T.state.in_(_OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDone:
    """One stage of the work that has ended."""

    stage: str
    seconds: float
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """One request to the service, and what became of it."""

    id: int
    station: str
    kind: RequestKind
    asked_by: str
    key: str
    """The same key asks once."""
    state: RequestState
    asked_at: datetime
    """Aware, UTC, as all moments here."""
    expires_at: datetime
    """If no service has begun it until then, it is not done any more."""
    details: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    """Unique name of the service that has it."""
    stage: str = ""
    """Stage of the work: "gather", "speak"."""
    step: str = ""
    """Step within the stage, or the reason why it waits."""
    stages: tuple[StageDone, ...] = ()
    """Stages that have ended."""
    result: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    """Why it failed, or how it ended."""
    tried_at: tuple[datetime, ...] = ()
    """Moments at which a service began it; a bulletin made for it bears one of them."""
    lease_until: datetime | None = None
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being worked on."""
        return self.state in _OPEN


class RequestLedger(Ledger):
    """Requests in an archive. Every method raises ArchiveError, as the archive's do."""

    def ask(
        self,
        station: str,
        kind: RequestKind,
        *,
        asked_by: str,
        key: str,
        now: datetime,
        expires_at: datetime,
        details: Mapping[str, Any] | None = None,
        address: str = "",
    ) -> ServiceRequest:
        """
        Record a request, and that it was asked in the audit; return it, or the one with the same key, or an open one for the same work.

        So a form that is sent twice, and two editors who press the same button, ask once.
        """
        row = {
            "station": station,
            "kind": kind,
            "asked_by": asked_by,
            "key": key,
            "state": RequestState.WAITING,
            "details": (about := dict(details or {})),
            "asked_at": now,
            "expires_at": expires_at,
        }
        same = and_(_T.station == station, _T.kind == kind, _IS_OPEN)
        with self._archive.writing(lock=requests_of(station)) as connection:
            _expire(connection, now)
            query = select(newsroom_requests)
            known = connection.execute(query.where(_T.station == station, _T.key == key)).mappings().first()
            for other in () if known else connection.execute(query.where(same).order_by(_T.id)).mappings():
                known = other if other["details"] == row["details"] else known
            if known is None:
                put = insert(newsroom_requests).values(row).returning(newsroom_requests)
                known = connection.execute(put).mappings().one()
                if asked_by == BY_SERVICE:
                    return _request(known)
                note = ", ".join(f"{n} {v}" for n, v in about.items() if not isinstance(v, list))
                add_change(
                    connection,
                    station=station,
                    user=asked_by,
                    action=f"ask {kind}",
                    at=now,
                    address=address,
                    note=note,
                )
            return _request(known)

    def claim(
        self,
        number: int,
        *,
        owner: str,
        now: datetime,
        lease: timedelta,
        leases_at: datetime | None = None,
        has_piece: bool = False,
    ) -> ServiceRequest | None:
        """
        Take a request that waits, or whose lease has expired or was written by a clock that ran ahead.

        None when another service has it, or when it is over. The moment is added to `tried_at`. `leases_at` is now by
        the clock of leases, which in a group is the database's. `has_piece`: in a group, the owner holds the
        piece of work of the request; the worker that has the lease is dead or frozen then, and loses the request.
        """
        leases_at = leases_at or now
        has_expired = or_(_T.lease_until <= leases_at, _T.lease_until > leases_at + 2 * lease)
        is_left = true() if has_piece else has_expired
        is_free = or_(_WAITS, and_(_T.state == RequestState.WORKING, is_left))
        with self._archive.writing() as connection:
            _expire(connection, now)
            query = select(_T.tried_at).where(_T.id == number, is_free).with_for_update()
            tried = connection.execute(query).scalar()
            if tried is None:
                return None
            values = {
                "state": RequestState.WORKING,
                "owner": owner,
                "lease_until": leases_at + lease,
                "tried_at": [*tried, now.isoformat()],
                "step": "",
            }
            change = update(newsroom_requests).where(_T.id == number).values(values)
            return _request(connection.execute(change.returning(newsroom_requests)).mappings().one())

    def renew(self, number: int, *, owner: str, now: datetime, lease: timedelta) -> bool:
        """Renew the lease of a request. False: another service has it by now."""
        return self._own(number, owner, lease_until=now + lease)

    def progress(
        self, number: int, *, owner: str, stage: str, step: str = "", stages: Collection[StageDone] = ()
    ) -> bool:
        """Record how far the work is, for the page that shows it. False: the lease was lost."""
        done = [{"stage": s.stage, "seconds": s.seconds, "summary": s.summary} for s in stages]
        return self._own(number, owner, stage=stage, step=step, stages=done)

    def finish(
        self,
        number: int,
        *,
        owner: str,
        state: RequestState,
        now: datetime,
        result: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> bool:
        """End a request: done or failed. False: the lease was lost, and another service is responsible for it."""
        ended = {"done_at": now, "lease_until": None, "step": "", "note": note, "result": dict(result or {})}
        return self._own(number, owner, state=state, **ended)

    def give_back(self, number: int, *, owner: str, step: str) -> bool:
        """Let it wait for another try, and say why. False: the lease was lost."""
        waits: dict[str, object] = {
            "state": RequestState.WAITING,
            "lease_until": None,
            "stage": "",
            "stages": [],
            "step": step,
        }
        return self._own(number, owner, **waits)

    def put_off(self, number: int, *, step: str) -> None:
        """Note why a request waits; nothing is written where it says so already."""
        change = update(newsroom_requests).where(_T.id == number, _WAITS).values(step=step)
        if self._select(and_(_T.id == number, _WAITS, _T.step != step)):
            self._archive.execute(change)

    def take_over(self, stations: Collection[str], *, owner: str) -> int:
        """
        Free the requests of these stations that other services hold, even under a valid lease; return how many.

        Only the holder of the service's lock may call it: then the other services are dead.
        """
        theirs = and_(_T.station.in_(stations), _T.state == RequestState.WORKING, _T.owner != owner)
        if not self._select(theirs):
            return 0
        freed: dict[str, object] = {
            "state": RequestState.WAITING,
            "lease_until": None,
            "stage": "",
            "stages": [],
        }
        step = "begun again, because the service stopped"
        return self._archive.execute(update(newsroom_requests).where(theirs).values(**freed, step=step))

    def due(
        self, stations: Collection[str], *, now: datetime, leases_at: datetime | None = None
    ) -> tuple[ServiceRequest, ...]:
        """
        Requests of these stations that wait, or that a dead service left, oldest first; expired ones are ended.

        `leases_at` as in `claim`.
        """
        theirs = and_(_T.station.in_(stations), _IS_OPEN)
        if self._select(theirs & _has_expired(now)):
            with self._archive.writing() as connection:
                _expire(connection, now)
        is_free = or_(_WAITS, _T.lease_until <= (leases_at or now))
        return self._select(theirs & is_free)

    def find(self, number: int) -> ServiceRequest | None:
        """The request with that number."""
        return next(iter(self._select(_T.id == number)), None)

    def of_key(self, station: str, key: str) -> ServiceRequest | None:
        """The request with that key; None: there is none, or the key is empty."""
        return next(iter(self._select(and_(_T.station == station, _T.key == key))), None) if key else None

    def rows(self, station: str | None = None, *, limit: int = 50) -> tuple[ServiceRequest, ...]:
        """The last requests of people, newest first."""
        is_listed = and_(_T.station == station if station else true(), _T.asked_by != BY_SERVICE)
        query = select(newsroom_requests).where(is_listed)
        return self._archive.select(query.order_by(_T.id.desc()).limit(limit), _request)

    def expire(self, *, now: datetime) -> None:
        """End the requests that no service has begun in time."""
        if self._select(_has_expired(now)):
            with self._archive.writing() as connection:
                _expire(connection, now)

    def open_stations(self) -> frozenset[str]:
        """Stations with requests that wait or are being done."""
        query = select(_T.station).where(_IS_OPEN).distinct()
        return frozenset(self._archive.select(query, lambda row: str(row["station"])))

    def forget(
        self, station: str | None = None, *, before: datetime, own_before: datetime | None = None
    ) -> int:
        """
        Delete requests of a station, or of all, that ended before a moment; return how many.

        `own_before` is for the service's own.
        """
        is_own_old = and_(_T.asked_by == BY_SERVICE, _T.done_at < (own_before or before))
        theirs = true() if station is None else _T.station == station
        old = and_(theirs, or_(_T.done_at < before, is_own_old))
        if self._archive.scalar(select(_T.id).where(old).limit(1)) is None:
            return 0
        return self._archive.execute(delete(newsroom_requests).where(old))

    def _own(self, number: int, owner: str, **values: object) -> bool:
        """Change a request that the owner still holds; False when the lease is lost."""
        mine = and_(_T.id == number, _T.state == RequestState.WORKING, _T.owner == owner)
        return self._archive.execute(update(newsroom_requests).where(mine).values(**values)) == 1

    def _select(self, condition: ColumnElement[bool]) -> tuple[ServiceRequest, ...]:
        return self._archive.select(select(newsroom_requests).where(condition).order_by(_T.id), _request)


def _has_expired(now: datetime) -> ColumnElement[bool]:
    """Waits too long, and was never begun: work that was begun is ended by the next service."""
    return and_(_WAITS, cast(_T.tried_at, Text) == "[]", _T.expires_at <= now)


def _expire(connection: Connection, now: datetime) -> None:
    note = "no service took it in time; ask again once the service runs"
    ended = {"state": RequestState.EXPIRED, "done_at": now, "step": "", "note": note}
    connection.execute(update(newsroom_requests).where(_has_expired(now)).values(ended))


def _request(row: RowMapping) -> ServiceRequest:
    return from_row(ServiceRequest, row)
