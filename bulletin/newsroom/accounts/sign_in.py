"""
Sign-in to the newsroom: limits, password, a new session; and the access that a token gives later.

Every sign-in makes a new random token, so a token that somebody planted in a browser before is worth nothing
(session fixation). OWASP Session Management Cheat Sheet.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.archive.database_interface import Database
from bulletin.archive.ledgers.newsroom_audit import SIGN_IN, SIGN_IN_REFUSED, AuditLedger
from bulletin.archive.ledgers.newsroom_users import Session, SessionKind, User, UserLedger
from bulletin.errors import BulletinError
from bulletin.newsroom.accounts import passwords
from bulletin.newsroom.accounts.roles import Access, read_roles, user_name

IDLE = timedelta(hours=12)
"""A session that nobody uses ends."""
LONGEST = timedelta(days=7)
"""A session ends, used or not."""
WINDOW = timedelta(minutes=15)
TRIES_PER_USER, TRIES_PER_ADDRESS = 8, 20
"""Refused sign-ins within the window, after which further ones are refused without looking at the password."""
KNOWN_FOR = timedelta(days=30)
"""At an address from which a user has signed in, only own refusals count: others there, or who try the name, lock no one out."""
_SEEN_EVERY = timedelta(minutes=5)
"""A session's last use is written that rarely."""
_NAME_CHARS = 64


class SignInRefusedError(BulletinError):
    """Name or password is wrong; which of them is not said."""


class TooManySignInsError(BulletinError):
    """Too many refused sign-ins under this name or from this address."""

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Sign-ins at one archive."""

    archive: Database
    now: Callable[[], datetime]
    cost: passwords.HashCost = field(default_factory=passwords.HashCost)

    @property
    def users(self) -> UserLedger:
        return UserLedger(self.archive)

    @property
    def audit(self) -> AuditLedger:
        return AuditLedger(self.archive)

    def begin(self, name: str, password: str, *, address: str, label: str = "") -> str:
        """
        Begin a session; return its token.

        Raises SignInRefusedError, TooManySignInsError.
        """
        try:
            name = user_name(name)
        except BulletinError:
            name = name.strip().casefold()[:_NAME_CHARS]  # for the audit; no such user exists
        user = self.confirm(name, password, address=address)
        self._record(SIGN_IN, name, address)
        return self._new_session(user, label or address)

    def confirm(self, name: str, password: str, *, address: str) -> User:
        """
        The user, if it is the password; wrong ones count as refused sign-ins, also those of a stolen session.

        Raises SignInRefusedError, TooManySignInsError.
        """
        self._check_limits(name, address)
        user = self.users.find(name)
        hashed = user.password_hash if user else passwords.decoy_hash(self.cost)
        if not passwords.is_password(password, hashed) or user is None:
            self._record(SIGN_IN_REFUSED, name, address)
            raise SignInRefusedError(
                "name or password is wrong; if you have forgotten it, ask an admin or engineer, who sets another "
                "password with `bulletin user password NAME`"
            )
        if passwords.is_outdated(hashed, cost=self.cost):
            self.users.renew_hash(user.name, passwords.hash_password(password, cost=self.cost))
        return user

    def access(self, token: str, kind: SessionKind) -> Access | None:
        """The access that a cookie or an API token gives; None: unknown, expired or ended."""
        found = self.users.session(passwords.token_sha256(token), kind) if token else None
        if found is None:
            return None
        session, user = found
        now = self.now()
        unused = abs(now - session.seen_at)  # a clock that was set back must not keep sessions for years
        is_idle = kind is SessionKind.BROWSER and unused > IDLE
        if is_idle or (session.expires_at and now >= session.expires_at):
            return None
        if unused > _SEEN_EVERY:
            self.users.see(session.token_sha256, at=now)
        return Access(user=user.name, roles=read_roles(user.roles, most=session.role))

    def end(self, token: str) -> None:
        """Sign out this browser."""
        self.users.end(passwords.token_sha256(token))

    def end_everywhere(self, user: str, *, address: str = "") -> int:
        """Sign out every browser of a user; return how many. API tokens stay."""
        ended = self.users.end_all(user, [SessionKind.BROWSER])
        self._record("signed out everywhere", user, address)
        return ended

    def _check_limits(self, name: str, address: str) -> None:
        now = self.now()
        group, since, until = address_group(address), now - WINDOW, now + WINDOW
        if self.audit.has_signed_in(name, group, since=now - KNOWN_FOR):
            if self.audit.count_refused_user(name, address=group, since=since, until=until) >= TRIES_PER_USER:
                raise self._too_many("under this name")
        elif self.audit.count_refused_address(group, since=since, until=until) >= TRIES_PER_ADDRESS:
            raise self._too_many("from this address")
        elif self.audit.count_refused_user(name, since=since, until=until) >= TRIES_PER_USER:
            raise self._too_many("under this name")

    def _too_many(self, where: str) -> TooManySignInsError:
        minutes = round(WINDOW.total_seconds() / 60)
        return TooManySignInsError(
            f"too many sign-ins were refused {where}; try again in {minutes} minutes",
            retry_after_s=WINDOW.total_seconds(),
        )

    def _new_session(self, user: User, label: str) -> str:
        token, now = passwords.new_token(), self.now()
        session = Session(
            token_sha256=passwords.token_sha256(token),
            user=user.name,
            kind=SessionKind.BROWSER,
            label=label,
            began_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
        )
        self.users.begin(session)
        return token

    def _record(self, action: str, user: str, address: str) -> None:
        at, group = self.now(), address_group(address)
        self.audit.record_change(station="", user=user, action=action, at=at, address=group)


def address_group(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address: one client has all addresses in it."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_NAME_CHARS]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
