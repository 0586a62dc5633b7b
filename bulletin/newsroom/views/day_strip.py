"""Clock and slot ledger -> a station's day as a strip: which slots had news, a stand-by, nothing, or are to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, SlotRecord, SlotState
from bulletin.schedule.plan_slots import slots_of

_NEWS = (Level.FRESH, Level.PARTIAL)


class SlotLook(StrEnum):
    """What a slot is drawn as."""

    FRESH = "fresh"
    STAND_BY = "stand-by"
    MISSED = "missed"
    WORKING = "being made"
    COMING = "to come"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMark:
    """One slot of the strip."""

    due: datetime
    """Aware."""
    look: SlotLook
    local: str
    """Station's time: "07:00"."""
    note: str = ""
    """Why it is not fresh; or the level of the stand-by."""

    @property
    def title(self) -> str:
        """For a tooltip and a screen reader: "07:00 stand-by: no news for an hour"."""
        return f"{self.local} {self.look}" + (f": {self.note}" if self.note else "")


def day_of(now: datetime, *, zone: str) -> tuple[datetime, datetime]:
    """Start and end of the station's day that contains `now`; 23 or 25 hours apart when the clocks change."""
    local = ZoneInfo(zone)
    day = now.astimezone(local).date()
    start, end = (datetime.combine(each, time(), tzinfo=local) for each in (day, day + timedelta(days=1)))
    return start, end


def read_day_strip(loaded: LoadedProfile, archive: Archive, *, now: datetime) -> tuple[SlotMark, ...]:
    """
    Every slot of the station's day, in order: those of the ledger, then those that the clock still plans.

    Raises ArchiveError, and ConfigError for holidays of an unknown country.
    """
    zone = loaded.profile.time_zone
    start, end = day_of(now, zone=zone)
    rows = SlotLedger(archive).rows(since=start, until=end, station=loaded.id)
    planned = slots_of(loaded, since=now, until=end) if loaded.profile.clock.slots else ()
    return mark_slots(rows, [slot.due for slot in planned], now=now, zone=zone)


def mark_slots(
    rows: Sequence[SlotRecord], planned: Iterable[datetime], *, now: datetime, zone: str
) -> tuple[SlotMark, ...]:
    """The marks of ledger rows and of planned slots that have no row yet. Pure."""
    marks = {row.due: _mark(row, now=now, zone=zone) for row in rows}
    for due in planned:
        if due not in marks:
            marks[due] = SlotMark(due=due, look=SlotLook.COMING, local=local_time(due, zone=zone))
    return tuple(marks[due] for due in sorted(marks))


def local_time(moment: datetime, *, zone: str) -> str:
    """Station's time of day: "07:00"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def _mark(row: SlotRecord, *, now: datetime, zone: str) -> SlotMark:
    look, level = SlotLook.COMING, row.level or row.standby
    if row.state is SlotState.DONE and row.level in _NEWS:
        look = SlotLook.FRESH
    elif row.state is SlotState.DONE or (row.standby and row.due <= now):
        look = SlotLook.STAND_BY
    elif row.state is SlotState.MISSED or (row.state is SlotState.PLANNED and row.due <= now):
        look = SlotLook.MISSED
    elif row.state is SlotState.WORKING:
        look = SlotLook.WORKING
    note = row.note or (str(level) if level and look is SlotLook.STAND_BY else "")
    if level is Level.PARTIAL and look is SlotLook.FRESH:
        note = note or "shortened, some parts were late"
    return SlotMark(due=row.due, look=look, local=local_time(row.due, zone=zone), note=note)


def count_looks(marks: Iterable[SlotMark]) -> dict[SlotLook, int]:
    """How many slots look the same, for the legend; looks that do not occur are left out."""
    looks = [mark.look for mark in marks]
    return {look: looks.count(look) for look in SlotLook if look in looks}
