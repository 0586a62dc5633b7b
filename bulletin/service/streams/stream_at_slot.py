"""Slot -> the valid bulletin of the public folder, by its side file, on the station's stream, exactly on time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.stream_options import stream_kind
from bulletin.errors import explain_os_errors
from bulletin.model import Level
from bulletin.publishing.json_sidecar_file import SideFile
from bulletin.schedule.announced_time import parse_hour
from bulletin.schedule.plan_slots import slots_of
from bulletin.streaming.stream_interface import Stream, StreamError, StreamItem, StreamSent

AHEAD = timedelta(seconds=3)
"""Time before its slot at which a bulletin is read, so that it begins on time."""
_LOOK_AGAIN_S = 1.0
_LONGEST_SLEEP_S = 10.0
"""The clock may be set during a sleep."""
_SEARCHED = timedelta(days=8)
_REMEDY = "run `bulletin make`"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyBulletin:
    """A bulletin that may be sent."""

    item: StreamItem
    due: datetime
    """Its slot; aware."""
    level: Level
    duration_s: float


def find_ready(
    folder: Path, kind: str, *, at: datetime, is_slot: bool = True, aside: Path | None = None
) -> ReadyBulletin:
    """
    The bulletin of a rendition that is valid at `at`; with `is_slot` none of a later slot.

    `aside` is the folder of the prepared stand-by. It is sent where the on-air file is not for this slot:
    both are swapped at the same moment. Raises StreamError with the reason.
    """
    bulletins: list[ReadyBulletin] = []
    errors: list[StreamError] = []
    for source in filter(None, (folder, aside)):
        try:
            bulletins.append(_find(source, kind, at=at, is_slot=is_slot))
        except StreamError as error:
            errors.append(error)
    if not bulletins:
        raise errors[0]
    return max(bulletins, key=lambda ready: ready.due) if is_slot else bulletins[0]


def _find(folder: Path, kind: str, *, at: datetime, is_slot: bool) -> ReadyBulletin:
    side = folder / ("latest.json" if kind == "podcast" else f"{kind}.json")
    try:
        facts = SideFile.parse(side.read_bytes())
    except FileNotFoundError as error:
        raise StreamError(f"{side}: does not exist, so there is nothing to stream yet; {_REMEDY}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise StreamError(f"{side}: cannot be read ({error}); {_REMEDY}") from error
    due, until, level, duration_s = facts.due, facts.valid_until, facts.level, facts.duration_s
    if due is None or until is None or level is None or duration_s is None or not facts.audio:
        raise StreamError(f"{side}: is damaged (a field is missing or malformed); {_REMEDY}")
    if at >= until or (due > at and is_slot):
        raise StreamError(
            f"{side}: no bulletin for {at:%H:%M} UTC, only that of {due:%d %b %H:%M}, valid until "
            f"{until:%d %b %H:%M}; {_REMEDY}"
        )
    path = folder / Path(facts.audio).name
    data = _read(path)
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise StreamError(f"{path}: is not the file that {side.name} describes; try again, or {_REMEDY}")
    return ReadyBulletin(
        item=StreamItem(path=path, title=facts.title, data=data), due=due, level=level, duration_s=duration_s
    )


def take_file(path: Path, *, title: str, due: datetime) -> ReadyBulletin:
    """File that a person chose. Raises StreamError."""
    item = StreamItem(path=path, title=title, data=_read(path, "name another file with --file"))
    return ReadyBulletin(item=item, due=due, level=Level.FRESH, duration_s=0.0)


def _read(path: Path, remedy: str = _REMEDY) -> bytes:
    with explain_os_errors(StreamError, f"{path}: the sound file cannot be read", remedy):
        return path.read_bytes()


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
    """ "sent whole and on time", or the fault."""
    if sent.is_handed_over:
        return "Liquidsoap has it and plays it"
    problems = []
    if sent.breaks:
        problems.append(f"the connection broke {sent.breaks} time{'s' if sent.breaks > 1 else ''}")
    if sent.late_s >= 1:
        problems.append(f"it ended {sent.late_s:.0f} s late")
    return "sent whole, but " + " and ".join(problems) if problems else "sent whole and on time"
