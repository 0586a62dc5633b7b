"""Roles by station, and the access that a signed-in user has. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from bulletin.errors import BulletinError

ALL_STATIONS = "*"
_JAPANESE = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
"""Scripts that one language writes together."""


class Role(StrEnum):
    """What a user may do at a station; each role may do what those before it may."""

    VIEWER = "viewer"
    """Read everything, change nothing."""
    EDITOR = "editor"
    """Edit and approve bulletins, add stories and clips, say names, make and publish bulletins."""
    ADMIN = "admin"
    """Also change the profile, the feeds and the imaging, and make backups."""

    def may(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A user who is signed in, in a browser or by an API token."""

    user: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Station, or "*" -> role."""

    def role(self, station: str) -> Role | None:
        """Role at a station; None: the user must not know that it exists. A station's own role counts before "*"."""
        return self.roles.get(station, self.roles.get(ALL_STATIONS))

    def may(self, station: str, needed: Role) -> bool:
        role = self.role(station)
        return role is not None and role.may(needed)


def read_roles(stored: Mapping[str, str], *, most: str = "") -> dict[str, Role]:
    """Roles from the archive; a role that this version does not know is no role. `most` limits each of them."""
    known = {role.value: role for role in Role}
    roles = {station: known[name] for station, name in stored.items() if name in known}
    limit = known.get(most) if most else None
    if most and limit is None:
        return {}
    return {station: limit if limit and role.may(limit) else role for station, role in roles.items()}


def parse_roles(words: Iterable[str], *, stations: Iterable[str] = ()) -> dict[str, Role]:
    """
    ("demo=editor", "viewer") -> {"demo": EDITOR, "*": VIEWER}: a role without a station is for all stations.

    Raises BulletinError for an unknown role, and for a station that is not among `stations`, if any are given.
    """
    known = tuple(stations)
    roles: dict[str, Role] = {}
    for word in words:
        station, equals, name = word.rpartition("=")
        if name not in {role.value for role in Role}:
            near = get_close_matches(name, [role.value for role in Role], n=1)
            raise BulletinError(
                f'"{name}" is not a role; write viewer, editor or admin'
                + (f' (did you mean "{near[0]}"?)' if near else "")
            )
        station = station if equals else ALL_STATIONS
        if known and station not in (*known, ALL_STATIONS):
            raise BulletinError(f'no station is called "{station}" (known: {", ".join(known)})')
        roles[station] = Role(name)
    return roles


def user_name(text: str) -> str:
    """
    The name of a user as it is stored: lower case, NFC.

    Raises BulletinError for a name with other characters than letters, digits, ".", "_", "-" and "@", and for one that
    mixes alphabets: "аnn" with a Cyrillic "а" looks like "ann" in the log.
    """
    name = unicodedata.normalize("NFC", text.strip()).casefold()
    if not re.fullmatch(r"[^\W_][\w.@-]{0,63}", name):
        raise BulletinError(
            f'"{text.strip()[:80]}" cannot be a user\'s name; '
            'begin with a letter or digit, then up to 63 letters, digits, ".", "_", "-" or "@"'
        )
    alphabets = {unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha()}
    if len(alphabets) > 1 and not alphabets <= _JAPANESE:
        raise BulletinError(
            f'"{name}" mixes letters of several alphabets, which look alike; write it in one of them'
        )
    return name
