"""
The stand-by chain: the last good bulletin, an evergreen, the ident. Never nothing, never half a file.

Only what is on air gets a stand-by (renditions with a time check): a podcast that has no new episode has
no need of an old one twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.errors import ArchiveError, BulletinError, OutletError
from bulletin.model import Bulletin, Episode, Level
from bulletin.pipeline.on_air import on_air_kinds, read_on_air
from bulletin.pipeline.release import check_killed
from bulletin.publishing.atomic_files import Batch, check_folder
from bulletin.publishing.publish import publish_bulletin
from bulletin.publishing.side_file import SideFile
from bulletin.publishing.swap_standby import discard_prepared, prepared_folder
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.service.resources.disk_reserve import DiskReserve
from bulletin.service.slots.prepared_standby import prepared_outlets
from bulletin.service.slots.pull_candidates import pulled_kind
from bulletin.service.slots.standby_chain import standby_steps
from bulletin.station.station import Station

log = logging.getLogger(__name__)

STANDBY = "standby"
"""Name of what is laid aside."""


def put_standby_on_air(station: Station, *, due: datetime, now: datetime) -> str:
    """
    A stand-by where nothing lies any more though bulletins were made, never nothing; what to tell of it, if anything.

    `due` is the moment that it names. What was made ahead for a slot still to come is due again: a service
    makes it anew while there is time. To be asked after something was taken back, and again when that was
    broken off. Raises BulletinError as `put_standby`.
    """
    lies = read_on_air(station.folder, on_air_kinds(station.profile))
    if all(lies.values()) or not station.archive.bulletins(station.words.id):
        return ""
    level, _ = put_standby(station, due=due, now=now)
    told = f"In the place of {', '.join(sorted(lies))} there is a stand-by now: {level}."
    if again := SlotLedger(station.archive).make_again(station.words.id, level=level, now=now):
        zone = ZoneInfo(station.words.time_zone)
        slots = ", ".join(f"{slot.astimezone(zone):%H:%M}" for slot in again)
        told += f" The service makes the bulletin for {slots} again."
    return told


def put_standby(station: Station, *, due: datetime, now: datetime) -> tuple[Level, str]:
    """
    Put the best stand-by there is in place for the slot at `due`; say which, and why none better.

    Raises BulletinError only when not even the ident could be put in place.
    """
    return _stand(station, due=due, now=now, out=lambda made: _put(station, made, now=now))


def prepare_standby(station: Station, *, due: datetime, now: datetime) -> tuple[Level, str]:
    """
    Prepare the best stand-by there is for the slot at `due`, beside the on-air files; say which, and why none better.

    Nothing changes in public: `prepared.swap_in` puts it in place when the slot comes. Raises BulletinError only
    when not even the ident could be prepared.
    """
    return _stand(station, due=due, now=now, out=lambda made: _prepare(station, made, now=now))


def _stand(
    station: Station, *, due: datetime, now: datetime, out: Callable[[Bulletin], None]
) -> tuple[Level, str]:
    if not on_air_kinds(station.profile):
        return Level.LAST_GOOD, "nothing is on air by the clock; the last bulletin stays where it is"
    reasons: list[str] = []
    for level, make in standby_steps(station, due=due, now=now, reasons=reasons):
        try:
            DiskReserve(station.state).use(lambda make=make: _put_level(station, make, out))  # type: ignore[misc]
        except Exception as error:
            # The next step is tried whatever went wrong; who did not foresee it is told loudly.
            reasons.append(f"no {level}: {error or type(error).__name__}")
            is_known = isinstance(error, BulletinError)
            log.log(
                logging.WARNING if is_known else logging.ERROR,
                "stand-by failed, trying the next: station=%s level=%s: %s",
                station.words.id,
                level,
                error,
                exc_info=not is_known,
            )
        else:
            return level, "; ".join(reasons)
    raise OutletError("no stand-by could be put in place: " + "; ".join(reasons))


def mix_aside(station: Station, *, due: datetime, now: datetime, folder: Path) -> Level:
    """
    The best stand-by there is as `standby.<suffix>` and `standby.json` in `folder`, and nowhere in public.

    For whoever asks when nothing fit to air lies there. Raises OutletError when none can be made.
    """
    reasons: list[str] = []
    for level, make in standby_steps(station, due=due, now=now, reasons=reasons):
        try:
            with scratch_folder(station.state) as scratch:
                _lay_aside(station, make(scratch), folder, now=now)
        except BulletinError as error:
            reasons.append(f"no {level}: {error}")
        else:
            return level
    raise OutletError("no stand-by could be mixed: " + "; ".join(reasons))


def _lay_aside(station: Station, bulletin: Bulletin, folder: Path, *, now: datetime) -> None:
    kind = pulled_kind(station.profile)
    made = next((one for one in bulletin.renditions if one.kind == kind), bulletin.renditions[0])
    side_file = SideFile(
        audio=f"{STANDBY}{made.path.suffix}", level=bulletin.level, due=bulletin.script.at, made=now
    )
    check_folder(folder, room_bytes=made.path.stat().st_size, is_private=True)
    with station.publishing():
        check_killed(station, bulletin)
        with Batch(folder, is_private=True) as files:
            files.copy(side_file.audio, made.path)
            files.put(f"{STANDBY}.json", side_file.to_json())
            files.commit()


def _put_level(station: Station, make: Callable[[Path], Bulletin], out: Callable[[Bulletin], object]) -> None:
    with scratch_folder(station.state) as folder:
        out(make(folder))


def _put(station: Station, bulletin: Bulletin, *, now: datetime) -> None:
    """Only to the outlets that are on air."""
    with station.publishing():
        check_killed(station, bulletin)
        outlets = [one for one in station.outlets if one.name in on_air_kinds(station.profile)]
        _record(station, bulletin, publish_bulletin(bulletin, outlets=outlets), now=now)


def _prepare(station: Station, bulletin: Bulletin, *, now: datetime) -> None:
    """The same files in another folder. They are in the archive as not on air yet."""
    kinds = on_air_kinds(station.profile)
    with station.publishing():
        check_killed(station, bulletin)
        _discard_other_hours(station, due=bulletin.script.at)
        aside = prepared_folder(station.state, station.words.id)
        check_folder(aside, room_bytes=0, is_private=True)
        outlets = prepared_outlets(station.outlets, kinds=kinds, aside=aside)
        episodes = publish_bulletin(bulletin, outlets=outlets)
        _record(station, bulletin, [replace(one, is_prepared=True) for one in episodes], now=now)


def _discard_other_hours(station: Station, *, due: datetime) -> None:
    aside = prepared_folder(station.state, station.words.id)
    before = read_on_air(aside, on_air_kinds(station.profile))
    if any(one and one.due != due for one in before.values()):
        discard_prepared(station.state, station.words.id)


def _record(station: Station, bulletin: Bulletin, episodes: Sequence[Episode], *, now: datetime) -> None:
    try:
        station.archive.record_bulletin(station.words.id, bulletin, episodes, made_at=now, timings={})
    except ArchiveError as error:
        log.error("the stand-by is not in the archive: %s", error)
