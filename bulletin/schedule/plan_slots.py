"""
Profile -> the slots of its clock; the only module that knows the holidays library.

Slots are in local time. Where daylight saving skips an hour, its times have no slot; where an hour comes twice, each
of its times has two slots, an hour apart: an hourly station airs every hour of either night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.config.tables.clock_options import ClockOptions, SlotOptions, is_weekday
from bulletin.errors import ConfigError
from bulletin.model import Section, Slot
from bulletin.schedule.announced_time import air_time

_LONGEST_VALID = timedelta(days=1)
IsHoliday = Callable[[date], bool]


def _no_holiday(day: date) -> bool:
    return False


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


def coming_slots(
    clock: ClockOptions,
    *,
    zone: str,
    since: datetime,
    until: datetime,
    is_holiday: IsHoliday = _no_holiday,
) -> dict[datetime, SlotOptions]:
    """
    The times from `since` on and before `until` (aware) that have a slot, in order, each with its rule.

    Of two rules for the same minute the later one in the profile applies.
    """
    local = ZoneInfo(zone)
    # from the day before: its spans may last over midnight
    day, last = since.astimezone(local).date() - timedelta(days=1), until.astimezone(local).date()
    slots: dict[datetime, SlotOptions] = {}
    key = _Clock(options=clock, is_holiday=is_holiday, zone=zone)
    while day <= last:
        slots |= {due: rule for due, rule in _slots_of_day(key, day) if since <= due < until}
        day += timedelta(days=1)
    return dict(sorted(slots.items(), key=lambda slot: slot[0]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Clock:
    """The clock of a profile, which never changes: a changed profile is another object."""

    options: ClockOptions
    is_holiday: IsHoliday
    zone: str

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Clock)
            and other.options is self.options
            and other.is_holiday is self.is_holiday
            and other.zone == self.zone
        )

    def __hash__(self) -> int:
        return id(self.options)


@lru_cache(maxsize=1024)
def _slots_of_day(clock: _Clock, day: date) -> tuple[tuple[datetime, SlotOptions], ...]:
    """Slots of one day by its rules; a page of the newsroom asks for the same week at every click."""
    local = ZoneInfo(clock.zone)
    rules = _rules_of(clock.options, day, clock.is_holiday)
    return tuple((due, rule) for rule in rules for due in _moments(rule, day, local))


def _rules_of(clock: ClockOptions, day: date, is_holiday: IsHoliday) -> list[SlotOptions]:
    """
    Rules of a day: the rules of its date; else, on a holiday, the rules for "holidays"; else of its weekday.

    So "weekdays" does not include Boxing Day for a station with rules for holidays.
    """
    if day.isoformat() in clock.off:
        return []
    dated = [rule for rule in clock.slots if day.isoformat() in rule.days]
    if dated:
        return dated
    holiday = [rule for rule in clock.slots if "holidays" in rule.days]
    if holiday and is_holiday(day):
        return holiday
    return [rule for rule in clock.slots if any(is_weekday(day.weekday(), name) for name in rule.days)]


def _moments(rule: SlotOptions, day: date, local: ZoneInfo) -> Iterator[datetime]:
    for minute in rule.minutes():
        shown = datetime.combine(day, time()) + timedelta(minutes=minute)
        for fold in (0, 1):
            due = shown.replace(tzinfo=local, fold=fold).astimezone(UTC)
            # A skipped time comes back from UTC as another one.
            if due.astimezone(local).replace(tzinfo=None) == shown:
                yield due


@lru_cache(maxsize=32)
def find_holidays(region: str) -> Callable[[date], bool]:
    """
    A predicate for the public holidays of a country or its part ("IE", "GB-ENG"; ISO 3166); none for "".

    Raises ConfigError for an unknown one.
    """
    if not region:
        return _no_holiday
    import holidays

    country, _, part = region.partition("-")
    try:
        calendar = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise ConfigError(
            f'[clock] holidays = "{region}" is not a known country; write a country, "IE", '
            'or a country and its part, "GB-ENG"'
        ) from error
    return lambda day: day in calendar
