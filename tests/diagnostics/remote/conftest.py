"""A published station behind our web server, with faults on demand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bulletin.config.load_profile import load_profile
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.service.http.serve_published_files import public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.start_http_servers import folder_of
from bulletin.station.build_station_object import open_station
from tests.service.slots.test_publish_best_standby import TEXT

ITEM = (
    "<item><title>{title}</title><link>https://g.example/{n}</link><guid>{n}</guid>"
    "<pubDate>{date}</pubDate><description>{text}</description></item>"
)
PROFILE = """\
name = "Valley Radio"
frequencies = ["103.5"]
length = "0:30"
time_zone = "UTC"
[[clock.slots]]
at = "00:00-23:00"
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "speaker"]
[outputs.podcast]
base_url = "{base_url}"
email = "news@valley.example"
hub = "https://hub.example/"
[outputs.page]
on = true
"""


NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""Time of publication and of the check."""


@dataclass
class ServerFault:
    """Fault of the web server, for paths that match the pattern."""

    where: str = ""
    ask: Callable[[Scope], Scope] = lambda scope: scope
    """Change of the request before it reaches the station's server."""
    answer: Callable[[Message], Message] = lambda message: message
    """Change of the start of the answer: status and headers."""


SERVER_FAULTS: list[ServerFault] = []
"""Faults of the running test."""


class FaultyServer:
    """The app behind a server with the faults in `SERVER_FAULTS`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        faults = [
            fault
            for fault in SERVER_FAULTS
            if scope["type"] == "http" and re.search(fault.where, scope["path"])
        ]
        for fault in faults:
            scope = fault.ask(scope)

        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                for fault in faults:
                    message = fault.answer(message)
            await send(message)

        await self._app(scope, receive, send_changed)


@contextmanager
def published(folder: Path, *, bulletins: int = 1, now: datetime = NOW) -> Iterator[tuple[str, Path]]:
    """Address of a station's folder, and the folder, until the block ends; its newest bulletin is from `now`."""
    folders: list[object] = []
    app = Starlette(routes=public_routes(lambda: folders), middleware=[Middleware(FaultyServer)])  # type: ignore[arg-type]
    server = WebServer(app, host="127.0.0.1", port=0)
    server.start()
    items = "".join(
        ITEM.format(
            date=format_datetime(now - timedelta(hours=bulletins)),
            title=title,
            n=number,
            text=TEXT.replace("Wex", river),
        )
        for number, (title, river) in enumerate(
            (("Bridge over the Wex to close for repairs", "Wex"), ("Ferry across the Dart is sold", "Dart")),
            1,
        )
    )
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>', encoding="utf-8"
    )
    path = folder / "valley.toml"
    path.write_text(PROFILE.format(base_url=f"{server.address}/"), encoding="utf-8")
    loaded, output = load_profile(str(path)), folder / "output"
    moment = now
    with open_station(loaded, output=output, clock=lambda: moment) as station:
        for ago in reversed(range(bulletins)):
            moment = now - timedelta(hours=ago)
            make_bulletin(station, now=moment, again=True)
    folders.append(folder_of(loaded, output=output))
    try:
        yield f"{server.address}/valley/", output / "valley"
    finally:
        server.stop()


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Shared by all tests: a test that breaks a file must restore it."""
    with published(tmp_path_factory.mktemp("published")) as address_and_folder:
        yield address_and_folder


@pytest.fixture
def broken(station: tuple[str, Path]) -> Iterator[Callable[[str, bytes | None], None]]:
    """Replace or delete a file until the test ends."""
    folder = station[1]
    before: dict[str, bytes] = {}

    def put(name: str, data: bytes | None) -> None:
        path = folder / name
        if path.exists():
            before.setdefault(name, path.read_bytes())
        path.unlink(missing_ok=True)
        if data is not None:
            path.write_bytes(data)

    yield put
    if "flash.json" not in before:  # the station writes no flash.json for an address without https
        (folder / "flash.json").unlink(missing_ok=True)
    for name, data in before.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(data)
