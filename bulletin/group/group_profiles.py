"""Profiles of a group on this machine, read again when they change; an invalid one is left alone and named."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.config.find_group_options import NO_GROUP, profiles_of
from bulletin.config.load_group_file import GROUP_FILE
from bulletin.config.load_profile import LoadedProfile, list_profiles, load_profile, station_id
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import ConfigError

log = logging.getLogger(__name__)

_Stamp = tuple[int, int]
"""Dates of change of a profile and of the group file beside it, in nanoseconds."""


@dataclass(slots=True, kw_only=True)
class GroupProfiles:
    """
    Stations of the group whose profile is valid on this machine, and why others are not.

    `names` are profiles as on the command line, or folders of them; without names all profiles here that belong to
    the group.
    """

    names: Sequence[str] = ()
    stations: dict[str, LoadedProfile] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """Station -> why its profile is invalid here."""
    _options: GroupOptions | None = None
    _stamps: dict[Path, _Stamp] = field(default_factory=dict)
    _paths: dict[str, Path] = field(default_factory=dict)

    @property
    def group(self) -> GroupOptions:
        """Database, store and name of the group. Raises ConfigError where no valid profile has them."""
        if self._options:
            return self._options
        raise ConfigError("\n".join(self.refused.values()) or NO_GROUP)

    def refresh(self) -> bool:
        """
        Read new and changed profiles, forget deleted ones; True where something changed.

        A profile that became invalid is refused: in a group the other machines go on with the station. Raises
        ConfigError where a profile that was named does not exist, or two belong to different groups.
        """
        paths = self._find()
        gone = self._paths.keys() - paths.keys()
        for station in gone:
            log.warning("station removed: station=%s", station)
            self.stations.pop(station, None)
            self.refused.pop(station, None)
        self._paths = paths
        changed = [station for station, path in paths.items() if self._has_changed(path)]
        for station in changed:
            self._read(station, paths[station])
        return bool(gone or changed)

    def refuse(self, station: str, reason: str) -> None:
        """Leave a station alone on this machine until its profile changes."""
        if self.stations.pop(station, None):
            log.error("station left alone on this machine: station=%s: %s", station, reason)
            self.refused[station] = reason

    def _find(self) -> dict[str, Path]:
        paths = profiles_of(self.names) if self.names else list_profiles()
        return {station_id(path): path for path in paths}

    def _has_changed(self, path: Path) -> bool:
        stamp = (_changed_at(path), _changed_at(path.parent / GROUP_FILE))
        if self._stamps.get(path) == stamp:
            return False
        self._stamps[path] = stamp
        return True

    def _read(self, station: str, path: Path) -> None:
        self.refused.pop(station, None)
        try:
            loaded = load_profile(str(path))
        except ConfigError as error:
            self.stations.pop(station, None)
            self.refused[station] = str(error)
            log.error("profile invalid, the station is left alone on this machine: %s", error)
            return
        group = loaded.profile.group
        if not group.is_on:
            self.stations.pop(station, None)
            if str(path) in self.names or path.stem in self.names:
                raise ConfigError(
                    f"{path}: the station belongs to no group; add [group] database, or use bulletin serve"
                )
            return
        if self._options is None:
            self._options = group
        elif group != self._options:
            self.stations.pop(station, None)
            self.refused[station] = (
                f"{path}: [group] differs from that of the other stations; one process serves one group"
            )
            log.error("station left alone: %s", self.refused[station])
            return
        self.stations[station] = loaded


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
