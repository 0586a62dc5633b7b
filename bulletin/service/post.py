"""A station as the service sees it: its slots, how long its work takes, the work itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.config.load import LoadedProfile
from bulletin.deadline import Deadline
from bulletin.errors import BulletinError
from bulletin.model import Level, Slot
from bulletin.pipeline import Run, make_bulletin
from bulletin.service.calendar import slots_of
from bulletin.service.keeper import Outcome
from bulletin.service.lead import lead_s
from bulletin.service.standby import on_air_kinds, put_standby
from bulletin.station import open_station

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=10)
"""A bulletin that is late is still worth making: the next slot may be hours away."""
_LEAST_S = 30.0
"""What a run gets that begins too late: it will be late, but whole."""
_STANDBY_S = 5.0
"""Kept for the stand-by when the run fails at the last moment."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPost:
    """
    One profile's post.

    Every piece of work opens the station anew, so that a profile that was changed is what the next
    bulletin is made by.
    """

    loaded: LoadedProfile
    output: Path
    archive: Archive
    """Of the output folder, for the ledger and the run times; the work opens its own."""
    clock: Callable[[], datetime] = _now

    @property
    def id(self) -> str:
        return self.loaded.id

    @property
    def margin(self) -> timedelta:
        return timedelta(seconds=self.loaded.profile.clock.margin_s)

    @property
    def grace(self) -> timedelta:
        return GRACE

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        """What is due in between."""
        return slots_of(self.loaded, since=since, until=until)

    def lead(self) -> timedelta:
        """Learnt from the last runs."""
        return timedelta(seconds=lead_s(self.archive.run_times(self.id, limit=20)))

    def work(self, slot: Slot, *, ready_by: datetime) -> Outcome:
        """
        A fresh bulletin, or the best stand-by there is.

        Raises BulletinError only when not even a stand-by could be put in place.
        """
        left_s = max((ready_by - self.clock()).total_seconds() - _STANDBY_S, _LEAST_S)
        deadline = Deadline.after(left_s)
        with open_station(
            self.loaded, output=self.output, overrides=_overrides(self.loaded, slot)
        ) as station:
            try:
                run = make_bulletin(
                    station, now=self.clock(), due=slot.due, sections=slot.sections, deadline=deadline
                )
            except BulletinError as error:
                log.error("no fresh bulletin: station=%s: %s", self.id, error)
                level, note = put_standby(station, due=slot.due, now=self.clock())
                return Outcome(level=level, note="; ".join(filter(None, (str(error), note))))
        return _outcome(run)

    def standby_due(self, now: datetime) -> Slot | None:
        """
        The slot that needs a stand-by put in place now: nothing lies there, or what lies there has aired.

        So a machine that does nothing but die before the next hour has left something that is true then.
        """
        after = timedelta(minutes=self.loaded.profile.standby.after_min)
        kinds = on_air_kinds(self.loaded.profile)
        if not after or not kinds:
            return None
        coming = self.slots(since=now, until=now + timedelta(days=1))
        if not coming or coming[0].due - now <= self.lead() + self.margin:
            return None
        lies = [_lies_there(self.output / self.id, kind) for kind in kinds]
        if any(due is None or due + after <= now < coming[0].due for due in lies):
            return coming[0]
        return None

    def prepare(self, slot: Slot) -> Level:
        """Put the stand-by in place for a slot; say which it is. Raises BulletinError."""
        with open_station(
            self.loaded, output=self.output, overrides=_overrides(self.loaded, slot)
        ) as station:
            return put_standby(station, due=slot.due, now=self.clock())[0]


def _overrides(loaded: LoadedProfile, slot: Slot) -> dict[str, Any]:
    """The slot's own length and outputs, as if they stood in the profile."""
    outputs = loaded.profile.outputs
    made = tuple(kind for kind in outputs.make if kind in slot.outputs)
    return {
        "length": slot.length_s,
        "up_to": slot.is_up_to,
        "outputs": outputs.model_dump() | {"make": made or outputs.make},
    }


def _outcome(run: Run) -> Outcome:
    """Less than fresh when the time was over before everything was said."""
    unsaid = [left.title for left in run.bulletin.dropped if left.reason == "was not spoken"]
    if unsaid:
        return Outcome(level=Level.PARTIAL, note=f"no time to say {len(unsaid)} stories")
    return Outcome(level=Level.FRESH)


def _lies_there(folder: Path, kind: str) -> datetime | None:
    """For which slot the file of a rendition on air was made."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return datetime.fromisoformat(json.loads((folder / f"{kind}.json").read_bytes())["due"])
    return None
