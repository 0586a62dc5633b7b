"""An AzuraCast playlist, at a stand-in that does what its API's documentation says of media and playlists."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bulletin.archive.archive import Archive
from bulletin.errors import DeliveryError
from bulletin.outlets.places.azuracast import AzuraCast
from bulletin.sending import MOST_PAUSE, Result
from tests.house import House


class Station:
    """A station of AzuraCast: its media, its playlists, and what its playlist held after each request."""

    def __init__(self) -> None:
        self.media: dict[int, dict[str, Any]] = {1: {"path": "music/song.mp3", "playlists": [], "data": b""}}
        self.playlists = {7: "News", 8: "Music"}
        self.held: list[set[str]] = []
        self.asked: list[str] = []
        self.fails: dict[str, int] = {}

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        self.asked.append(f"{method} {path}")
        if code := self.fails.get(f"{method} {path.rpartition('/')[0] or path}") or self.fails.get(method):
            return code, {"code": code, "message": "This station is out of available storage space."}
        number = int(found[1]) if (found := re.fullmatch(r"/file/(\d+)", path)) else 0
        if (method, path) == ("GET", "/playlists"):
            return 200, [
                {"id": n, "name": name, "short_name": name.lower()} for n, name in self.playlists.items()
            ]
        if (method, path) == ("GET", "/files"):
            phrase = query.get("searchPhrase", [""])[0]
            return 200, [self._row(n) for n, one in self.media.items() if phrase in one["path"]]
        if (method, path) == ("POST", "/files"):
            number = max(self.media) + 1
            self.media[number] = {
                "path": body["path"], "playlists": [], "data": base64.b64decode(body["file"], validate=True)
            }  # fmt: skip
            return 200, self._row(number)
        if number not in self.media:
            return 404, {"code": 404, "message": "Record not found"}
        if method == "PUT":
            self.media[number]["playlists"] = [int(one) for one in body["playlists"]]
        if method == "DELETE":
            del self.media[number]
        return 200, {"success": True, "message": "Changes saved successfully."}

    def _row(self, number: int) -> dict[str, Any]:
        one = self.media[number]
        lists = [{"id": n, "name": self.playlists[n]} for n in one["playlists"]]
        return {"id": number, "path": one["path"], "playlists": lists}

    def playlist(self, number: int = 7) -> set[str]:
        return {one["path"] for one in self.media.values() if number in one["playlists"]}


@pytest.fixture
def station() -> Iterator[Station]:
    station = Station()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("X-API-Key") != "key":
                code, told = 403, {"code": 403, "message": "Access denied"}
            elif not unquote(parts.path).startswith("/api/station/hill"):
                code, told = 404, {}
            else:
                path = unquote(parts.path).removeprefix("/api/station/hill")
                body = json.loads(raw) if raw else None
                code, told = station.answer(self.command, path, parse_qs(parts.query), body)
                station.held.append(station.playlist())
            data = json.dumps(told).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    station.url = f"http://127.0.0.1:{server.server_port}"
    yield station
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


def place(at: Station, **changes: Any) -> AzuraCast:
    given = {"name": "azura", "url": at.url, "station": "hill", "key": "key", "playlist": "News"}
    return AzuraCast(**(given | changes))


def run(house: House, delivery: AzuraCast) -> list[tuple[str, Result, str]]:
    sender = house.sender(delivery, rendition="podcast")
    sender.note()
    return [(sent.title, sent.result, sent.note) for sent in sender.send()]


def test_the_playlist_holds_the_newest_and_is_never_empty(house: House, station: Station) -> None:
    place(station).check()
    for number in (1, 2, 3):
        house.publish(number)
        assert run(house, place(station))[-1][1] is Result.SENT

    (path,) = station.playlist()
    guid = house.archive.episodes("demo")[0].guid
    assert path == f"bulletin/demo/{guid}.mp3"
    (media,) = [one for one in station.media.values() if one["path"] == path]
    assert media["data"] == (house.folder / "demo-3.mp3").read_bytes()
    assert {one["path"] for one in station.media.values()} == {"music/song.mp3", path}
    filled = station.held.index({f"bulletin/demo/{house.archive.episodes('demo')[-1].guid}.mp3"})
    assert all(station.held[filled:])


def test_a_full_server_keeps_the_old_one_on_air(house: House, station: Station) -> None:
    house.publish(1)
    run(house, place(station))
    before = station.playlist()
    station.fails = {"POST": 500}
    house.publish(2)

    ((_, result, note),) = run(house, place(station))

    assert (result, station.playlist()) == (Result.FAILED, before)
    assert "out of available storage space" in note
    station.fails = {}
    house.now += MOST_PAUSE
    assert run(house, place(station))[-1][1] is Result.SENT
    assert station.playlist() != before


def test_a_run_that_died_half_way_is_finished_without_a_second_upload(house: House, station: Station) -> None:
    house.publish(1)
    station.fails = {"PUT": 503}
    run(house, place(station))
    station.fails = {}
    house.now += MOST_PAUSE

    run(house, place(station))

    assert station.asked.count("POST /files") == 1
    assert len(station.playlist()) == 1


def test_what_is_withdrawn_leaves_the_playlist(house: House, station: Station) -> None:
    episode, _ = house.publish(1)
    run(house, place(station))
    house.podcast.withdraw(episode.guid)

    run(house, place(station))

    assert station.playlist() == set()
    assert len(station.media) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key": "wrong"}, "give the key leave"),
        ({"playlist": "Nws"}, r'no playlist "Nws" \(it has: News, Music\)'),
        ({"station": "valley"}, "correct url or station"),
    ],
)
def test_what_only_a_person_can_put_right_is_told(
    station: Station, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(DeliveryError, match=message) as caught:
        place(station, **changes).check()
    assert caught.value.is_lasting


def test_one_that_is_down_is_tried_again(house: House) -> None:
    gone = AzuraCast(name="azura", url="http://127.0.0.1:9", station="hill", key="key", playlist="News")

    with pytest.raises(DeliveryError, match="is it up") as caught:
        gone.check()
    assert not caught.value.is_lasting
