"""What a slot wants of its station: the renditions, and length and outputs as if they stood in the profile. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bulletin.config.load import LoadedProfile
from bulletin.model import Slot
from bulletin.service.calendar import fm_until_next
from bulletin.service.lies import on_air_kinds


def renditions_of(loaded: LoadedProfile, slot: Slot) -> tuple[str, ...]:
    """What a slot makes: its own outputs, else the profile's."""
    make = loaded.profile.outputs.make
    return tuple(kind for kind in make if kind in slot.outputs) or make


def on_air_of(loaded: LoadedProfile, slot: Slot) -> tuple[str, ...]:
    """Of these, what a playout takes by the clock."""
    return tuple(kind for kind in renditions_of(loaded, slot) if kind in on_air_kinds(loaded.profile))


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
