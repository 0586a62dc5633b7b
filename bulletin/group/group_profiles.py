"""Profiles of a group on this machine, read again when they change; an invalid one is left alone and named."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.config.find_group_options import NO_GROUP, own_profiles, profiles_of
from bulletin.config.load_group_file import GROUP_FILE
from bulletin.config.load_profile import LoadedProfile, load_profile, station_id
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import ConfigError

log = logging.getLogger(__name__)

_Stamp = tuple[int, int]
"""Dates of change of a profile and of the group file beside it, in nanoseconds."""
_LEFT_ALONE_S = 60.0
"""Time after which a station that was left alone is tried again: the file or secret that it lacked may be there."""

_LEFT_ALONE = "station left alone on this machine: station=%s: %s"

_REMOVED_LATELY_S = 600.0
"""Time for which a deleted profile tells that its station was removed: other machines have deleted it, too, by then."""


@dataclass(slots=True, kw_only=True)
class GroupProfiles:
    """
    Stations of the group that have a valid profile on this machine, and why others have none.

    `names` are profiles as on the command line, or folders of them; without names all profiles here that belong to
    the group, but for those that ship with the program.
    """

    names: Sequence[str] = ()
    stations: dict[str, LoadedProfile] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """Station -> why it is left alone here, or why its previous profile is in force."""
    clock: Callable[[], float] = time.monotonic
    """Seconds of a clock that nobody sets."""
    _options: GroupOptions | None = None
    _stamps: dict[Path, _Stamp] = field(default_factory=dict)
    _paths: dict[str, Path] = field(default_factory=dict)
    _found: set[str] = field(default_factory=set)
    """Names of the command line whose profile was here."""
    _refused_at: dict[str, float] = field(default_factory=dict)
    _served: set[str] = field(default_factory=set)
    _removed_at: dict[str, float] = field(default_factory=dict)
    _moved: set[str] = field(default_factory=set)
    """Stations that this process has served, and whose [group] is another one by now."""

    @property
    def group(self) -> GroupOptions:
        """Database, store and name of the group. Raises ConfigError where no valid profile has them."""
        if self._options:
            return self._options
        raise ConfigError("\n".join(dict.fromkeys(self.refused.values())) or NO_GROUP)

    @property
    def has_moved(self) -> bool:
        """Whether the stations now have another [group], such as a new password: the process has to be started again."""
        return bool(self._moved) and not self.stations

    @property
    def removed(self) -> frozenset[str]:
        """Stations whose profile was deleted here within the last minutes."""
        since = self.clock() - _REMOVED_LATELY_S
        return frozenset(station for station, at in self._removed_at.items() if at >= since)

    def refresh(self) -> bool:
        """
        Read new and changed profiles, forget deleted ones; True where something was read or forgotten.

        A profile that became invalid is refused, and the previous one stays in force while the process runs: the
        mistake may be on every machine, and the station must stay on air. It is read again every minute, because the
        mistake may be in a file beside it, or in a secret. Raises ConfigError where
        a profile that is named never was here, or belongs to no group.
        """
        paths = self._find()
        gone = self._paths.keys() - paths.keys()
        for station in gone:
            log.warning("station removed: station=%s", station)
            self.stations.pop(station, None)
            self._forget_reason(station)
            self._removed_at[station] = self.clock()
        for station in paths:
            self._removed_at.pop(station, None)
        self._paths = paths
        due = [name for name, path in paths.items() if self._has_changed(path) or self._is_tried_again(name)]
        for station in due:
            self._read(station, paths[station])
        if self.has_moved:
            log.warning("[group] of the stations has changed, the process ends: start it again")
        return bool(gone or due)

    def log_refused(self) -> None:
        """Log which stations are left alone: profiles are first read before the log is set up."""
        for station, reason in sorted(self.refused.items()):
            log.error(_LEFT_ALONE, station, reason)

    def refuse(self, station: str, reason: str) -> None:
        """Leave a station alone on this machine, until its profile changes, or for a minute."""
        if self.stations.pop(station, None):
            self._leave(station, reason)

    def _find(self) -> dict[str, Path]:
        named = (path for name in self.names for path in self._paths_of(name))
        return {station_id(path): path for path in (named if self.names else own_profiles())}

    def _paths_of(self, name: str) -> tuple[Path, ...]:
        """Profiles of a name of the command line; none of one that was deleted since."""
        try:
            paths = profiles_of([name])
        except ConfigError:
            if name not in self._found:
                raise
            return ()
        self._found.add(name)
        return paths

    def _has_changed(self, path: Path) -> bool:
        stamp = (_changed_at(path), _changed_at(path.parent / GROUP_FILE))
        if self._stamps.get(path) == stamp:
            return False
        self._stamps[path] = stamp
        return True

    def _is_tried_again(self, station: str) -> bool:
        refused_at = self._refused_at.get(station)
        return refused_at is not None and self.clock() >= refused_at + _LEFT_ALONE_S

    def _read(self, station: str, path: Path) -> None:
        try:
            loaded = load_profile(str(path))
        except ConfigError as error:
            if station in self.stations:
                self._keep(station, str(error))
            else:
                self._leave(station, str(error))
            return
        group = loaded.profile.group
        if not group.is_on:
            self.stations.pop(station, None)
            self._forget_reason(station)
            if str(path) in self.names or path.stem in self.names:
                raise ConfigError(
                    f"{path}: the station belongs to no group; add [group] database, or use bulletin serve"
                )
            return
        if self._options is None:
            self._options = group
        if group != self._options:
            others = ", ".join(sorted(self.stations)[:3]) or "stations that were read before"
            reason = (
                f"{path}: [group] differs from that of {others}; one process serves one group, so name the stations of "
                "one on the command line"
            )
            self._leave(station, reason)
            if station in self._served:
                self._moved.add(station)
            return
        self._served.add(station)
        self.stations[station] = loaded
        self._forget_reason(station)

    def _keep(self, station: str, reason: str) -> None:
        reason = f"{reason}; the previous profile stays in force until the process is started again"
        if self.refused.get(station) != reason:
            log.error("changed profile refused: station=%s: %s", station, reason)
        self.refused[station], self._refused_at[station] = reason, self.clock()

    def _leave(self, station: str, reason: str) -> None:
        if self.refused.get(station) != reason:
            log.error(_LEFT_ALONE, station, reason)
        self.refused[station], self._refused_at[station] = reason, self.clock()
        self.stations.pop(station, None)
        self._moved.discard(station)

    def _forget_reason(self, station: str) -> None:
        self.refused.pop(station, None)
        self._refused_at.pop(station, None)
        self._moved.discard(station)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
