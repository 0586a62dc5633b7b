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
from bulletin.model import Section, Slot

IsHoliday = Callable[[date], bool]


def coming_slots(
    clock: ClockOptions,
    *,
    station: str,
    zone: str,
    since: datetime,
    until: datetime,
    length_s: float,
    is_up_to: bool = False,
    outputs: tuple[str, ...] = (),
    is_holiday: IsHoliday = lambda day: False,
) -> tuple[Slot, ...]:
    """
    The slots due from `since` on and before `until` (aware), in order.

    `length_s`, `is_up_to` and `outputs` hold for slots without their own. Of two rules for the same minute the later
    one in the profile holds.
    """
    local = ZoneInfo(zone)
    slots: dict[datetime, Slot] = {}
    for day in _days_between(since.astimezone(local).date(), until.astimezone(local).date()):
        for rule in _rules_of(clock, day, is_holiday):
            for due in _moments(rule, day, local):
                if since <= due < until:
                    slots[due] = Slot(
                        station=station,
                        due=due,
                        length_s=rule.length or length_s,
                        is_up_to=is_up_to,
                        sections=tuple(Section(name) for name in rule.sections),
                        outputs=rule.outputs or outputs,
                    )
    return tuple(slots[due] for due in sorted(slots))


def _days_between(first: date, last: date) -> Iterator[date]:
    """With the day before `first`, whose stretches may last over midnight."""
    day = first - timedelta(days=1)
    while day <= last:
        yield day
        day += timedelta(days=1)


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
