"""ClockOptions -> UpdateRule, the recurrence rule (RFC 5545) of podcast:updateFrequency. Pure."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from bulletin.config.tables.clock_options import DAY_MIN, ClockOptions, is_weekday

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MOST_WORDS = 128
"""Characters of the tag's text (podcast-namespace, docs/tags/update-frequency.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRule:
    """Publication times of episodes, in local time."""

    rrule: str
    """FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=6,7;BYMINUTE=0"""
    words: str
    """The same in English."""


def update_rule(clock: ClockOptions, *, makes: Sequence[str] = ("podcast",)) -> UpdateRule | None:
    """
    One rule for a usual week: there is an episode at each of its times.

    A feed has one rule, the product of days, hours and minutes. Where the week is no such product, the rule is the
    largest product within it: an unannounced bulletin is better than a missing one. Dates and holidays cannot be
    expressed. None without a clock.
    """
    week = _week(clock, makes)
    rules = []
    for times in _intersections(week):
        days = [day for day in range(7) if times <= week[day]]
        by_hour = {hour: frozenset(time % 60 for time in times if time // 60 == hour) for hour in range(24)}
        for minutes in _intersections(by_hour.values()):
            hours = [hour for hour, due in by_hour.items() if minutes <= due]
            rules.append((days, hours, sorted(minutes)))
    if not rules:
        return None
    best = max(rules, key=lambda rule: math.prod(map(len, rule)))
    return UpdateRule(rrule=_to_rrule(*best), words=_to_words(*best))


def _intersections(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The sets and the intersections of two of them, without empty ones."""
    return [both for both in dict.fromkeys(a & b for a, b in product(list(sets), repeat=2)) if both]


def _week(clock: ClockOptions, makes: Sequence[str]) -> tuple[frozenset[int], ...]:
    """Minutes of each weekday at which an episode is due."""
    week: list[set[int]] = [set() for _ in range(7)]
    for rule in clock.slots:
        if "podcast" not in (rule.outputs or makes):
            continue
        for day in range(7):
            if any(is_weekday(day, name) for name in rule.days):
                for minute in rule.minutes():
                    week[(day + minute // DAY_MIN) % 7].add(minute % DAY_MIN)
    return tuple(frozenset(times) for times in week)


def _to_rrule(days: Sequence[int], hours: Sequence[int], minutes: Sequence[int]) -> str:
    parts = (
        ["FREQ=DAILY"] if len(days) == 7 else ["FREQ=WEEKLY", f"BYDAY={','.join(_DAYS[day] for day in days)}"]
    )
    return ";".join(
        (
            *parts,
            f"BYHOUR={','.join(map(str, hours))}",
            f"BYMINUTE={','.join(map(str, minutes))}",
            "BYSECOND=0",
        )
    )


def _to_words(days: Sequence[int], hours: Sequence[int], minutes: Sequence[int]) -> str:
    times = [f"{hour:02d}:{minute:02d}" for hour in hours for minute in minutes]
    on_days = "every day" if len(days) == 7 else ", ".join(calendar.day_name[day] for day in days)
    words = f"{', '.join(times)}; {on_days}"
    return words if len(words) <= _MOST_WORDS else f"{len(times)} times a day; {on_days}"
