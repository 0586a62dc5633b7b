"""Now -> the time that a bulletin's time check announces; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.errors import ConfigError

COMING_MIN = 15
"""Last minutes of an hour, in which a bulletin on demand is for the coming hour."""

ROUND_MIN = 5
"""A bulletin on demand announces the last full five minutes: presenters do not say "thirteen minutes past"."""


def air_time(now: datetime, *, zone: str, at: str | None = None) -> datetime:
    """
    The announced time, aware UTC.

    `at` is "HH:MM" of the station's clock: the occurrence nearest to now, so that 00:00 at 23:40 is the coming
    midnight. Without it: the coming hour when it is near, else the time now, as a presenter would say it. Raises
    ConfigError for an `at` that is not a time of day.
    """
    local = now.astimezone(ZoneInfo(zone))
    if at is None:
        return _as_announced(local).astimezone(UTC)
    hour, minute = parse_hour(at)
    today = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    days = (today + timedelta(days=shift) for shift in (-1, 0, 1))
    return min(days, key=lambda day: abs(day - local)).astimezone(UTC)


def coming_time(now: datetime, *, zone: str, at: str) -> datetime:
    """
    The next moment after `now` at which a clock of the zone shows `at`, aware UTC. Raises ConfigError as `air_time`.

    The hour that an autumn night has twice counts twice.
    """
    hour, minute = parse_hour(at)
    today = now.astimezone(ZoneInfo(zone)).replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    # tomorrow on a wall clock is not always 24 hours away
    moments = (today, today.replace(fold=1), today + timedelta(days=1))
    return next(utc for moment in moments if (utc := moment.astimezone(UTC)) > now)


def parse_hour(at: str) -> tuple[int, int]:
    """ "07:00" -> (7, 0). Raises ConfigError."""
    match = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", at.strip())
    if not match:
        raise ConfigError(f'"{at}" is not a valid time of day; write it as HH:MM, "07:00"')
    return int(match[1]), int(match[2])


def _as_announced(local: datetime) -> datetime:
    hour = local.replace(minute=0, second=0, microsecond=0)
    if local.minute >= 60 - COMING_MIN:
        # through UTC: the coming hour is an hour of time away, also in a daylight-saving night
        return (hour.astimezone(UTC) + timedelta(hours=1)).astimezone(local.tzinfo)
    return hour.replace(minute=local.minute - local.minute % ROUND_MIN, fold=local.fold)
