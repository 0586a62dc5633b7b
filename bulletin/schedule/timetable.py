"""Profile -> the slots of its clock."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.model import Section, Slot
from bulletin.schedule.air_time import air_time
from bulletin.schedule.public_holidays import find_holidays
from bulletin.schedule.slot_times import coming_slots

_LONGEST_VALID = timedelta(days=1)


def slots_of(loaded: LoadedProfile, *, since: datetime, until: datetime) -> tuple[Slot, ...]:
    """
    The slots due from `since` on and before `until` (aware).

    Raises ConfigError for holidays of an unknown country.
    """
    profile = loaded.profile
    with locate_option(loaded.path, "clock", "holidays"):
        is_holiday = find_holidays(profile.clock.holidays)
    slots = coming_slots(
        profile.clock, zone=profile.time_zone, since=since, until=until, is_holiday=is_holiday
    )
    return tuple(
        Slot(
            station=loaded.id,
            due=due,
            length_s=rule.length or profile.length,
            is_up_to=profile.up_to,
            sections=tuple(map(Section, rule.sections)),
            outputs=rule.outputs or profile.outputs.make,
        )
        for due, rule in slots.items()
    )


def due_now(loaded: LoadedProfile, *, now: datetime) -> datetime:
    """
    The time that a bulletin between slots announces.

    As a presenter would say it, but not after the next slot, whose bulletin would then count as older; and not before
    the last one, whose bulletin would count as newer. Raises ConfigError as `slots_of`.
    """
    due = air_time(now, zone=loaded.profile.time_zone)
    coming = slots_of(loaded, since=now, until=due)
    passed = slots_of(loaded, since=due, until=now)
    return coming[0].due if coming else passed[-1].due if passed else due


def fm_until_next(loaded: LoadedProfile, *, due: datetime) -> dict[str, Any]:
    """
    The options of [outputs.fm], with a validity until the next slot that makes the FM file.

    A number in the profile takes precedence; a station without slots has the default, an hour. A day is the longest
    validity.
    """
    fm = loaded.profile.outputs.fm
    options = fm.model_dump()
    if "valid_min" in fm.model_fields_set or not loaded.profile.clock.slots:
        return options
    latest = due + _LONGEST_VALID
    coming = slots_of(loaded, since=due + timedelta(seconds=1), until=latest)
    following = next((slot.due for slot in coming if "fm" in slot.outputs), latest)
    return options | {"valid_min": (following - due) / timedelta(minutes=1)}


_MARGIN = timedelta(hours=12)
"""Slots are computed so far beyond a request, since the next request is nearly the same."""


@dataclass(slots=True)
class Timetable:
    """The slots of one profile, cached, since the reconciler asks with every round."""

    loaded: LoadedProfile
    _known: tuple[datetime, datetime] | None = None
    _slots: tuple[Slot, ...] = ()

    def slots(self, *, since: datetime, until: datetime) -> tuple[Slot, ...]:
        """The slots due from `since` on and before `until` (aware). Raises ConfigError as `slots_of`."""
        if self._known is None or since < self._known[0] or until > self._known[1]:
            self._known = since - _MARGIN, until + _MARGIN
            self._slots = slots_of(self.loaded, since=self._known[0], until=self._known[1])
        first, end = (
            bisect_left(self._slots, moment, key=lambda slot: slot.due) for moment in (since, until)
        )
        return self._slots[first:end]
