"""A newsroom served by the real server on loopback, with users of each role, and a small browser for it."""

from __future__ import annotations

import re
import ssl
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.passwords import HashCost
from bulletin.newsroom.accounts.roles import parse_roles
from bulletin.newsroom_web.http.read_form import FormLimits
from bulletin.newsroom_web.newsroom_app import make_newsroom_app
from bulletin.service.http.web_server import WebServer
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import newsroom as prepared_desk

CHEAP = HashCost(passes=1, memory_kib=64)
"""Cost of hashes in tests."""
_TLS = ssl.create_default_context()
"""One for all browsers, since each costs a tenth of a second."""
PASSWORD = "valley harbour lantern"
USERS = {"vera": ("viewer",), "eddie": ("editor",), "ada": ("admin",), "olga": ("other=admin",)}
"""Name -> roles; olga belongs to another station."""
PROFILE = """\
name = "{name}"
time_zone = "Europe/London"
length = "1:00"
[[feeds]]
name = "gazette"
url = "https://gazette.example/feed.xml"
[speech]
chain = ["tone"]
"""


class SteppedClock:
    """A clock that a test moves."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **step: float) -> None:
        self.at += timedelta(**step)


@dataclass
class Browser:
    """A browser without scripts: cookies, forms with their token, no automatic redirects."""

    address: str
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=self.address, timeout=10, trust_env=False, verify=_TLS)

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx2.Response:
        page = self.client.get("/sign-in")
        return self.client.post(
            "/sign-in", data={"csrf": csrf_of(page.text), "name": name, "password": password}
        )

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self.client.get(path, **more)

    def csrf(self) -> str:
        """The form token of this session."""
        return csrf_of(self.client.get("/account").text)

    def post(self, path: str, fields: Mapping[str, str] | None = None, **more: Any) -> httpx2.Response:
        """Send a form as a page of the newsroom does."""
        return self.client.post(path, data={"csrf": self.csrf(), **(fields or {})}, **more)

    @property
    def session(self) -> str | None:
        return self.client.cookies.get("bulletin")


@dataclass(frozen=True, kw_only=True)
class ServedNewsroom:
    """A running newsroom of the stations "demo" and "other"."""

    address: str
    output: Path
    archive: Archive
    clock: SteppedClock
    accounts: Accounts
    stations: list[LoadedProfile]
    closing: ExitStack
    app: Starlette

    def program(self, user: str = "", **limits: Any) -> httpx2.Client:
        """A program with an API token of that user; `limits` as of `Accounts.add_token`."""
        client = httpx2.Client(base_url=f"{self.address}/api", timeout=30, trust_env=False, verify=_TLS)
        self.closing.callback(client.close)
        if user:
            token = self.accounts.add_token(user, uuid.uuid4().hex, **limits)
            client.headers["Authorization"] = f"Bearer {token}"
        return client

    def browser(self, user: str = "") -> Browser:
        """A new browser, signed in if a user is given."""
        browser = Browser(self.address)
        self.closing.callback(browser.client.close)
        if user:
            assert browser.sign_in(user).status_code == 303
        return browser


@contextmanager
def served_newsroom(
    folder: Path,
    *,
    profile: str = PROFILE,
    clock: SteppedClock | None = None,
    limits: FormLimits | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Iterator[ServedNewsroom]:
    """Serve it while the block runs; `routes` are added for the test."""
    output, profiles = folder / "output", folder / "feeds"
    profiles.mkdir(parents=True)
    stations = []
    for name in ("demo", "other"):
        path = profiles / f"{name}.toml"
        path.write_text(profile.format(name=f"{name.title()} Radio"), "utf-8")
        stations.append(load_profile(str(path)))
    with (
        open_archive(output) as archive,
        served(stations, output, archive, clock, limits, routes) as newsroom,
    ):
        yield newsroom


@contextmanager
def served_hill(
    folder: Path, *, extra: str = "", limits: FormLimits | None = None
) -> Iterator[ServedNewsroom]:
    """Serve the station "hill" of tests/support/newsroom_desk.py, whose coming bulletin is prepared, and "other"."""
    with prepared_desk(folder, extra) as desk:
        other = folder / "other.toml"
        other.write_text(PROFILE.format(name="Other Radio"), "utf-8")
        stations = [desk.loaded, load_profile(str(other))]
        with served(stations, desk.output, desk.archive, SteppedClock(desk.now()), limits) as newsroom:
            yield newsroom


@contextmanager
def served(
    stations: list[LoadedProfile],
    output: Path,
    archive: Archive,
    clock: SteppedClock | None = None,
    limits: FormLimits | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Iterator[ServedNewsroom]:
    """Serve these stations, with the users of USERS, whose own station is the first one."""
    clock = clock or SteppedClock()
    accounts = Accounts(archive=archive, now=clock, cost=CHEAP)
    own = stations[0].id
    for user, roles in USERS.items():
        words = (f"{own}={role}" if "=" not in role else role for role in roles)
        accounts.add(user, PASSWORD, parse_roles(words))
    app = make_newsroom_app(
        stations=lambda: stations, output=output, archive=archive, now=clock, cost=CHEAP, limits=limits
    )
    app.router.routes.extend(routes)
    server = WebServer(app)
    server.when_stopping = lambda: app.state.events.close()
    with ExitStack() as closing:
        server.start()
        closing.callback(server.stop)
        yield ServedNewsroom(
            address=server.address,
            output=output,
            archive=archive,
            clock=clock,
            accounts=accounts,
            stations=stations,
            closing=closing,
            app=app,
        )


def csrf_of(page: str) -> str:
    """The form token in a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found[1]
