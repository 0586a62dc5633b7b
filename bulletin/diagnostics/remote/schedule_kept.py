"""podcast:updateFrequency of a feed and its newest episode -> Finding about its age. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bulletin.model.findings import Finding, failure, ok, warning

PART = "clock"

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LATE = timedelta(minutes=15)
"""Delay after its slot that an episode may have."""
_EARLY = timedelta(minutes=40)
"""An episode may be published this long before its slot."""
_NO_RULE = timedelta(hours=26)
_MOST_DAYS = 9


def judge_age(newest: datetime, *, rrule: str, start: str, now: datetime) -> Finding:
    """Check that the newest episode is that of the last slot by the feed's own rule."""
    age = _age_text(now - newest)
    if not rrule:
        if now - newest > _NO_RULE:
            return warning(
                PART, f"the newest episode is {age} old, and the feed has no schedule for the next one"
            )
        return ok(PART, f"the newest episode is {age} old")
    due = last_due(rrule, start=start, before=now - _LATE)
    if due is None:
        return warning(PART, f'"{rrule[:100]}": an unknown rule; the newest episode is {age} old')
    if newest < due - _EARLY:
        return failure(
            PART,
            f"the newest episode is {age} old; the one of {due:%a %H:%M %z} is missing: look at `bulletin status`",
        )
    return ok(PART, f"the newest episode is {age} old, as the clock says")


def last_due(rrule: str, *, start: str, before: datetime) -> datetime | None:
    """
    Last moment of an RRULE of days, hours and minutes before another moment, in the time zone of `start`.

    None for other rules: FREQ must be DAILY or WEEKLY, with BYHOUR.
    """
    try:
        parts = dict(part.split("=", 1) for part in rrule.upper().split(";") if part)
        zone = datetime.fromisoformat(start).tzinfo
        hours, minutes = _numbers(parts["BYHOUR"], 24), _numbers(parts.get("BYMINUTE", "0"), 60)
        days = {_DAYS.index(day) for day in parts["BYDAY"].split(",")} if "BYDAY" in parts else set(range(7))
    except (ValueError, KeyError):
        return None
    is_known = set(parts) <= {"FREQ", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND"}
    if zone is None or not is_known or parts.get("FREQ") not in ("DAILY", "WEEKLY"):
        return None
    local = before.astimezone(zone)
    return next((due for due in _backwards(local, days, hours, minutes) if due <= local), None)


def _backwards(local: datetime, days: set[int], hours: list[int], minutes: list[int]) -> Iterator[datetime]:
    for ago in range(_MOST_DAYS):
        day = local - timedelta(days=ago)
        if day.weekday() in days:
            for hour in reversed(hours):
                for minute in reversed(minutes):
                    yield day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _numbers(text: str, limit: int) -> list[int]:
    numbers = sorted({int(part) for part in text.split(",")})
    if not numbers or numbers[0] < 0 or numbers[-1] >= limit:
        raise ValueError(text)
    return numbers


def _age_text(age: timedelta) -> str:
    minutes = max(0, round(age / timedelta(minutes=1)))
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
