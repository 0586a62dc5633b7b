"""Data of the page "On air": the sound, the next slot, the day as a strip, the station's health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, Slot
from bulletin.newsroom.views.day_strip import SlotMark, read_day_strip
from bulletin.newsroom.views.health_lights import HealthLight, light_up
from bulletin.newsroom.views.on_air_sound import OnAirSound, find_on_air_sound
from bulletin.newsroom.views.sound_peaks import read_peaks
from bulletin.schedule.plan_slots import slots_of
from bulletin.service.monitoring.station_health import read_health
from bulletin.service.slots.on_air_and_standby_files import OnAirSlot
from bulletin.station.build_station_object import STATE
from bulletin.station.group_files.files_to_read import output_to_read

_AHEAD = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The three clocks of the page, as they stood when it was made; a script moves them on."""

    station: str
    """ "07:42:05", with the zone below it."""
    zone: str
    """ "GMT", "BST"."""
    utc: str
    left: str
    """Until the next slot: "17:55", "1:02:00"; empty: no slot is planned."""
    now_ms: int
    """Server's time, milliseconds since 1970: a phone's clock may be wrong."""
    offset_min: int
    """Minutes from UTC to the station's time."""
    due_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAirView:
    """Everything on the page but the coming bulletin's stories."""

    now: datetime
    sound: OnAirSound | None
    wave: tuple[int, ...]
    """Heights of the waveform, 1 to 100; empty: the page asks for them after it is shown."""
    next_slot: Slot | None
    clocks: Clocks
    marks: tuple[SlotMark, ...]
    lights: tuple[HealthLight, ...]


def read_on_air_view(loaded: LoadedProfile, *, output: Path, archive: Archive, now: datetime) -> OnAirView:
    """What a station's editors see first. Raises ArchiveError; broken files of the station are data."""
    coming = slots_of(loaded, since=now, until=now + _AHEAD) if loaded.profile.clock.slots else ()
    next_slot = coming[0] if coming else None
    published = output_to_read(loaded, output=output, archive=archive)
    sound = find_on_air_sound(loaded, output=published, archive=archive, now=now)
    on_air = OnAirSlot(output=published, loaded=loaded)
    health = read_health(archive, loaded, now=now, output=published)
    return OnAirView(
        now=now,
        sound=sound,
        wave=(sound.wave or read_peaks(sound.path, state=output / STATE)) if sound else (),
        next_slot=next_slot,
        clocks=read_clocks(now, zone=loaded.profile.time_zone, due=next_slot.due if next_slot else None),
        marks=read_day_strip(loaded, archive, now=now),
        lights=light_up(health, standby=_standby(on_air, next_slot), has_on_air=bool(on_air.kinds)),
    )


def _standby(on_air: OnAirSlot, slot: Slot | None) -> Level | None:
    return on_air.prepared_level(slot) if slot else None


def read_clocks(now: datetime, *, zone: str, due: datetime | None) -> Clocks:
    """The clocks at a moment. Pure."""
    local = now.astimezone(ZoneInfo(zone))
    offset = local.utcoffset() or timedelta()
    return Clocks(
        station=f"{local:%H:%M:%S}",
        zone=local.tzname() or zone,
        utc=f"{now.astimezone(UTC):%H:%M:%S}",
        left=write_time_left(due - now) if due else "",
        now_ms=round(now.timestamp() * 1000),
        offset_min=round(offset / timedelta(minutes=1)),
        due_ms=round(due.timestamp() * 1000) if due else 0,
    )


def write_time_left(left: timedelta) -> str:
    """ "17:55" minutes and seconds; "1:02:00" from an hour on; "2 days" from two days on."""
    seconds = max(0, int(left.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
