"""
Users of one station, changed by its admin in a browser.

An admin of a station gives roles at that station alone: users who have a role elsewhere keep their password and
the other roles, and nobody becomes more than the admin is (OWASP: privilege escalation, mass assignment).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bulletin.archive.ledgers.newsroom_users import SessionKind, User
from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.roles import ALL_STATIONS, Access, Role, read_roles, user_name


@dataclass(frozen=True, slots=True, kw_only=True)
class StationUser:
    """A user as the admin of a station sees it."""

    name: str
    role: Role
    """At this station."""
    of_all_stations: bool
    """The role is for all stations; only an admin of all stations changes it."""
    is_own: bool
    """The admin who looks."""
    browsers: int
    """Browsers that are signed in."""
    tokens: int
    """API tokens."""
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationUsers:
    """Users of a station, for an admin of it."""

    accounts: Accounts
    access: Access
    station: str

    def list(self) -> tuple[StationUser, ...]:
        """Everybody who has a role here, by name. Raises ArchiveError."""
        listed = []
        for user in self.accounts.users.users():
            roles = read_roles(user.roles)
            role = roles.get(self.station, roles.get(ALL_STATIONS))
            if role is None:
                continue
            sessions = self.accounts.users.sessions(user.name)
            listed.append(
                StationUser(
                    name=user.name,
                    role=role,
                    of_all_stations=self.station not in roles,
                    is_own=user.name == self.access.user,
                    browsers=sum(session.kind is SessionKind.BROWSER for session in sessions),
                    tokens=sum(session.kind is SessionKind.API for session in sessions),
                    seen_at=max((session.seen_at for session in sessions), default=None),
                )
            )
        return tuple(listed)

    def add(self, name: str, password: str, role: Role) -> User:
        """
        Add a user with a role at this station.

        Raises BulletinError for a name that is taken, also by a user of another station, and for a weak password.
        """
        self._check_admin()
        return self.accounts.add(name, password, {self.station: role})

    def set_role(self, name: str, role: Role | None) -> None:
        """
        Give a user another role at this station; None takes it away, and ends the user's sessions.

        Raises BulletinError for the admin's own role, and for a role at all stations.
        """
        user = self._changeable(name)
        roles = dict(read_roles(user.roles))
        roles.pop(self.station, None)
        if role is not None:
            roles[self.station] = role
        if roles:
            self.accounts.set_roles(user.name, roles)
        else:
            self.accounts.remove(user.name)
        if role is None and roles:
            self._end_sessions(user.name)

    def sign_out(self, name: str) -> int:
        """End every session and API token of a user; return how many. Raises BulletinError as `set_role`."""
        return self._end_sessions(self._changeable(name).name)

    def _end_sessions(self, name: str) -> int:
        return self.accounts.users.end_all(name, tuple(SessionKind))

    def _changeable(self, name: str) -> User:
        self._check_admin()
        user = self.accounts.users.find(user_name(name))
        roles: Mapping[str, Role] = read_roles(user.roles) if user else {}
        # users of other stations get the same answer as unknown names, so that names do not leak
        if user is None or not {self.station, ALL_STATIONS} & roles.keys():
            raise BulletinError(f'no user of {self.station} is called "{name[:80]}"; the list shows all')
        if user.name == self.access.user:
            raise BulletinError(
                "that is you: ask another admin, so that nobody locks the last door from outside"
            )
        is_admin_of_all = self.access.roles.get(ALL_STATIONS) is Role.ADMIN
        if ALL_STATIONS in roles and not is_admin_of_all:
            raise BulletinError(
                f"{user.name} has a role at all stations; an admin of all stations changes it, "
                f"or `bulletin user roles {user.name}` on the station's computer"
            )
        return user

    def _check_admin(self) -> None:
        if not self.access.may(self.station, Role.ADMIN):
            raise BulletinError(f"only an admin of {self.station} changes its users")
