"""GroupStatus -> lines for a terminal, and data for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bulletin.archive.ledgers.group.waiting_work import HeldPiece
from bulletin.group.monitoring.group_status import (
    IN_TROUBLE,
    GroupStatus,
    SlotStanding,
    StationStanding,
    WorkerStanding,
    span,
)

_MOST_PIECES = 3
"""Pieces shown of one worker."""
_HASH = re.compile("[0-9a-f]{64}")
_ORDER = (SlotStanding.READY, SlotStanding.STANDBY, SlotStanding.DUE, SlotStanding.LATE, SlotStanding.MISSED)


def status_lines(status: GroupStatus, *, all_stations: bool = False) -> list[str]:
    """
    The state in lines: slots, queue, workers, stations, troubles.

    Without `all_stations` only those stations whose last slot has no news, or that no worker can serve.
    """
    lines = [
        f"group {status.group}: {_count(len(status.stations), 'station')}, {status.at:%a %d %b %H:%M:%S} UTC",
        f"  last hour  {_counts(status.past)}",
        f"  next hour  {_counts(status.coming)}",
        f"  queue      {_queue(status)}",
        *(f"  {'workers' if number == 0 else '':<9}  {line}" for number, line in enumerate(_workers(status))),
    ]
    shown = [one for one in status.stations if all_stations or _needs_a_look(one)]
    width = max((len(one.station) for one in shown), default=0)
    lines += [f"  {one.station:<{width}}  {_station(one)}" for one in shown]
    if rest := len(status.stations) - len(shown):
        lines.append(f"  {_count(rest, 'other station')} without trouble (--all lists them)")
    return [*lines, *(f"! {trouble}" for trouble in status.troubles)]


def status_data(status: GroupStatus) -> dict[str, Any]:
    """The state as plain data; times in UTC, ages in seconds."""
    return {
        "group": status.group,
        "at": status.at.isoformat(),
        "clock_ahead_s": round(status.clock_ahead_s, 1),
        "slots": {"last_hour": dict(status.past), "next_hour": dict(status.coming)},
        "queue": {
            "age_s": round(status.queue_age_s, 1),
            "canary_age_s": None if status.canary_age_s is None else round(status.canary_age_s, 1),
            "waiting": dict(status.waiting),
            "working": dict(status.working),
            "done_last_hour": dict(status.done),
            "failed_last_hour": dict(status.failed),
        },
        "workers": [_worker_data(one, status.at) for one in status.workers],
        "strays": [_piece_data(piece) for piece in status.strays],
        "stations": [_station_data(one) for one in status.stations],
        "voices_missing": {voice: [*stations] for voice, stations in status.voices_missing.items()},
        "store_problem": status.store_problem,
        "troubles": [*status.troubles],
    }


def _needs_a_look(station: StationStanding) -> bool:
    return bool(station.unserved) or station.last_standing not in (None, SlotStanding.READY)


def _counts(slots: Mapping[SlotStanding, int]) -> str:
    counts = [f"{slots[standing]} {standing}" for standing in _ORDER if slots.get(standing)]
    return ", ".join(counts) or "no slots"


def _queue(status: GroupStatus) -> str:
    waiting, working = sum(status.waiting.values()), sum(status.working.values())
    parts = [f"{waiting} waiting{_kinds(status.waiting)}", f"{working} in work{_kinds(status.working)}"]
    if waiting:
        parts.append(f"oldest ready for {span(status.queue_age_s)}")
    if failed := sum(status.failed.values()):
        parts.append(f"{failed} given up in the last hour{_kinds(status.failed)}")
    canary = "never" if status.canary_age_s is None else f"{span(status.canary_age_s)} ago"
    return "; ".join([*parts, f"last test job {canary}"])


def _kinds(pieces: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{number} {kind}' for kind, number in pieces.items())})" if pieces else ""


def _workers(status: GroupStatus) -> Iterable[str]:
    if not status.workers:
        yield "none"
    for one in status.workers:
        worker = one.worker
        seen = f"seen {span(one.silent_s)} ago" if worker.seen_at else "never seen"
        life = seen if one.is_alive else f"SILENT, {seen}"
        note = f"; {worker.note}" if worker.note else ""
        where = f"{worker.role} on {worker.machine or 'an unknown machine'}, version {worker.version or 'unknown'}"
        yield f"{worker.name} ({where}, {life}): {_holds(one.holds)}{note}"
    if status.strays:
        yield f"unknown workers: {_holds(status.strays)}"


def _holds(pieces: tuple[HeldPiece, ...]) -> str:
    shown = [f"{piece.kind} {_short(piece.key)}" for piece in pieces[:_MOST_PIECES]]
    more = [f"{len(pieces) - _MOST_PIECES} more"] if len(pieces) > _MOST_PIECES else []
    return ", ".join([*shown, *more]) or "idle"


def _short(key: str) -> str:
    """The key of a sentence is a hash: its beginning tells it from others."""
    return f"{key[:8]}…" if _HASH.fullmatch(key) else key


def _station(one: StationStanding) -> str:
    last = "no slot in the last hour"
    if one.last:
        loud = one.last_standing in IN_TROUBLE
        standing = f"{one.last_standing}".upper() if loud else f"{one.last_standing}"
        last = f"{one.last.due:%H:%M} {standing}" + (f" ({one.last.note})" if one.last.note else "")
    coming = f"next {one.next_due:%H:%M} {one.next_standing}" if one.next_due else "no slot in the next hour"
    return "; ".join([last, coming, *([f"NO WORKER: {one.unserved}"] if one.unserved else [])])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _worker_data(one: WorkerStanding, at: datetime) -> dict[str, Any]:
    worker = one.worker
    return {
        "name": worker.name,
        "role": worker.role,
        "machine": worker.machine,
        "version": worker.version,
        "alive": one.is_alive,
        "silent_s": round((at - worker.seen_at).total_seconds(), 1) if worker.seen_at else None,
        "holds": [_piece_data(piece) for piece in one.holds],
        "note": worker.note,
    }


def _piece_data(piece: HeldPiece) -> dict[str, Any]:
    return {
        "kind": piece.kind,
        "key": piece.key,
        "owner": piece.owner,
        "station": piece.station,
        "due": piece.due.isoformat(),
    }


def _station_data(one: StationStanding) -> dict[str, Any]:
    last = one.last
    return {
        "station": one.station,
        "last": last and {"due": last.due.isoformat(), "standing": one.last_standing, "note": last.note},
        "next": one.next_due and {"due": one.next_due.isoformat(), "standing": one.next_standing},
        "unserved": one.unserved,
    }
