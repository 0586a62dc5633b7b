"""Profile -> the preview of its next bulletin that has not been begun, in the newsroom's file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import OutletError, explain_os_errors, find_write_remedy
from bulletin.model import Slot, SlotState
from bulletin.pipeline.decisions.preview_file import Preview, save_preview
from bulletin.pipeline.previews.make_preview import make_preview
from bulletin.pipeline.slot_profile_overrides import overrides_of
from bulletin.pipeline.stage_timer import SILENT, Listener
from bulletin.runtime.deadline import Deadline
from bulletin.schedule.announced_time import air_time
from bulletin.schedule.plan_slots import slots_of
from bulletin.station.build_station_object import open_station

_NEAR, _AHEAD = timedelta(days=1), timedelta(days=8)
_BEGUN = (SlotState.WORKING, SlotState.DONE)


def prepare_preview(
    loaded: LoadedProfile,
    *,
    output: Path,
    now: datetime,
    archive: Archive,
    answers: ResponseCache | None = None,
    deadline: Deadline | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    listener: Listener = SILENT,
) -> Preview:
    """
    Read the feeds, write the bulletin of `next_open_slot` and save it for the newsroom.

    Raises ConfigError, ArchiveError, OutletError.
    """
    slot = next_open_slot(loaded, archive, now=now)
    overrides = overrides_of(loaded, slot) if slot else None
    with open_station(
        loaded, output=output, overrides=overrides, answers=answers, memory=archive, clock=clock
    ) as station:
        sections = {"sections": slot.sections} if slot else {}
        due = slot.due if slot else air_time(now, zone=loaded.profile.time_zone)
        preview = make_preview(station, now=now, due=due, deadline=deadline, listener=listener, **sections)
        with explain_os_errors(OutletError, "the coming bulletin cannot be stored", find_write_remedy):
            save_preview(station.state, preview)
    return preview


def next_open_slot(loaded: LoadedProfile, archive: Archive, *, now: datetime) -> Slot | None:
    """The next slot whose bulletin has not been begun; None for a station without one. Raises ConfigError, ArchiveError."""
    for since, until in ((now, now + _NEAR), (now + _NEAR, now + _AHEAD)):
        rows = SlotLedger(archive).rows(since=since, until=until, station=loaded.id)
        begun = {row.due for row in rows if row.state in _BEGUN}
        slots = slots_of(loaded, since=since, until=until)
        if found := next((slot for slot in slots if slot.due not in begun and slot.due > now), None):
            return found
    return None
