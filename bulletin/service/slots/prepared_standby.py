"""
The on-air files of a station, and the stand-by of the next slot that is prepared beside them.

On air is the newest bulletin that is still valid; the stand-by takes its place when its slot comes and no news of
that slot is there. `bulletin/publishing/swap_standby.py` has the place of what is prepared, which is private.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, Slot
from bulletin.pipeline.on_air import OnAirFile, gives_way, is_ready, on_air_kinds, read_on_air
from bulletin.pipeline.slot_profile import on_air_of
from bulletin.publishing.files.newest_file import NewestFile
from bulletin.publishing.outlet_port import Outlet
from bulletin.publishing.swap_standby import (
    discard_stand_bys,
    has_older_stand_by,
    is_half_in,
    move_in,
    prepared_folder,
)
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.station.station import STATE, publish_lock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAirSlot:
    """What a playout finds of one station, now and at the next slot."""

    output: Path
    loaded: LoadedProfile

    @property
    def public(self) -> Path:
        """The folder of the on-air files."""
        return self.output / self.loaded.id

    @property
    def aside(self) -> Path:
        """The folder of what is prepared, under the same names; private."""
        return prepared_folder(self.output / STATE, self.loaded.id)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The renditions that a playout takes by the clock."""
        return on_air_kinds(self.loaded.profile)

    def lies(self) -> dict[str, OnAirFile | None]:
        """By rendition, what is on air."""
        return read_on_air(self.public, self.kinds)

    def prepared(self) -> dict[str, OnAirFile | None]:
        """By rendition, the stand-by that is prepared."""
        return read_on_air(self.aside, self.kinds)

    def levels_of(self, slot: Slot) -> list[Level]:
        """How good what is on air for this very slot is, for each rendition; nothing while one is missing."""
        lies = read_on_air(self.public, on_air_of(self.loaded, slot))
        ready = [one.level for one in lies.values() if one and one.due == slot.due]
        return ready if len(ready) == len(lies) else []

    def prepared_level(self, slot: Slot) -> Level | None:
        """Of the stand-by that is ready for this very slot and tells of the newest news; None: there is none."""
        lies, prepared = self.lies(), self.prepared()
        kinds = on_air_of(self.loaded, slot)
        ready = [one.level for kind in kinds if (one := prepared[kind]) and is_ready(one, slot, lies[kind])]
        return least(ready) if ready and len(ready) == len(kinds) else None

    def is_silent(self, slot: Slot, now: datetime) -> bool:
        """Of what the slot makes, something has nothing on air that anybody may hear now."""
        lies = read_on_air(self.public, on_air_of(self.loaded, slot))
        return any(one is None or one.is_over(now) for one in lies.values())

    def swap_in(self, *, margin: timedelta, now: datetime) -> dict[str, OnAirFile]:
        """
        Put what is prepared on air where its slot has come (`margin` before it) and no news of that slot is there.

        By renaming: quick, and without new space. What it did, by rendition: nothing while another run publishes, so
        the tick never waits. Raises OutletError where the public folder cannot be written.
        """
        if not self._come(margin, now):
            return {}
        with suppress(LockedError), hold(publish_lock(self.output / STATE, self.loaded.id)):
            come = self._come(margin, now)  # news may have gone out in the meantime
            for kind, one in come.items():
                move_in(self.aside, self.public, kind=kind)
                log.warning(
                    "stand-by on air: station=%s rendition=%s due=%s level=%s",
                    self.loaded.id,
                    kind,
                    one.due.isoformat(),
                    one.level,
                )
            return come
        return {}

    def _come(self, margin: timedelta, now: datetime) -> dict[str, OnAirFile]:
        """What is prepared and belongs on air now."""
        lies, prepared = self.lies(), self.prepared()
        for kind in self.kinds:
            if is_half_in(self.aside, self.public, kind=kind):
                prepared |= read_on_air(self.aside, [kind], sounds=self.public)
        return {
            kind: one
            for kind, one in prepared.items()
            if one
            and one.due - margin <= now
            and not one.is_over(now)
            and gives_way(lies[kind], one, now=now)
        }


def discard_outdated(loaded: LoadedProfile, *, output: Path) -> bool:
    """
    Delete stand-bys from before the last change of a profile with a kill list: they may tell what is on it since.

    Whether it did. Raises LockedError while another run publishes, OutletError where a file cannot be deleted.
    """
    state = output / STATE
    try:
        if not loaded.profile.stories.kill or not has_older_stand_by(state, loaded.id, loaded.path):
            return False
    except OSError:  # gone in the meantime, as an editor saves a file: the next change is looked at
        return False
    with hold(publish_lock(state, loaded.id)):
        discard_stand_bys(state, loaded.id)
    log.info("stand-by discarded, the profile has changed: station=%s", loaded.id)
    return True


def prepared_outlets(outlets: Sequence[Outlet], *, kinds: Sequence[str], aside: Path) -> tuple[Outlet, ...]:
    """The outlets of these renditions, each writing into the folder of what is prepared."""
    return tuple(one.beside(aside) for one in outlets if isinstance(one, NewestFile) and one.name in kinds)


def least(levels: Sequence[Level]) -> Level:
    """The least good of them."""
    return max(levels, key=tuple(Level).index)
