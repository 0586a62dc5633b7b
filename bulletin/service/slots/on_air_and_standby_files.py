"""
The on-air files of a station, and the stand-by of the next slot prepared beside them.

On air is the newest valid bulletin; the stand-by replaces it when the next slot comes without news.
`bulletin/publishing/move_standby_files_on_air.py` knows the private folder of prepared files.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, Slot
from bulletin.pipeline.read_json_of_on_air_files import (
    OnAirFile,
    gives_way,
    is_ready,
    on_air_kinds,
    read_on_air,
)
from bulletin.pipeline.slot_profile_overrides import on_air_of
from bulletin.publishing.move_standby_files_on_air import (
    discard_stand_bys,
    has_older_stand_by,
    is_half_in,
    move_in,
    prepared_folder,
)
from bulletin.runtime.files.file_lock import LockedError
from bulletin.station.build_station_object import STATE, hold_publish_lock

log = logging.getLogger(__name__)

_OPENING = timedelta(seconds=5)
"""A name that was saved while a station opened may be missing in its stand-by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAirSlot:
    """The files that a playout reads of one station, now and at the next slot."""

    output: Path
    loaded: LoadedProfile
    respelled_at: datetime | None = None
    """When an editor last respelled a name: stand-bys made before it are made anew, but air until then."""

    @property
    def public(self) -> Path:
        """The folder of the on-air files."""
        return self.output / self.loaded.id

    @property
    def aside(self) -> Path:
        """The private folder of prepared files, under the same names."""
        return prepared_folder(self.output / STATE, self.loaded.id)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The renditions that a playout takes by the clock."""
        return on_air_kinds(self.loaded.profile)

    def read_files(self) -> tuple[dict[str, OnAirFile | None], dict[str, OnAirFile | None]]:
        """The on-air file, and the prepared stand-by, of each rendition."""
        return read_on_air(self.public, self.kinds), read_on_air(self.aside, self.kinds)

    def read_current_files(self) -> tuple[dict[str, OnAirFile | None], dict[str, OnAirFile | None]]:
        """The same, without stand-bys in which a name is said as it was before it was respelled."""
        on_air, prepared = self.read_files()
        return on_air, {kind: file if self._is_current(file) else None for kind, file in prepared.items()}

    def _is_current(self, file: OnAirFile | None) -> bool:
        if file is None or file.made is None or self.respelled_at is None:
            return True
        return file.made > self.respelled_at + _OPENING

    def level_of(self, slot: Slot) -> Level | None:
        """The lowest level of the slot's on-air files; None while one is missing or of another slot."""
        files = read_on_air(self.public, on_air_of(self.loaded, slot)).values()
        return _least_of_all(file if file and file.due == slot.due else None for file in files)

    def prepared_level(self, slot: Slot, *, only_current: bool = False) -> Level | None:
        """
        The lowest level of the slot's stand-by; None where it is not ready, or news has come since it was made.

        `only_current`: None also where a name was respelled since.
        """
        on_air, prepared = self.read_current_files() if only_current else self.read_files()
        kinds = on_air_of(self.loaded, slot)
        return _least_of_all(
            prepared[kind] if is_ready(prepared[kind], slot, on_air[kind]) else None for kind in kinds
        )

    def lacks_valid_file(self, slot: Slot, now: datetime) -> bool:
        """Whether one of the slot's on-air files is missing, or its validity is over."""
        files = read_on_air(self.public, on_air_of(self.loaded, slot)).values()
        return any(file is None or file.is_over(now) for file in files)

    def swap_in(self, *, margin: timedelta, now: datetime) -> dict[str, OnAirFile]:
        """
        Put the prepared files on air whose slot has come (`margin` before it) and has no news; return them by rendition.

        By renaming: quick, and without new space. Does nothing while another run publishes, so that the reconciler
        never waits. Raises OutletError where the public folder cannot be written.
        """
        if not self._due_files(margin, now):
            return {}
        with suppress(LockedError), hold_publish_lock(self.output / STATE, self.loaded.id):
            return self.swap_in_locked(margin=margin, now=now)  # news may have gone out in the meantime
        return {}

    def swap_in_locked(self, *, margin: timedelta, now: datetime) -> dict[str, OnAirFile]:
        """The same, for a caller that holds the publish lock."""
        due_files = self._due_files(margin, now)
        for kind, file in due_files.items():
            move_in(self.aside, self.public, kind=kind)
            text = "stand-by (spare bulletin) put on air, no fresh one is ready: station=%s rendition=%s due=%s level=%s"
            log.warning(text, self.loaded.id, kind, file.due.isoformat(), file.level)
        return due_files

    def _due_files(self, margin: timedelta, now: datetime) -> dict[str, OnAirFile]:
        """The prepared files that belong on air now."""
        on_air, prepared = self.read_files()
        for kind in self.kinds:
            if is_half_in(self.aside, self.public, kind=kind):
                prepared |= read_on_air(self.aside, [kind], sounds=self.public)
        return {
            kind: file
            for kind, file in prepared.items()
            if file
            and file.due - margin <= now
            and not file.is_over(now)
            and gives_way(on_air[kind], file, now=now)
        }


def _least_of_all(files: Iterable[OnAirFile | None]) -> Level | None:
    """The lowest level; None where there is no file, or one is missing."""
    levels = [file and file.level for file in files]
    return least([level for level in levels if level]) if levels and all(levels) else None


def discard_outdated(loaded: LoadedProfile, *, output: Path) -> bool:
    """
    Delete stand-bys older than the last change of a profile with a kill list: they may hold a killed story.

    True when it did. Raises LockedError while another run publishes, OutletError where a file cannot be deleted.
    """
    state = output / STATE
    try:
        if not loaded.profile.stories.kill or not has_older_stand_by(state, loaded.id, loaded.path):
            return False
    except OSError:  # deleted for a moment while an editor saves it: the next change counts
        return False
    with hold_publish_lock(state, loaded.id):
        discard_stand_bys(state, loaded.id)
    log.info("stand-by discarded, the profile has changed: station=%s", loaded.id)
    return True


def least(levels: Sequence[Level]) -> Level:
    """The lowest of some levels."""
    return max(levels, key=[*Level].index)
