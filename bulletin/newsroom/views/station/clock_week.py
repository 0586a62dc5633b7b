"""Clock of a station -> a week of slots for the picture and the table, and its rules for the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.clock_options import DAY_MIN
from bulletin.model import Slot
from bulletin.schedule.plan_slots import find_holidays, slots_of

DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSlot:
    """A slot of the week."""

    at: datetime
    """On the station's clock."""
    minute: int
    """Minutes after midnight, for its place in the picture."""
    length_s: float
    is_up_to: bool
    outputs: tuple[str, ...]
    sections: tuple[str, ...]
    is_past: bool

    @property
    def length(self) -> str:
        minutes, seconds = divmod(round(self.length_s), 60)
        return f"{'up to ' if self.is_up_to else ''}{minutes}:{seconds:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDay:
    """A day of the week with its slots."""

    day: date
    slots: tuple[ClockSlot, ...]
    is_today: bool
    is_off: bool
    """The profile names the date in [clock] off."""
    is_holiday: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRule:
    """A [[clock.slots]] table, as the form shows it."""

    number: int
    """Position in the profile, from 0."""
    at: str
    days: str
    every_min: int
    length: str
    """ "2:00"; empty: the station's."""
    sections: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWeek:
    """Seven days from a day on."""

    days: tuple[ClockDay, ...]
    rules: tuple[SlotRule, ...]
    now_minute: int
    """Minutes after midnight of the present moment, on the station's clock."""

    @property
    def count(self) -> int:
        return sum(len(day.slots) for day in self.days)


def clock_week(loaded: LoadedProfile, *, now: datetime, first: date | None = None) -> ClockWeek:
    """The week that begins at `first`, by default today. Raises ConfigError for holidays of an unknown country."""
    profile, zone = loaded.profile, ZoneInfo(loaded.profile.time_zone)
    local = now.astimezone(zone)
    begins = first or local.date()
    since, until = (
        datetime.combine(begins + timedelta(days=offset), time(), tzinfo=zone) for offset in (0, DAYS)
    )
    is_holiday = find_holidays(profile.clock.holidays)
    by_day: dict[date, list[ClockSlot]] = {begins + timedelta(days=offset): [] for offset in range(DAYS)}
    for slot in slots_of(loaded, since=since, until=until):
        by_day[slot.due.astimezone(zone).date()].append(_slot(slot, zone, now))
    return ClockWeek(
        days=tuple(
            ClockDay(
                day=day,
                slots=tuple(slots),
                is_today=day == local.date(),
                is_off=day.isoformat() in profile.clock.off,
                is_holiday=is_holiday(day),
            )
            for day, slots in by_day.items()
        ),
        rules=_rules(loaded),
        now_minute=local.hour * 60 + local.minute,
    )


def _slot(slot: Slot, zone: ZoneInfo, now: datetime) -> ClockSlot:
    local = slot.due.astimezone(zone)
    return ClockSlot(
        at=local,
        minute=(local.hour * 60 + local.minute) % DAY_MIN,
        length_s=slot.length_s,
        is_up_to=slot.is_up_to,
        outputs=tuple(map(str, slot.outputs)),
        sections=tuple(map(str, slot.sections)),
        is_past=slot.due < now,
    )


def _rules(loaded: LoadedProfile) -> tuple[SlotRule, ...]:
    return tuple(
        SlotRule(
            number=number,
            at=", ".join(rule.at),
            days=", ".join(rule.days),
            every_min=rule.every_min,
            length="" if rule.length is None else "{}:{:02}".format(*divmod(round(rule.length), 60)),
            sections=rule.sections,
            outputs=rule.outputs,
        )
        for number, rule in enumerate(loaded.profile.clock.slots)
    )
