"""Slot -> the bulletin on the station's stream, exactly on time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.stream_options import stream_kind
from bulletin.schedule.air_time import parse_hour
from bulletin.schedule.timetable import slots_of
from bulletin.service.streams.ready_bulletin import ReadyBulletin
from bulletin.streaming.stream_port import Stream, StreamError, StreamSent

AHEAD = timedelta(seconds=3)
"""How long before its slot a bulletin is read, so that it begins on time."""
_LOOK_AGAIN_S = 1.0
_LONGEST_SLEEP_S = 10.0
"""The clock may be set during a sleep."""
_SEARCHED = timedelta(days=8)

Find = Callable[[], ReadyBulletin]
"""Finds the bulletin to send; raises StreamError while there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time, and a sleep by it."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], object] = time.sleep

    def sleep_until(self, moment: datetime) -> None:
        while (left_s := (moment - self.now()).total_seconds()) > 0:
            self.sleep(min(left_s, _LONGEST_SLEEP_S))


def air_at(
    stream: Stream, find: Find, *, due: datetime, late: timedelta, clock: Clock
) -> tuple[ReadyBulletin, StreamSent]:
    """
    Send the bulletin of `find` exactly at `due`; where there is none yet, search for it until `late` after.

    Raises StreamError.
    """
    clock.sleep_until(due - AHEAD)
    while True:
        try:
            ready = find()
            break
        except StreamError:
            if clock.now() >= due + late:
                raise
            clock.sleep(_LOOK_AGAIN_S)
    clock.sleep_until(due)
    return ready, stream.send(ready.item)


def next_slot(loaded: LoadedProfile, *, since: datetime) -> datetime | None:
    """The first slot from `since` on that makes the stream's rendition. Raises ConfigError."""
    kind = stream_kind(loaded.profile.stream, loaded.profile.outputs)
    coming = slots_of(loaded, since=since, until=since + _SEARCHED)
    return next((slot.due for slot in coming if not slot.outputs or kind in slot.outputs), None)


def next_time(at: str, *, zone: str, since: datetime) -> datetime:
    """The next "HH:MM" of the station's clock from `since` on; aware UTC. Raises ConfigError."""
    hour, minute = parse_hour(at)
    local = since.astimezone(ZoneInfo(zone))
    moments = (
        (local + timedelta(days=days))
        .replace(hour=hour, minute=minute, second=0, microsecond=0, fold=fold)
        .astimezone(UTC)
        for days in range(3)
        for fold in (0, 1)
    )
    return min(moment for moment in moments if moment >= since)


def describe_sent(sent: StreamSent) -> str:
    """ "sent whole and on time", or what went wrong."""
    if sent.is_handed_over:
        return "Liquidsoap has it and plays it"
    problems = []
    if sent.breaks:
        problems.append(f"the connection broke {sent.breaks} time{'s' if sent.breaks > 1 else ''}")
    if sent.late_s >= 1:
        problems.append(f"it ended {sent.late_s:.0f} s late")
    return "sent whole, but " + " and ".join(problems) if problems else "sent whole and on time"
