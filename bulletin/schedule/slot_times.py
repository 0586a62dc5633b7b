"""
A station's clock -> its slots between two moments. Pure.

Slots are in local time. Where daylight saving skips an hour, its times have no slot; where an hour comes twice, each
of its times has two slots, an hour apart: an hourly station airs every hour of either night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bulletin.config.tables.clock_options import ClockOptions, SlotOptions, is_weekday

IsHoliday = Callable[[date], bool]


def coming_slots(
    clock: ClockOptions,
    *,
    zone: str,
    since: datetime,
    until: datetime,
    is_holiday: IsHoliday = lambda day: False,
) -> dict[datetime, SlotOptions]:
    """
    The times from `since` on and before `until` (aware) that have a slot, in order, each with its rule.

    Of two rules for the same minute the later one in the profile holds.
    """
    local = ZoneInfo(zone)
    # from the day before, whose stretches may last over midnight
    day, last = since.astimezone(local).date() - timedelta(days=1), until.astimezone(local).date()
    slots: dict[datetime, SlotOptions] = {}
    while day <= last:
        for rule in _rules_of(clock, day, is_holiday):
            slots |= {due: rule for due in _moments(rule, day, local) if since <= due < until}
        day += timedelta(days=1)
    return dict(sorted(slots.items(), key=lambda slot: slot[0]))


def _rules_of(clock: ClockOptions, day: date, is_holiday: IsHoliday) -> list[SlotOptions]:
    """
    The rules of a day: those of its date; else, on a holiday, those for "holidays"; else those of its weekday.

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
