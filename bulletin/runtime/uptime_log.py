"""When the stations of a folder were at work -> how far back a limit of days reaches, whatever the clock does."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from bulletin.runtime.files.atomic_write import write_atomically

log = logging.getLogger(__name__)

LEAP = timedelta(days=3)
"""A longer time without any run was no work: the machine was off, or its clock leapt ahead."""
WORKED = "worked.json"
"""In the private folder, of all stations there."""
COUNTED = timedelta(days=1)
"""What such a time counts as; with nothing a station that runs once a week would never delete."""
TRIED_LEAP = timedelta(hours=1)
"""A longer time without a try at a place was none of trying: it is tried at least every half-hour."""
_MOST = 500
"""Stretches that are kept; time before the first counts as the calendar has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeSpan:
    """A time of work by the clock of then, without a long pause."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeLog:
    """
    All stretches, the earliest first.

    What is to be deleted when it is thirty days old must have lain there for thirty days of work. So a clock that
    is years ahead deletes nothing that a right one would have kept: the years that it skipped count as a day.
    A stretch by a wrong clock does no harm when it is right again: it lies in the future, or long ago.
    """

    stretches: tuple[UptimeSpan, ...] = ()
    leap: timedelta = LEAP
    """A longer pause parts two stretches."""

    @classmethod
    def of(cls, moments: Iterable[datetime]) -> Self:
        """Somebody was at work at each of these."""
        worked = cls()
        for moment in moments:
            worked = worked.with_run(moment)
        return worked

    def with_run(self, now: datetime) -> Self:
        """The same with somebody at work now."""
        joined: list[UptimeSpan] = []
        for one in sorted((*self.stretches, UptimeSpan(first=now, last=now)), key=lambda one: one.first):
            if joined and one.first - joined[-1].last <= self.leap:
                before = joined.pop()
                one = UptimeSpan(first=before.first, last=max(before.last, one.last))
            joined.append(one)
        return replace(self, stretches=tuple(joined[-_MOST:]))

    def before(self, now: datetime, *, days: float, counted: timedelta = COUNTED) -> datetime:
        """The moment since which there have been `days` of work; `counted` is what a long pause counts as."""
        left, at = timedelta(days=days), now
        for one in reversed([one for one in self.stretches if one.first <= now]):
            idle = at - min(one.last, at)
            left -= min(left, idle if idle <= self.leap else min(idle, counted))
            at -= idle
            worked = min(left, at - one.first)
            left -= worked
            at -= worked
            if not left:
                return at
        return at - left


Made = Callable[[], Iterable[datetime]]
"""When things were made, by what is kept of them."""


def note_work(path: Path, now: datetime, *, made: Made = tuple) -> UptimeLog:
    """
    Write down in `path` that somebody is at work now; all that is known with it.

    Where nothing is written down, or it cannot be read, it begins anew with when things were `made`: a clock that
    is years ahead may be the first to ask. A full disk raises nothing: it must not keep anybody from making room.
    """
    known = _read(path)
    known = UptimeLog.of(made()) if known is None else known
    worked = known.with_run(now)
    _tell_leap(known.stretches, now)
    _write(path, worked)
    return worked


def note_try(path: Path, now: datetime, *, since: datetime) -> UptimeLog:
    """
    Write down in `path` that a place is tried now, with what has waited `since` then; all that is known with it.

    Nobody tries while the machine is off. Raises nothing, as `note_work`.
    """
    known = _read(path) or UptimeLog()
    worked = replace(known, leap=TRIED_LEAP).with_run(since).with_run(now)
    _write(path, worked)
    return worked


def _write(path: Path, worked: UptimeLog) -> None:
    told = [[one.first.isoformat(), one.last.isoformat()] for one in worked.stretches]
    with suppress(OSError):
        write_atomically(path, json.dumps(told))


def _read(path: Path) -> UptimeLog | None:
    with suppress(OSError, ValueError, TypeError, RecursionError):
        told = json.loads(path.read_bytes())
        return UptimeLog(stretches=tuple(UptimeSpan(first=_moment(a), last=_moment(b)) for a, b in told))
    return None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _tell_leap(known: Iterable[UptimeSpan], now: datetime) -> None:
    earlier = [one.last for one in known if one.first <= now]
    if earlier and now - max(earlier) > LEAP:
        log.warning(
            "nothing ran here for %d days by the clock, since %s: if it is wrong, set it; [keep] counts them as one day",
            (now - max(earlier)).days,
            f"{max(earlier):%Y-%m-%d %H:%M} UTC",
        )
