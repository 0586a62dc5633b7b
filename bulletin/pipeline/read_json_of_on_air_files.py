"""Side files of the on-air renditions -> OnAirFile, and the slot that needs a stand-by now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.config.profile_options import Profile
from bulletin.model import Level, Slot
from bulletin.model.sort_bulletins_by_time import is_newer
from bulletin.publishing.json_sidecar_file import SideFile
from bulletin.runtime.latest_credible_time import ON_AIR_CLOCKS_DIFFER

ON_AIR = ("fm", "speaker")
"""Renditions under a fixed file name; only these get a stand-by."""
_NEWS = (Level.FRESH, Level.PARTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAirFile:
    """The file of one rendition that the playout reads now."""

    due: datetime
    """The slot that it was made for; aware, as all moments here."""
    level: Level
    made: datetime | None = None
    valid_until: datetime | None = None
    guid: str = ""

    @property
    def is_news(self) -> bool:
        return self.level in _NEWS

    def is_over(self, now: datetime) -> bool:
        """Whether its validity has ended."""
        return self.valid_until is not None and self.valid_until <= now


def on_air_kinds(profile: Profile) -> tuple[str, ...]:
    """The renditions with a time check, which a playout takes at their slot."""
    outputs = profile.outputs
    make = (kind for kind in dict.fromkeys(outputs.make) if kind in ON_AIR)
    return tuple(kind for kind in make if outputs.rendition(kind).time_check)


def read_on_air(
    folder: Path, kinds: Collection[str], *, sounds: Path | None = None
) -> dict[str, OnAirFile | None]:
    """
    The file of each rendition in `kinds`; None where the sound or its side file is missing or damaged.

    `sounds` is the folder of the sounds, by default that of the side files.
    """
    return {kind: _read_one(folder, kind, sounds or folder) for kind in kinds}


def _read_one(folder: Path, kind: str, sounds: Path) -> OnAirFile | None:
    side_file = SideFile.read(folder / f"{kind}.json")
    if side_file.due is None or side_file.level is None or not side_file.sound_in(sounds):
        return None
    return OnAirFile(
        due=side_file.due,
        level=side_file.level,
        made=side_file.made,
        valid_until=side_file.valid_until,
        guid=side_file.guid,
    )


def gives_way(current: OnAirFile | None, standby: OnAirFile, *, now: datetime) -> bool:
    """
    Whether a stand-by replaces the file on air, now that its slot has come: news of that slot stays.

    A file dated ahead of `now`, by a clock that has been set back since, is replaced.
    """
    if current is None or (current.made and current.made > now + ON_AIR_CLOCKS_DIFFER):
        return True
    made = standby.made or now
    is_later = is_newer((current.due, current.made or current.due), (standby.due, made))
    return not (current.due == standby.due or is_later)


def is_ready(prepared: OnAirFile | None, slot: Slot, current: OnAirFile | None) -> bool:
    """Whether the slot's stand-by is prepared and contains the newest news."""
    if prepared is None or prepared.due != slot.due:
        return False
    is_old = current and current.is_news and current.made and prepared.made and current.made > prepared.made
    return not is_old


def standby_slot(
    coming: Sequence[Slot],
    on_air: Mapping[str, OnAirFile | None],
    *,
    prepared: Mapping[str, OnAirFile | None],
    now: datetime,
    after: timedelta,
    lead: timedelta,
) -> Slot | None:
    """
    Slot that needs a stand-by prepared now, or put on air immediately if no file is valid.

    `coming` are the next slots, `on_air` the renditions on air, `prepared` the stand-bys beside them. `after`
    is the delay after a slot until the stand-by of the next one is prepared. From `lead` before a slot on its
    bulletin is in progress, so it needs a stand-by only where a file on air was deleted. A slot without
    on-air renditions needs none.
    """
    for slot in coming:
        kinds = [kind for kind in on_air if not slot.outputs or kind in slot.outputs]
        if not kinds:
            continue
        if slot.due - now <= lead:
            return None if all(on_air[kind] for kind in kinds) else slot
        needs_standby = any(
            _needs_standby(on_air[kind], prepared.get(kind), slot, now=now, after=after) for kind in kinds
        )
        return slot if needs_standby else None
    return None


def _needs_standby(
    current: OnAirFile | None, prepared: OnAirFile | None, slot: Slot, *, now: datetime, after: timedelta
) -> bool:
    if current is None or current.is_over(now):
        return True
    if current.due == slot.due or is_ready(prepared, slot, current):
        return False
    # a file for a later slot than the next one was made by a clock that ran ahead
    return current.due > slot.due or current.due + after <= now or prepared is not None
