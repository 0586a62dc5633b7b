"""Slot -> overrides of the profile: renditions, length and validity; the same for bulletins between slots."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Slot, SlotState
from bulletin.model.sort_bulletins_by_time import AHEAD_MOST
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds, read_on_air
from bulletin.runtime.latest_credible_time import latest_made
from bulletin.schedule.plan_slots import due_now, fm_until_next, slots_of

_AHEAD = timedelta(days=1)


def renditions_of(loaded: LoadedProfile, slot: Slot) -> tuple[str, ...]:
    """Renditions of a slot: its own outputs, else the profile's."""
    make = loaded.profile.outputs.make
    return tuple(kind for kind in make if kind in slot.outputs) or make


def on_air_of(loaded: LoadedProfile, slot: Slot) -> tuple[str, ...]:
    """Those renditions of a slot that have a time check."""
    return tuple(kind for kind in renditions_of(loaded, slot) if kind in on_air_kinds(loaded.profile))


def due_between(loaded: LoadedProfile, *, output: Path, now: datetime) -> datetime:
    """
    The hour announced by a bulletin between slots.

    The next slot's where its bulletin is on air already: one for an earlier hour would not replace it. Raises
    ConfigError as `slots_of`.
    """
    due = due_now(loaded, now=now)
    on_air = read_on_air(output / loaded.id, on_air_kinds(loaded.profile)).values()
    coming = slots_of(loaded, since=now, until=now + AHEAD_MOST)[:1]
    is_made = any(file and slot.due == file.due for file in on_air for slot in coming)
    return max(due, coming[0].due) if is_made else due


def due_at_once(loaded: LoadedProfile, *, output: Path, archive: Archive, now: datetime) -> datetime:
    """
    The minute of an editor's bulletin between slots, on air as soon as it is made.

    That of `due_between` where news for a later minute is out already: one for an earlier would not replace it.
    Raises ConfigError as `slots_of`, ArchiveError.
    """
    minute, due = now.replace(second=0, microsecond=0), due_between(loaded, output=output, now=now)
    last = archive.last_bulletin(loaded.id, until=latest_made(now))
    on_air = read_on_air(output / loaded.id, on_air_kinds(loaded.profile)).values()
    out = [file.due for file in on_air if file and file.is_news] + ([last.at] if last else [])
    return due if any(minute < moment <= due for moment in out) else minute


def due_by_hand(loaded: LoadedProfile, *, archive: Archive, now: datetime) -> datetime:
    """
    The hour announced by a stand-by that replaces a withdrawn bulletin.

    The next slot's if its bulletin or stand-by was ready, so that the stand-by stays valid then. Raises ArchiveError.
    """
    coming = SlotLedger(archive).rows(since=now, until=now + _AHEAD, station=loaded.id)
    ready = (row.due for row in coming if row.state is SlotState.DONE or row.standby)
    return next(ready, None) or due_now(loaded, now=now)


def overrides_by_hand(loaded: LoadedProfile, *, due: datetime) -> dict[str, Any]:
    """Overrides for `open_station` between slots: until when the on-air file is valid."""
    outputs = loaded.profile.outputs
    return {"outputs": outputs.model_dump() | {"fm": fm_until_next(loaded, due=due)}}


def overrides_of(loaded: LoadedProfile, slot: Slot, *, is_on_air_only: bool = False) -> dict[str, Any]:
    """Overrides for `open_station` at a slot."""
    outputs = loaded.profile.outputs
    make = on_air_of(loaded, slot) if is_on_air_only else renditions_of(loaded, slot)
    return {
        "length": slot.length_s,
        "up_to": slot.is_up_to,
        "outputs": outputs.model_dump() | {"make": make, "fm": fm_until_next(loaded, due=slot.due)},
    }
