"""podcast:updateFrequency of a feed and its newest episode -> Finding about its age. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from bulletin.model.diagnostic_findings import Finding, failure, ok, warning

PART = "clock"

_PARTS = {"FREQ", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND"}
_LATE = timedelta(minutes=15)
"""Delay after its slot that an episode may have."""
_EARLY = timedelta(minutes=40)
"""An episode may be published this long before its slot."""
_NO_RULE = timedelta(hours=26)
_LOOK_BACK = timedelta(days=9)


def judge_age(newest: datetime, *, rrule: str, start: str, now: datetime) -> Finding:
    """Check that the newest episode belongs to the last slot of the feed's own rule."""
    minutes = max(0, round((now - newest) / timedelta(minutes=1)))
    age = f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
    if not rrule:
        problem = "; the feed has no schedule (podcast:updateFrequency)" if now - newest > _NO_RULE else ""
        return (warning if problem else ok)(PART, f"newest episode {age} old{problem or ', recent enough'}")
    due = last_due(rrule, start=start, before=now - _LATE)
    if due is None:
        return warning(PART, f'newest episode {age} old; "{rrule[:100]}" is no daily or weekly schedule')
    if newest < due - _EARLY:
        missing = f"the episode of {due:%a %H:%M %z} is missing; see `bulletin status`"
        return failure(PART, f"the newest episode is {age} old; {missing}")
    return ok(PART, f"the newest episode is {age} old, as scheduled")


def last_due(rrule: str, *, start: str, before: datetime) -> datetime | None:
    """
    Last moment of an RRULE of days, hours and minutes before another moment, in the time zone of `start`.

    None for other rules: FREQ must be DAILY or WEEKLY, with BYHOUR.
    """
    try:
        parts = dict(part.split("=", 1) for part in rrule.upper().split(";") if part)
        zone = datetime.fromisoformat(start).tzinfo
        # other parts could keep dateutil busy for minutes, and the feed is untrusted
        is_known = parts.keys() <= _PARTS and parts.get("FREQ") in ("DAILY", "WEEKLY") and "BYHOUR" in parts
        if zone is None or not is_known:
            return None
        local = before.astimezone(zone)
        first = (local - _LOOK_BACK).replace(minute=0, second=0, microsecond=0)
        due = rrulestr(rrule.upper(), dtstart=first).before(local, inc=True)
    except (ValueError, IndexError):
        return None
    return due if isinstance(due, datetime) else None
