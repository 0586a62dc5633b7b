"""Actions on users: add, remove, roles, passwords, API tokens. Each is recorded in the audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches

from bulletin.archive.database_interface import Database
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_users import Session, SessionKind, User, UserLedger
from bulletin.errors import BulletinError
from bulletin.newsroom.accounts import passwords
from bulletin.newsroom.accounts.roles import Role, user_name

TOKEN_DAYS = 365
"""Days until an API token expires, unless it is given another time."""
_LABEL_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Users of one archive, changed by `by` from `address`."""

    archive: Database
    now: Callable[[], datetime]
    by: str = "command line"
    address: str = ""
    cost: passwords.HashCost = field(default_factory=passwords.HashCost)

    @property
    def users(self) -> UserLedger:
        return UserLedger(self.archive)

    def find(self, name: str) -> User:
        """The user of that name. Raises BulletinError that names the nearest."""
        if user := self.users.find(user_name(name)):
            return user
        known = [user.name for user in self.users.users()]
        near = get_close_matches(name.casefold(), known, n=1)
        hint = (
            f'did you mean "{near[0]}"?'
            if near
            else f"known: {', '.join(known) or 'nobody; `bulletin user add` adds one'}"
        )
        raise BulletinError(f'no user is called "{name}"; {hint}')

    def add(self, name: str, password: str, roles: Mapping[str, Role]) -> User:
        """Add a user. Raises BulletinError for a name that is taken or wrong, a weak password, no role."""
        name = user_name(name)
        if not roles:
            raise BulletinError(
                f'"{name}" needs a role: viewer, editor or admin, or for one station "demo=editor"'
            )
        checked = passwords.check_password(password, user=name)
        now = self.now()
        user = User(
            name=name,
            password_hash=passwords.hash_password(checked, cost=self.cost),
            roles={station: role.value for station, role in roles.items()},
            added_at=now,
            changed_at=now,
        )
        if not self.users.add(user):
            raise BulletinError(
                f'a user is called "{name}" already; choose another name, or run `bulletin user password {name}`'
            )
        self._record("user added", f"{name}: {show_roles(user.roles)}")
        return user

    def remove(self, name: str) -> None:
        """Remove a user, and end the sessions and tokens. Raises BulletinError for an unknown one."""
        user = self.find(name)
        self.users.remove(user.name)
        self._record("user removed", user.name)

    def set_roles(self, name: str, roles: Mapping[str, Role]) -> User:
        """Give a user other roles. Raises BulletinError for an unknown user, and without roles."""
        user = self.find(name)
        if not roles:
            raise BulletinError(
                f'"{user.name}" needs a role; `bulletin user remove {user.name}` removes the user'
            )
        stored = {station: role.value for station, role in roles.items()}
        self.users.set_roles(user.name, stored, now=self.now())
        self._record("roles changed", f"{user.name}: {show_roles(stored)}")
        return self.find(name)

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password, which ends every session and API token. Raises BulletinError."""
        user = self.find(name)
        checked = passwords.check_password(password, user=user.name)
        hashed = passwords.hash_password(checked, cost=self.cost)
        self.users.set_password(user.name, hashed, now=self.now())
        self._record("password changed", f"{user.name}; all sessions and API tokens ended")

    def add_token(self, name: str, label: str, *, role: Role | None = None, days: int = TOKEN_DAYS) -> str:
        """
        A new API token of a user, which is shown once; `role` limits it.

        Raises BulletinError for an unknown user, an empty or used label, and a number of days out of 1 to 3,650.
        """
        user = self.find(name)
        label = " ".join(label.split())[:_LABEL_CHARS]
        if not label:
            raise BulletinError('an API token needs a name, such as "playout"')
        if not 1 <= days <= 3650:
            raise BulletinError(f"an API token cannot last {days} days; choose from 1 to 3650")
        if any(s.label == label and s.kind is SessionKind.API for s in self.users.sessions(user.name)):
            raise BulletinError(
                f'{user.name} has an API token "{label}"; choose another name, or remove it first'
            )
        token, now = passwords.new_token(), self.now()
        session = Session(
            token_sha256=passwords.token_sha256(token),
            user=user.name,
            kind=SessionKind.API,
            label=label,
            role=role.value if role else "",
            began_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=days),
        )
        self.users.begin(session)
        self._record("API token added", f"{user.name}: {label}")
        return token

    def remove_token(self, name: str, label: str) -> None:
        """End an API token. Raises BulletinError that lists the user's tokens."""
        user = self.find(name)
        if not self.users.end_labelled(user.name, label):
            labels = [s.label for s in self.users.sessions(user.name) if s.kind is SessionKind.API]
            raise BulletinError(
                f'{user.name} has no API token "{label}" (known: {", ".join(labels) or "none"})'
            )
        self._record("API token removed", f"{user.name}: {label}")

    def _record(self, action: str, note: str) -> None:
        AuditLedger(self.archive).record_change(
            station="", user=self.by, action=action, at=self.now(), address=self.address, note=note
        )


def show_roles(roles: Mapping[str, str]) -> str:
    """{"*": "viewer", "demo": "editor"} -> "viewer of all stations, editor of demo"."""
    return ", ".join(
        f"{role} of {'all stations' if station == '*' else station}" for station, role in roles.items()
    )
