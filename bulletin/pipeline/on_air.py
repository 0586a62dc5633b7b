"""What lies where the playout looks, by the side files; and which slot needs a stand-by now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.config.profile_options import Profile
from bulletin.model import Level, Slot
from bulletin.model.newer_bulletin import is_newer
from bulletin.publishing.side_file import SideFile
from bulletin.runtime.clock_skew import ON_AIR_CLOCKS_DIFFER

ON_AIR = ("fm", "speaker")
"""Renditions under a name that stays; only these can be met by a stand-by."""
_NEWS = (Level.FRESH, Level.PARTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAirFile:
    """A rendition on air."""

    due: datetime
    """The slot that it was made for."""
    level: Level
    made: datetime | None = None
    valid_until: datetime | None = None
    guid: str = ""

    @property
    def is_news(self) -> bool:
        return self.level in _NEWS

    def is_over(self, now: datetime) -> bool:
        """Nobody should hear it any more."""
        return self.valid_until is not None and self.valid_until <= now


def on_air_kinds(profile: Profile) -> tuple[str, ...]:
    """The renditions that a playout takes by the clock."""
    outputs = profile.outputs
    make = (kind for kind in dict.fromkeys(outputs.make) if kind in ON_AIR)
    return tuple(kind for kind in make if outputs.rendition(kind).time_check)


def look_at(
    folder: Path, kinds: Collection[str], *, sounds: Path | None = None
) -> dict[str, OnAirFile | None]:
    """
    What each rendition of `kinds` is; None where there is none, or nothing that can be told from it.

    `sounds` is where the sound is, by default beside what tells of it.
    """
    return {kind: _look(folder, kind, sounds or folder) for kind in kinds}


def _look(folder: Path, kind: str, sounds: Path) -> OnAirFile | None:
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


def gives_way(lies: OnAirFile | None, standby: OnAirFile, *, now: datetime) -> bool:
    """
    Whether a stand-by takes the place of what is on air, now that its slot has come: news of that slot stays.

    What a clock put there that has been set back since gives way.
    """
    if lies is None or (lies.made and lies.made > now + ON_AIR_CLOCKS_DIFFER):
        return True
    made = standby.made or now
    is_later = is_newer((lies.due, lies.made or lies.due), (standby.due, made))
    return not (lies.due == standby.due or is_later)


def is_ready(prepared: OnAirFile | None, slot: Slot, lies: OnAirFile | None) -> bool:
    """Whether that is the slot's stand-by; not where news has come since, which it would have to tell of."""
    if prepared is None or prepared.due != slot.due:
        return False
    is_old = lies and lies.is_news and lies.made and prepared.made and lies.made > prepared.made
    return not is_old


def standby_slot(
    coming: Sequence[Slot],
    lies: Mapping[str, OnAirFile | None],
    *,
    prepared: Mapping[str, OnAirFile | None],
    now: datetime,
    after: timedelta,
    lead: timedelta,
) -> Slot | None:
    """
    The slot that needs a stand-by now: to be prepared, or put in place at once where nothing valid is on air.

    `coming` are the next slots, `lies` tells of the renditions on air, `prepared` of the stand-by beside them,
    `after` is how long after a slot the next one's is prepared. Once the work on the slot begins (`lead` before
    it), that goes first; but what somebody has deleted since has nobody at work on it. A slot that has no
    rendition on air needs none.
    """
    for slot in coming:
        wanted = [kind for kind in lies if not slot.outputs or kind in slot.outputs]
        if not wanted:
            continue
        if slot.due - now <= lead:
            return None if all(lies[kind] for kind in wanted) else slot
        is_wanting = any(
            _wants(lies[kind], prepared.get(kind), slot, now=now, after=after) for kind in wanted
        )
        return slot if is_wanting else None
    return None


def _wants(
    lies: OnAirFile | None, prepared: OnAirFile | None, slot: Slot, *, now: datetime, after: timedelta
) -> bool:
    if lies is None or lies.is_over(now):
        return True
    if lies.due == slot.due or is_ready(prepared, slot, lies):
        return False
    # one for a later hour than the next was put there by a clock that ran ahead
    return lies.due > slot.due or lies.due + after <= now or prepared is not None
