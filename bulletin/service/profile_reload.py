"""Profiles that change while they are in force: read again on a signal or a change, refused when wrong."""

from __future__ import annotations

import logging
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

    A file is looked at by its time, size and inode, since editors write a new file beside the old one. One
    that is half written or wrong is refused with its line, and the old one stays in force; it is not read
    again before it changes.
    """

    loaded: tuple[LoadedProfile, ...]
    check: Callable[[LoadedProfile], None]
    """Raises BulletinError for a profile by which no bulletin can be made."""
    refused: Callable[[str, str], None] = lambda station, reason: None
    """Is told of a station whose new profile is wrong."""
    accepted: Callable[[str], None] = lambda station: None
    _seen: dict[str, tuple[Fingerprint, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._seen = {one.id: _fingerprints(one) for one in self.loaded}

    def look(self, *, is_asked: bool = False) -> Sequence[LoadedProfile]:
        """
        Read what has changed; say which stations have a new profile.

        `is_asked` reads all again (SIGHUP).
        """
        changed = [one for one in (self._again(old, is_asked) for old in self.loaded) if one]
        if changed:
            new = {one.id: one for one in changed}
            self.loaded = tuple(new.get(one.id, one) for one in self.loaded)
        return changed

    def _again(self, old: LoadedProfile, is_asked: bool) -> LoadedProfile | None:
        seen = _fingerprints(old)
        if seen == self._seen[old.id] and not is_asked:
            return None
        self._seen[old.id] = seen
        try:
            new = load_profile(str(old.path))
            self.check(new)
        except BulletinError as error:
            log.error("profile refused, the old one stays in force: station=%s error=%s", old.id, error)
            self.refused(old.id, str(error))
            return None
        self.accepted(old.id)
        if new == old:
            return None
        log.info("profile read again: station=%s path=%s", new.id, new.path)
        return new


def _fingerprints(loaded: LoadedProfile) -> tuple[Fingerprint, ...]:
    paths = [loaded.path]
    if loaded.profile.opml:
        paths.append(loaded.path.parent / loaded.profile.opml)
    if loaded.profile.lexicon:
        paths.append(loaded.path.parent / loaded.profile.lexicon)
    return tuple(_fingerprint(path) for path in paths)


def _fingerprint(path: Path) -> Fingerprint:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
