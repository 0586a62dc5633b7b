"""A station that was published, and a web server of ours before it."""

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
from tests.service.slots.test_put_standby_on_air import TEXT

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
"""When the station is published, and when it is examined."""


@dataclass
class Illness:
    """What a web server before the station does wrong, with paths in which the pattern is found."""

    where: str = ""
    ask: Callable[[Scope], Scope] = lambda scope: scope
    """What the station's server is asked in the place of what the client asks."""
    answer: Callable[[Message], Message] = lambda message: message
    """The beginning of the answer, as the client gets it: status and headers."""


ILLNESSES: list[Illness] = []
"""Of the moment."""


class Sick:
    """The app, behind a server that does what `ILLNESSES` say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caught = [one for one in ILLNESSES if scope["type"] == "http" and re.search(one.where, scope["path"])]
        for one in caught:
            scope = one.ask(scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                for one in caught:
                    message = one.answer(message)
            await send(message)

        await self._app(scope, receive, sent)


@contextmanager
def published(folder: Path, *, bulletins: int = 1, now: datetime = NOW) -> Iterator[tuple[str, Path]]:
    """The address of a station's folder, and the folder, while the block runs; the last bulletin is of `now`."""
    places: list[object] = []
    app = Starlette(routes=public_routes(lambda: places), middleware=[Middleware(Sick)])  # type: ignore[arg-type]
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
    places.append(folder_of(loaded, output=output))
    try:
        yield f"{server.address}/valley/", output / "valley"
    finally:
        server.stop()


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Shared: who breaks something puts it back."""
    with published(tmp_path_factory.mktemp("published")) as found:
        yield found


@pytest.fixture
def broken(station: tuple[str, Path]) -> Iterator[Callable[[str, bytes | None], None]]:
    """Have a file with other content, or gone, until the test is over."""
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
    if "flash.json" not in before:  # none is written for an address without https
        (folder / "flash.json").unlink(missing_ok=True)
    for name, data in before.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(data)
