"""Reload of changed profiles: on a signal or when the file changes; a wrong one is refused."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import BulletinError

log = logging.getLogger(__name__)

Fingerprint = tuple[int, int, int]


@dataclass(slots=True, kw_only=True)
class ProfileReload:
    """
    The profiles in force.

    A change shows by time, size and inode, since editors write a new file beside the old one. A profile that is
    half written or wrong is refused with its line, and the old one stays in force; it is not read again before
    it changes.
    """

    loaded: tuple[LoadedProfile, ...]
    check: Callable[[LoadedProfile], None]
    """Raises BulletinError for a profile that can make no bulletin."""
    refused: Callable[[str, str], None] = lambda station, reason: None
    """Called with the station and the reason."""
    accepted: Callable[[str], None] = lambda station: None
    only_looks: bool = False
    """Read profiles without secrets, as for `load_profile`; the service reports their mistakes."""
    _seen: dict[str, tuple[Fingerprint, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._seen = {profile.id: _fingerprints(profile) for profile in self.loaded}

    def reload_changed(self, *, is_requested: bool = False) -> Sequence[LoadedProfile]:
        """Read changed profiles, or all with `is_requested` (SIGHUP); return the new versions."""
        changed = {old.id: new for old in self.loaded if (new := self._reload(old, is_requested))}
        self.loaded = tuple(changed.get(old.id, old) for old in self.loaded)
        return list(changed.values())

    def _reload(self, old: LoadedProfile, is_requested: bool) -> LoadedProfile | None:
        seen = _fingerprints(old)
        if seen == self._seen[old.id] and not is_requested:
            return None
        self._seen[old.id] = seen
        try:
            new = load_profile(str(old.path), only_looks=self.only_looks)
            self.check(new)
        except BulletinError as error:
            text = (
                "changed profile has a mistake, the service goes on with the old version: station=%s error=%s"
            )
            log.log(logging.DEBUG if self.only_looks else logging.ERROR, text, old.id, error)
            self.refused(old.id, str(error))
            return None
        self.accepted(old.id)
        if new == old:
            return None
        log.info("profile reloaded: station=%s path=%s", new.id, new.path)
        return new


def _fingerprints(loaded: LoadedProfile) -> tuple[Fingerprint, ...]:
    """Fingerprints of the profile and of the files that it names."""
    names = (loaded.path.name, loaded.profile.opml, loaded.profile.lexicon)
    paths = [loaded.path.parent / name for name in names if name]
    return tuple((at.st_mtime_ns, at.st_size, at.st_ino) for path in paths for at in _status(path))


def _status(path: Path) -> list[os.stat_result]:
    try:
        return [path.stat()]
    except OSError:
        return []
