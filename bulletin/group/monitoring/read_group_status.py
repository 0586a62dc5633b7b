"""Ledgers of a group -> GroupStatus; reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import PieceState
from bulletin.archive.ledgers.group.waiting_work import WaitingWork
from bulletin.group.monitoring.group_status import (
    SPAN,
    GroupStatus,
    count_slots,
    station_standings,
    unserved_stations,
    voices_missing,
    worker_standings,
)

CANARY = "canary_at"
"""Name of the value that a worker writes when the queue has carried its test job: a moment, in ISO 8601."""


def read_group_status(
    archive: Archive,
    *,
    group: str,
    now: Callable[[], datetime],
    stations: Iterable[str] | None = None,
    machine_now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> GroupStatus:
    """
    The state of a group; `now` is the clock of its database.

    `stations` limits stations, slots and pieces to some: those that a user may see. Raises ArchiveError.
    """
    at, here = now(), machine_now()
    only = None if stations is None else frozenset(stations)
    rows = [
        row
        for row in SlotLedger(archive).rows(since=at - SPAN, until=at + SPAN)
        if only is None or row.station in only
    ]
    register, ledger = WorkerLedger(archive, now=now), WaitingWork(archive, now=now)
    held = [piece for piece in ledger.held() if only is None or piece.station in only]
    workers, strays = worker_standings(register.workers(), held, now=at)
    known = {row.station for row in rows} | (only or set())
    unserved = unserved_stations(workers, stations=known, asked=only or ())
    if only is not None:
        unserved = {name: why for name, why in unserved.items() if name in only}
    past, coming = count_slots(rows, now=at)
    is_open, ended = ledger.open_counts(), ledger.ended_counts(since=at - SPAN)
    oldest, canary = ledger.oldest_ready_at(), _moment(register.value(CANARY))
    missing = voices_missing(workers, needed=ledger.voices_needed())
    return GroupStatus(
        group=group,
        at=at,
        clock_ahead_s=(here - at).total_seconds(),
        stations=station_standings(rows, now=at, stations=only or (), unserved=unserved),
        past=past,
        coming=coming,
        workers=workers,
        strays=strays,
        waiting=_of_state(is_open, PieceState.WAITING),
        working=_of_state(is_open, PieceState.WORKING),
        done=_of_state(ended, PieceState.DONE),
        failed=_of_state(ended, PieceState.FAILED),
        queue_age_s=max(0.0, (at - oldest).total_seconds()) if oldest else 0.0,
        canary_age_s=max(0.0, (at - canary).total_seconds()) if canary else None,
        voices_missing=_for(only, missing),
    )


def _for(only: frozenset[str] | None, voices: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Missing voices of those stations."""
    if only is None:
        return dict(voices)
    theirs = {voice: tuple(sorted(only.intersection(whose))) for voice, whose in voices.items()}
    return {voice: whose for voice, whose in theirs.items() if whose}


def _of_state(counts: Mapping[tuple[str, str], int], state: PieceState) -> dict[str, int]:
    return {kind: number for (kind, its_state), number in sorted(counts.items()) if its_state == state}


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text) if text else None
    return None
