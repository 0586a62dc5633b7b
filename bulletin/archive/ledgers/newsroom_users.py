"""
Users of the newsroom, their sessions in browsers and their API tokens.

Neither a password nor a token is stored: of a password its argon2 hash, of a token its SHA-256.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database import newsroom_tables as tables
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.retry_after_archive_repair import Ledger

_U, _S = tables.newsroom_users.c, tables.newsroom_sessions.c


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who may sign in."""

    name: str
    password_hash: str = field(repr=False)
    roles: Mapping[str, str] = field(default_factory=dict)
    """Station, or "*" for all -> "viewer", "editor" or "admin"."""
    added_at: datetime
    changed_at: datetime


class SessionKind(StrEnum):
    """Use of a token."""

    BROWSER = "browser"
    """A session that began by signing in; its token is in a cookie."""
    API = "api"
    """A token for programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in, or an API token."""

    token_sha256: str
    user: str
    kind: SessionKind
    label: str = ""
    """Browser and address, or the name of the token."""
    role: str = ""
    """The highest role that the token has; empty: the user's own roles."""
    began_at: datetime
    seen_at: datetime
    expires_at: datetime | None


class UserLedger(Ledger):
    """Users and sessions of an archive. Every method raises ArchiveError, as the archive's do."""

    def add(self, user: User) -> bool:
        """Add a user; False when the name is taken."""
        row = {name: getattr(user, name) for name in ("name", "password_hash", "added_at", "changed_at")}
        values = row | {"roles": dict(user.roles)}
        return (
            self._archive.execute(insert(tables.newsroom_users).values(values).on_conflict_do_nothing()) == 1
        )

    def find(self, name: str) -> User | None:
        query = select(tables.newsroom_users).where(_U.name == name)
        return next(iter(self._archive.select(query, lambda row: from_row(User, row))), None)

    def users(self) -> tuple[User, ...]:
        """All users by name."""
        query = select(tables.newsroom_users).order_by(_U.name)
        return self._archive.select(query, lambda row: from_row(User, row))

    def set_roles(self, name: str, roles: Mapping[str, str], *, now: datetime) -> bool:
        """Replace the roles of a user; they hold from the next request on. False: no such user."""
        return self._change(name, roles=dict(roles), changed_at=now)

    def set_password(self, name: str, password_hash: str, *, now: datetime) -> bool:
        """Replace the password and end every session and API token of the user. False: no such user."""
        values = {"password_hash": password_hash, "changed_at": now}
        with self._archive.writing() as connection:
            changed = connection.execute(
                update(tables.newsroom_users).where(_U.name == name).values(values)
            ).rowcount
            connection.execute(delete(tables.newsroom_sessions).where(_S.user == name))
        return changed == 1

    def renew_hash(self, name: str, password_hash: str) -> None:
        """Store the same password under a hash with today's cost."""
        self._change(name, password_hash=password_hash)

    def remove(self, name: str) -> bool:
        """Remove a user with the sessions and tokens; False: no such user. Edits and audit keep the name."""
        return self._archive.execute(delete(tables.newsroom_users).where(_U.name == name)) == 1

    def begin(self, session: Session) -> None:
        """Store a session or token."""
        names = ("token_sha256", "user", "kind", "label", "role", "began_at", "seen_at", "expires_at")
        values = {name: getattr(session, name) for name in names}
        self._archive.execute(insert(tables.newsroom_sessions).values(values))

    def session(self, token_sha256: str, kind: SessionKind) -> tuple[Session, User] | None:
        """The session of a token, with its user; None: unknown or ended."""
        query = (
            select(tables.newsroom_sessions, _U.password_hash, _U.roles, _U.added_at, _U.changed_at)
            .join(tables.newsroom_users, _U.name == _S.user)
            .where(_S.token_sha256 == token_sha256, _S.kind == kind)
        )
        found = self._archive.select(
            query, lambda row: (from_row(Session, row), from_row(User, row, name=row["user"]))
        )
        return next(iter(found), None)

    def sessions(self, user: str) -> tuple[Session, ...]:
        """Sessions and tokens of a user, newest first."""
        query = select(tables.newsroom_sessions).where(_S.user == user).order_by(_S.began_at.desc(), _S.label)
        return self._archive.select(query, lambda row: from_row(Session, row))

    def see(self, token_sha256: str, *, at: datetime) -> None:
        """Note that a session was used."""
        self._archive.execute(
            update(tables.newsroom_sessions).where(_S.token_sha256 == token_sha256).values(seen_at=at)
        )

    def end(self, token_sha256: str) -> bool:
        """End a session or token; False: it was not there."""
        query = delete(tables.newsroom_sessions).where(_S.token_sha256 == token_sha256)
        return self._archive.execute(query) == 1

    def end_all(self, user: str, kinds: Collection[SessionKind]) -> int:
        """End the sessions of these kinds; return how many."""
        query = delete(tables.newsroom_sessions).where(_S.user == user, _S.kind.in_(tuple(kinds)))
        return self._archive.execute(query)

    def end_labelled(self, user: str, label: str) -> int:
        """End the API tokens of that name; return how many."""
        is_named = (_S.user == user) & (_S.label == label) & (_S.kind == SessionKind.API)
        return self._archive.execute(delete(tables.newsroom_sessions).where(is_named))

    def _change(self, name: str, **values: Any) -> bool:
        return self._archive.execute(update(tables.newsroom_users).where(_U.name == name).values(values)) == 1
