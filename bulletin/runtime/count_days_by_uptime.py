"""Uptime of the stations of a folder -> how far back a limit of days reaches, even with a wrong clock."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Self

from bulletin.runtime.files.atomic_write import write_atomically

log = logging.getLogger(__name__)

LEAP = timedelta(days=3)
"""A longer time without a run is downtime: the machine was off, or its clock leapt ahead."""
UPTIME_FILE = "worked.json"
"""File in the private folder, for all its stations."""
COUNTED = timedelta(days=1)
"""Length counted for a downtime: at zero a station that runs once a week would never delete."""
TRIED_LEAP = timedelta(hours=1)
"""A longer time without a try of a delivery is downtime: one is tried at least every half-hour."""
_MOST = 500
"""Most spans that are stored; before the first, calendar time counts."""


class UptimeSpan(NamedTuple):
    """Span of uptime without a long pause, by the clock at that time."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeLog:
    """
    All spans, the earliest first.

    A file with a limit of thirty days is deleted after thirty days of uptime. So a clock that is years ahead
    deletes no file that a right one would keep: the skipped years count as a day. A span by a wrong clock
    does no harm when the clock is right again: its dates are in the future, or long ago.
    """

    stretches: tuple[UptimeSpan, ...] = ()
    leap: timedelta = LEAP
    """A longer pause separates two spans."""

    def with_run(self, now: datetime) -> Self:
        """The log with a run at `now`."""
        joined: list[UptimeSpan] = []
        for span in sorted((*self.stretches, UptimeSpan(first=now, last=now))):
            if joined and span.first - joined[-1].last <= self.leap:
                before = joined.pop()
                span = UptimeSpan(first=before.first, last=max(before.last, span.last))
            joined.append(span)
        return replace(self, stretches=tuple(joined[-_MOST:]))

    def before(self, now: datetime, *, days: float, counted: timedelta = COUNTED) -> datetime:
        """The moment `days` of uptime before `now`; a long pause counts as `counted`."""
        left, at = timedelta(days=days), now
        for span in reversed([span for span in self.stretches if span.first <= now]):
            idle = at - min(span.last, at)
            left -= min(left, idle if idle <= self.leap else min(idle, counted))
            at -= idle
            uptime = min(left, at - span.first)
            left -= uptime
            at -= uptime
            if not left:
                return at
        return at - left


Made = Callable[[], Iterable[datetime]]
"""Dates of stored things, from which a missing log is rebuilt."""


def record_run(path: Path, now: datetime, *, made: Made = tuple) -> UptimeLog:
    """
    Add a run to the log in `path`; returns the log.

    A missing or damaged log is rebuilt from `made`: a clock that is years ahead may be the first to ask. A full
    disk raises nothing, so that retention can still make room.
    """
    known = _read(path)
    if known is None:
        known = functools.reduce(UptimeLog.with_run, made(), UptimeLog())
    uptime = known.with_run(now)
    _warn_of_leap(known.stretches, now)
    _write(path, uptime)
    return uptime


def record_try(path: Path, now: datetime, *, since: datetime) -> UptimeLog:
    """
    Add a try of a delivery, whose piece waits `since` then, to the log in `path`; returns the log.

    Nothing is tried while the machine is off. Raises nothing, as `record_run`.
    """
    known = _read(path) or UptimeLog()
    tries = replace(known, leap=TRIED_LEAP).with_run(since).with_run(now)
    _write(path, tries)
    return tries


def _write(path: Path, uptime: UptimeLog) -> None:
    with suppress(OSError):
        write_atomically(path, json.dumps(uptime.stretches, default=datetime.isoformat))


def _read(path: Path) -> UptimeLog | None:
    with suppress(OSError, ValueError, TypeError, RecursionError):
        spans = [map(datetime.fromisoformat, span) for span in json.loads(path.read_bytes())]
        return UptimeLog(stretches=tuple(UptimeSpan(*(at.astimezone(UTC) for at in span)) for span in spans))
    return None


def _warn_of_leap(known: Iterable[UptimeSpan], now: datetime) -> None:
    earlier = [span.last for span in known if span.first <= now]
    if earlier and now - max(earlier) > LEAP:
        log.warning(
            "no run for %d days by the system clock, since %s: correct the clock if it is wrong; for [keep] this gap counts as one day, so no file is deleted too early",
            (now - max(earlier)).days,
            f"{max(earlier):%Y-%m-%d %H:%M} UTC",
        )
