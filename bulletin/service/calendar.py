"""A profile -> the slots of its clock."""

from __future__ import annotations

from datetime import datetime

from bulletin.config.load import LoadedProfile, blame
from bulletin.model import Slot
from bulletin.service.holidays import find_holidays
from bulletin.service.slots import coming_slots


def slots_of(loaded: LoadedProfile, *, since: datetime, until: datetime) -> tuple[Slot, ...]:
    """
    What is due from `since` on and before `until` (aware).

    Raises ConfigError for holidays of an unknown place.
    """
    profile = loaded.profile
    with blame(loaded.path, "clock", "holidays"):
        is_holiday = find_holidays(profile.clock.holidays)
    return coming_slots(
        profile.clock,
        station=loaded.id,
        zone=profile.time_zone,
        since=since,
        until=until,
        length_s=profile.length,
        is_up_to=profile.up_to,
        outputs=profile.outputs.make,
        is_holiday=is_holiday,
    )
