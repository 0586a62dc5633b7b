"""
Stand-by on air, prepared or for the pull endpoint: the first step of the chain that works.

Only on-air outputs (renditions with a time check) get a stand-by: a podcast without a new episode needs no old one
twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.published_files import OvertakenError
from bulletin.errors import ArchiveError, BulletinError, NoStoryError, OutletError
from bulletin.model import Bulletin, Level
from bulletin.pipeline.publish_and_record_bulletin import (
    KillEntries,
    check_kill_lists,
    record_publication,
)
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds, read_on_air
from bulletin.publishing.atomic_file_batch import Batch, check_folder
from bulletin.publishing.files.write_newest_bulletin import NewestFile
from bulletin.publishing.json_sidecar_file import SideFile
from bulletin.publishing.move_standby_files_on_air import discard_prepared, prepared_folder
from bulletin.publishing.outlet_interface import Outlet
from bulletin.publishing.publish_bulletin import publish_bulletin
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.service.slots.choose_bulletin_for_playout import pulled_kind
from bulletin.service.slots.standby_candidates import MakeStandby, standby_steps
from bulletin.station.build_station_object import Station

log = logging.getLogger(__name__)

STANDBY = "standby"
"""Stem of the files that `mix_aside` writes."""
_TRIES = 3
"""Tries to replace a deleted file, where other machines of a group publish at the same time."""


def put_standby_on_air(station: Station, *, due: datetime, now: datetime) -> str:
    """
    Put a stand-by on air where on-air files were deleted, as after a withdrawal; the message for the user, or "".

    `due` is the time that it names. The slots of the deleted bulletins are opened again, so that a service
    remakes them while there is time. Call it again where it was interrupted. Raises BulletinError as
    `put_standby`.
    """
    for _ in range(_TRIES - 1):
        try:
            return _replace_deleted(station, due=due, now=now)
        except OvertakenError:
            with station.publishing():
                pass  # what another machine has published meanwhile
    return _replace_deleted(station, due=due, now=now)


def _replace_deleted(station: Station, *, due: datetime, now: datetime) -> str:
    files = read_on_air(station.folder, on_air_kinds(station.profile))
    if all(files.values()) or not station.archive.bulletins(station.words.id):
        return ""
    level, _ = put_standby(station, due=due, now=now)
    message = f"A stand-by ({level}) is on air in place of {', '.join(sorted(files))}."
    if reopened := SlotLedger(station.archive).make_again(station.words.id, level=level, now=now):
        zone = ZoneInfo(station.words.time_zone)
        slots = ", ".join(f"{slot.astimezone(zone):%H:%M}" for slot in reopened)
        message += f" The service remakes the bulletin for {slots}."
    return message


def put_standby(
    station: Station, *, due: datetime, now: datetime, is_prepared: bool = False
) -> tuple[Level, str]:
    """
    Put the best stand-by for the slot at `due` on air; its level, and why there is no better one.

    With `is_prepared` it is written beside the on-air files, and `OnAirSlot.swap_in` replaces them when the slot
    comes. Raises BulletinError only when not even the ident could be put there, or a group's store or database failed.
    """
    kinds, name = on_air_kinds(station.profile), station.words.id
    if not kinds:
        return Level.LAST_GOOD, "nothing is on air by the clock; the last bulletin stays where it is"
    publish = partial(
        _publish,
        outlets=[outlet for outlet in station.outlets if outlet.name in kinds],
        aside=prepared_folder(station.state, name) if is_prepared else None,
        record=partial(record_publication, station, made_at=now, timings={}),
    )
    return _put_best(station, publish, due=due, now=now)


def mix_aside(station: Station, *, due: datetime, now: datetime, folder: Path) -> Level:
    """
    The best stand-by as `standby.<suffix>` and `standby.json` in `folder`, for the pull endpoint; nothing public.

    Raises OutletError where none can be made.
    """
    publish = partial(_write_aside, kind=pulled_kind(station.profile), folder=folder, now=now)
    level, _ = _put_best(station, publish, due=due, now=now)
    return level


def _put_best(
    station: Station, publish: Callable[..., None], *, due: datetime, now: datetime
) -> tuple[Level, str]:
    """Make the best stand-by, and publish it with the publish lock held: `publish(bulletin, checked=…)`."""

    def publish_unkilled(bulletin: Bulletin) -> None:
        with station.publishing():
            publish(bulletin, checked=check_kill_lists(station, bulletin))

    def try_steps(*, is_last: bool) -> tuple[Level, str]:
        reasons: list[str] = []
        steps = standby_steps(station, due=due, now=now, reasons=reasons)
        return _try_steps(station, steps, publish_unkilled, reasons, is_last=is_last)

    try:
        return try_steps(is_last=False)
    except NoStoryError as error:
        log.warning("stand-by made again: station=%s: %s", station.words.id, error)
        return try_steps(is_last=True)


def _try_steps(
    station: Station,
    steps: Iterable[tuple[Level, MakeStandby]],
    publish: Callable[[Bulletin], None],
    reasons: list[str],
    *,
    is_last: bool,
) -> tuple[Level, str]:
    """
    Make and publish the first step of the chain that works; its level, and why each one before did not.

    A failure of a group's store or database, which every level would meet, lowers no level: it is raised, and the
    same level is tried again. So is the refusal of a worker that comes too late, and, unless it `is_last`, that of a
    story which was killed meanwhile: the same level is made without it.
    """
    for level, make in steps:
        try:
            with scratch_folder(station.state) as scratch:
                publish(make(scratch))
            return level, "; ".join(reasons)
        except Exception as error:
            if station.publication.is_passing(error) or (isinstance(error, NoStoryError) and not is_last):
                raise
            # Any other failure leads to the next step; an unforeseen one is logged with its trace.
            reasons.append(f"no {level}: {error or type(error).__name__}")
            is_known = isinstance(error, BulletinError)
            text = "stand-by of this level cannot be made, the next level is tried: station=%s level=%s: %s"
            log.warning(text, station.words.id, level, error, exc_info=not is_known)
    raise OutletError("no stand-by could be made: " + "; ".join(reasons))


def _write_aside(bulletin: Bulletin, *, checked: KillEntries, kind: str, folder: Path, now: datetime) -> None:
    """Write the rendition `kind`, or the first, and its side file into a private folder."""
    made = next((file for file in bulletin.renditions if file.kind == kind), bulletin.renditions[0])
    side_file = SideFile(
        audio=f"{STANDBY}{made.path.suffix}", level=bulletin.level, due=bulletin.script.at, made=now
    )
    check_folder(folder, room_bytes=made.path.stat().st_size, is_private=True)
    with Batch(folder, is_private=True) as files:
        files.copy(side_file.audio, made.path)
        files.put(f"{STANDBY}.json", side_file.to_json())
        files.commit()


def _publish(
    bulletin: Bulletin,
    *,
    checked: KillEntries,
    outlets: Sequence[Outlet],
    aside: Path | None,
    record: Callable[..., object],
) -> None:
    """
    Publish to the on-air outlets only, and record it.

    With the folder `aside` it is prepared: the same files in that folder, which the archive has as not on air yet.
    """
    if aside:
        prepared = read_on_air(aside, [outlet.name for outlet in outlets]).values()
        if any(file and file.due != bulletin.script.at for file in prepared):
            discard_prepared(aside)
        check_folder(aside, room_bytes=0, is_private=True)
        outlets = [outlet.beside(aside) for outlet in outlets if isinstance(outlet, NewestFile)]
    episodes = publish_bulletin(bulletin, outlets=outlets)
    try:
        prepared_or_not = tuple(replace(one, is_prepared=aside is not None) for one in episodes)
        record(bulletin, prepared_or_not, checked=checked)
    except ArchiveError as error:
        log.error("stand-by not recorded in the archive: %s", error)
