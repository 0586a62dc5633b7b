"""What a slot wants of its station, or somebody between slots: the renditions, and length and outputs as if they stood in the profile."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.slot_ledger import SlotLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Slot, SlotState
from bulletin.model.newer_bulletin import AHEAD_MOST
from bulletin.pipeline.on_air import look_at, on_air_kinds
from bulletin.schedule.timetable import due_now, fm_until_next, slots_of

_AHEAD = timedelta(days=1)


def renditions_of(loaded: LoadedProfile, slot: Slot) -> tuple[str, ...]:
    """What a slot makes: its own outputs, else the profile's."""
    make = loaded.profile.outputs.make
    return tuple(kind for kind in make if kind in slot.outputs) or make


def on_air_of(loaded: LoadedProfile, slot: Slot) -> tuple[str, ...]:
    """Of these, what a playout takes by the clock."""
    return tuple(kind for kind in renditions_of(loaded, slot) if kind in on_air_kinds(loaded.profile))


def due_between(loaded: LoadedProfile, *, output: Path, now: datetime) -> datetime:
    """
    The moment that a bulletin between slots names.

    Where that of the next slot is on air already, its slot: one for an earlier moment would be kept back. Raises
    ConfigError as `slots_of`.
    """
    due = due_now(loaded, now=now)
    lies = look_at(output / loaded.id, on_air_kinds(loaded.profile)).values()
    coming = slots_of(loaded, since=now, until=now + AHEAD_MOST)[:1]
    is_there = any(one and slot.due == one.due for one in lies for slot in coming)
    return max(due, coming[0].due) if is_there else due


def due_by_hand(loaded: LoadedProfile, *, archive: Archive, now: datetime) -> datetime:
    """
    The moment that a stand-by names which takes the place of what is taken back.

    The slot to come for which something lay ready, if there is one: it must be valid then, too. Raises ArchiveError.
    """
    coming = SlotLedger(archive).rows(since=now, until=now + _AHEAD, station=loaded.id)
    ready = (row.due for row in coming if row.state is SlotState.DONE or row.standby)
    return next(ready, None) or due_now(loaded, now=now)


def overrides_by_hand(loaded: LoadedProfile, *, due: datetime) -> dict[str, Any]:
    """Options for `open_station` where something is put on air between slots: until when it is valid."""
    outputs = loaded.profile.outputs
    return {"outputs": outputs.model_dump() | {"fm": fm_until_next(loaded, due=due)}}


def overrides_of(loaded: LoadedProfile, slot: Slot, *, is_on_air_only: bool = False) -> dict[str, Any]:
    """Options for `open_station`."""
    outputs = loaded.profile.outputs
    make = on_air_of(loaded, slot) if is_on_air_only else renditions_of(loaded, slot)
    return {
        "length": slot.length_s,
        "up_to": slot.is_up_to,
        "outputs": outputs.model_dump() | {"make": make, "fm": fm_until_next(loaded, due=slot.due)},
    }
