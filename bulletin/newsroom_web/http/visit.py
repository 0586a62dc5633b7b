"""Newsroom: what all requests of the process share. Visit: one request of a user who is signed in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from starlette.requests import Request

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.config.load_profile import LoadedProfile
from bulletin.newsroom.accounts.passwords import HashCost, form_token
from bulletin.newsroom.accounts.roles import Access, Role
from bulletin.newsroom.accounts.sign_in import SignIn
from bulletin.newsroom.desk import Desk
from bulletin.newsroom_web.http.read_form import Form, FormLimits
from bulletin.newsroom_web.http.web_errors import BusyError, NoSuchPageError, NotAllowedError
from bulletin.station.build_station_object import STATE

_SIGN_INS_AT_ONCE = 8
"""Sign-ins that wait for the one that is being checked; a hash takes 64 MiB and a tenth of a second."""


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """The stations of one output folder and their archive."""

    stations: Callable[[], Sequence[LoadedProfile]]
    """Called for each request, since profiles change."""
    output: Path
    archive: Archive
    now: Callable[[], datetime]
    cost: HashCost = field(default_factory=HashCost)
    """Cost of a password's hash."""
    limits: FormLimits = field(default_factory=FormLimits)
    _sign_ins: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_SIGN_INS_AT_ONCE)
    )
    _one: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def sign_in(self) -> SignIn:
        return SignIn(archive=self.archive, now=self.now, cost=self.cost)

    @cached_property
    def audit(self) -> AuditLedger:
        return AuditLedger(self.archive)

    @property
    def folder(self) -> Path:
        """Private folder of the newsroom."""
        return self.output / STATE / "newsroom"

    @property
    def uploads(self) -> Path:
        return self.folder / "uploads"

    def begin_session(self, name: str, password: str, *, address: str, label: str) -> str:
        """As `SignIn.begin`, one after the other. Raises BusyError where too many wait."""
        with self._in_turn():
            return self.sign_in.begin(name, password, address=address, label=label)

    def confirm_password(self, name: str, password: str, *, address: str) -> None:
        """As `SignIn.confirm`, one after the other. Raises BusyError where too many wait."""
        with self._in_turn():
            self.sign_in.confirm(name, password, address=address)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._sign_ins.acquire(blocking=False):
            raise BusyError("too many people sign in at this moment; try again in a few seconds")
        try:
            with self._one:
                yield
        finally:
            self._sign_ins.release()

    def of_access(self, access: Access) -> tuple[LoadedProfile, ...]:
        """The stations that a user may see."""
        return tuple(loaded for loaded in self.stations() if access.role(loaded.id))

    def is_admin_of_all(self, access: Access) -> bool:
        """Whether the user is an admin of every station in the output folder."""
        return all(access.may(loaded.id, Role.ADMIN) for loaded in self.stations())

    def check_admin_of_all(self, access: Access) -> None:
        """Raises NotAllowedError unless the user is an admin of every station: a backup holds them all."""
        if not self.is_admin_of_all(access):
            raise NotAllowedError(
                "a backup holds the archive of every station in this output folder, so it needs the role admin at all of "
                "them; ask an admin of all stations"
            )

    def station(self, access: Access, name: str, needed: Role) -> LoadedProfile:
        """
        The station of a request.

        Raises NoSuchPageError for an unknown station and, with the same words, for one that the user must not know;
        NotAllowedError for a role that is too low.
        """
        loaded = next((loaded for loaded in self.of_access(access) if loaded.id == name), None)
        if loaded is None:
            raise NoSuchPageError(
                f'no station is called "{name[:60]}" here, or you have no role there; ask an admin for one'
            )
        if not access.may(name, needed):
            raise NotAllowedError(
                f"you may not do that at {name}: it needs the role {needed}, and you are {access.role(name)}; "
                "ask an admin"
            )
        return loaded


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request of a user who is signed in."""

    request: Request
    newsroom: Newsroom
    access: Access
    token: str
    """Token of the session."""
    form: Form = field(default_factory=Form)
    loaded: LoadedProfile | None = None
    said: list[str] = field(default_factory=list)
    """Texts for the status line and the audit."""

    @property
    def station(self) -> LoadedProfile:
        """The station of a station's page."""
        if self.loaded is None:
            raise NoSuchPageError("this page is of no station")
        return self.loaded

    @property
    def desk(self) -> Desk:
        """What an action needs: the station, the archive, the editor."""
        room = self.newsroom
        return Desk(
            loaded=self.station,
            output=room.output,
            archive=room.archive,
            editor=self.access.user,
            now=room.now,
            address=self.address,
        )

    @property
    def csrf(self) -> str:
        return form_token(self.token)

    @property
    def is_htmx(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def address(self) -> str:
        """The client's IP address."""
        return client_address(self.request)

    def may(self, role: str) -> bool:
        """Whether the user has that role, or a higher one, at this page's station."""
        return self.loaded is not None and self.access.may(self.loaded.id, Role(role))

    def at(self, path: str = "") -> str:
        """Address of a page of this station: at("next") -> "/demo/next"."""
        return f"/{self.station.id}/{path}"

    def say(self, text: str) -> None:
        """Put a text on the status line of the answer, and into the audit of a change."""
        self.said.append(text)

    def record(self, action: str, *, after: int) -> None:
        """Write a change into the audit, unless the action itself has recorded it after record number `after`."""
        audit, station = self.newsroom.audit, self.loaded.id if self.loaded else ""
        if audit.has_changed_since(after, user=self.access.user, station=station):
            return
        audit.record_change(
            station=station,
            user=self.access.user,
            action=action,
            at=self.newsroom.now(),
            address=self.address,
            note="; ".join(self.said)[:500],
        )


def client_address(request: Request) -> str:
    """The client's IP address, as uvicorn took it from the connection or from a proxy that it trusts."""
    return request.client.host if request.client else ""
