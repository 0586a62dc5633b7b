"""AzuraCast playlist, against a fake server that follows the API documentation for media and playlists."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.delivery.targets.azuracast import AzuraCast
from bulletin.errors import DeliveryError, LateDeliveryError
from bulletin.runtime.backoff import MOST_PAUSE
from tests.support.public_station import House
from tests.support.web_servers import Silent, served_by

pytestmark = pytest.mark.slow


class Station:
    """Fake AzuraCast station: its media and playlists; `breaks` is the number of the request that fails."""

    def __init__(self) -> None:
        self.media: dict[int, dict[str, Any]] = {1: {"path": "music/song.mp3", "playlists": [], "data": b""}}
        self.playlists = {7: "News", 8: "Music"}
        self.url = ""
        self.requests: list[str] = []
        self.fails: dict[str, int] = {}
        self.breaks = 0
        """Number of the failing request, counted from now; 1 is the next one."""
        self.is_done_without_answer = False
        """The server carries out the failing request; only its answer is lost."""
        self.forgets = False
        """The server confirms a change of a playlist without making it."""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """Status code and data of the answer; code 0 closes the connection."""
        self.requests.append(f"{method} {path}")
        self.breaks -= 1
        if self.breaks == 0:
            if self.is_done_without_answer:
                self._do(method, path, query, body)
            return 0, None
        return self._do(method, path, query, body)

    def _do(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        if code := self.fails.get(f"{method} {path.rpartition('/')[0] or path}") or self.fails.get(method):
            return code, {"code": code, "message": "This station is out of available storage space."}
        number = int(match[1]) if (match := re.fullmatch(r"/file/(\d+)", path)) else 0
        if (method, path) == ("GET", "/playlists"):
            return 200, [
                {"id": n, "name": name, "short_name": name.lower()} for n, name in self.playlists.items()
            ]
        if (method, path) == ("GET", "/files"):
            phrase = query.get("searchPhrase", [""])[0]
            return 200, [self._row(n) for n, media in self.media.items() if phrase in media["path"]]
        if (method, path) == ("POST", "/files"):
            number = max(self.media) + 1
            self.media[number] = {
                "path": body["path"], "playlists": [], "data": base64.b64decode(body["file"], validate=True)
            }  # fmt: skip
            return 200, self._row(number)
        if number not in self.media:
            return 404, {"code": 404, "message": "Record not found"}
        if method == "PUT" and not self.forgets:
            self.media[number]["playlists"] = [int(playlist_id) for playlist_id in body["playlists"]]
        if method == "DELETE":
            del self.media[number]
        return 200, {"success": True, "message": "Changes saved successfully."}

    def _row(self, number: int) -> dict[str, Any]:
        media = self.media[number]
        lists = [{"id": n, "name": self.playlists[n]} for n in media["playlists"]]
        return {"id": number, "path": media["path"], "playlists": lists}

    def playlist(self, number: int = 7) -> set[str]:
        return {media["path"] for media in tuple(self.media.values()) if number in media["playlists"]}


class Poller(threading.Thread):
    """Radio that reads its playlist all the time."""

    def __init__(self, station: Station) -> None:
        super().__init__(daemon=True)
        self.playlists_seen: list[set[str]] = []
        self._station, self._over = station, threading.Event()

    def __enter__(self) -> Self:
        self.playlists_seen.append(self._station.playlist())
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(0.0005):
            playlist = self._station.playlist()
            if self.playlists_seen[-1] != playlist:
                self.playlists_seen.append(playlist)


@pytest.fixture
def station() -> Iterator[Station]:
    station = Station()

    class Handler(Silent):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            raw = self.read_body()
            path = unquote(parts.path)
            if self.headers.get("X-API-Key") != "key":
                code, answer = 403, {"code": 403, "message": "Access denied"}
            elif not path.startswith("/api/station/hill"):
                code, answer = 404, {}
            else:
                endpoint = path.removeprefix("/api/station/hill")
                code, answer = station.answer(
                    self.command, endpoint, parse_qs(parts.query), json.loads(raw) if raw else None
                )
            if code:
                self.answer(code, json.dumps(answer).encode())
            else:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = _serve

    with served_by(Handler) as station.url:
        yield station


def delivery_to(at: Station, **changes: Any) -> AzuraCast:
    options = {"name": "azura", "url": at.url, "station": "hill", "key": "key", "playlist": "News"}
    return AzuraCast(**(options | changes))


def run(house: House, delivery: AzuraCast) -> list[tuple[str, DeliveryOutcome, str]]:
    sender = house.sender(delivery, rendition="podcast")
    sender.note()
    return [(sent.title, sent.result, sent.note) for sent in sender.send()]


def test_the_playlist_holds_the_newest_and_is_never_empty(house: House, station: Station) -> None:
    delivery_to(station).check()
    for number in (1, 2, 3):
        house.publish(number)
        before = len(station.requests)
        assert run(house, delivery_to(station))[-1][1] is DeliveryOutcome.SENT
    assert len(station.requests) - before == REQUESTS

    (path,) = station.playlist()
    guid = house.archive.episodes("demo")[0].guid
    assert path == f"bulletin/demo/{guid}.mp3"
    (media,) = [row for row in station.media.values() if row["path"] == path]
    assert media["data"] == (house.folder / "demo-3.mp3").read_bytes()
    assert {row["path"] for row in station.media.values()} == {"music/song.mp3", path}


REQUESTS = 7
"""Requests of one publish: playlists, files, upload, files, add to the playlist, files, delete the old file."""


@pytest.mark.parametrize("is_done", [False, True], ids=["not done", "done without an answer"])
@pytest.mark.parametrize("broken", range(1, REQUESTS + 1))
def test_the_playlist_is_never_empty_when_any_request_fails(
    house: House, station: Station, broken: int, is_done: bool
) -> None:
    house.publish(1)
    run(house, delivery_to(station))
    (old,) = station.playlist()
    house.publish(2)
    station.breaks, station.is_done_without_answer = broken, is_done
    with Poller(station) as radio:
        ((_, result, note),) = run(house, delivery_to(station))
        station.breaks = 0
        house.now += MOST_PAUSE
        again = run(house, delivery_to(station))

    assert (result, again) == (DeliveryOutcome.FAILED, [("Bulletin 2", DeliveryOutcome.SENT, "")])
    assert "is the server up" in note
    (new,) = station.playlist()
    assert new != old
    assert [playlist for playlist in radio.playlists_seen if playlist not in ({old}, {old, new}, {new})] == []
    assert len(station.media) == 2, "left-overs"


def test_the_old_bulletin_stays_until_the_playlist_shows_the_new_one(house: House, station: Station) -> None:
    """An answer of 200 is no proof: a busy server changes playlists later."""
    house.publish(1)
    run(house, delivery_to(station))
    before = station.playlist()
    house.publish(2)
    station.forgets = True

    ((_, result, note),) = run(house, delivery_to(station))

    assert (result, station.playlist()) == (DeliveryOutcome.FAILED, before)
    assert "not in the playlist yet; trying again" in note
    station.forgets = False
    house.now += MOST_PAUSE
    assert run(house, delivery_to(station))[-1][1] is DeliveryOutcome.SENT
    assert len(station.playlist()) == 1
    assert station.playlist() != before


def test_two_stations_that_share_a_playlist_keep_each_others_bulletin(
    house: House, station: Station, tmp_path: Path
) -> None:
    """The radio plays both bulletins; neither station deletes the other's. `bulletin check` reports the shared playlist."""
    other = House(tmp_path, house.archive, station="demo-two")
    for number in (1, 2):
        for station_house in (house, other):
            station_house.publish(number)
            assert run(station_house, delivery_to(station))[-1][1] is DeliveryOutcome.SENT

    newest = {
        station_house.archive.episodes(station_house.station)[0].guid for station_house in (house, other)
    }
    assert {path.rpartition("/")[2].removesuffix(".mp3") for path in station.playlist()} == newest


def test_a_full_server_keeps_the_old_bulletin_on_air(house: House, station: Station) -> None:
    house.publish(1)
    run(house, delivery_to(station))
    before = station.playlist()
    station.fails = {"POST": 500}
    house.publish(2)

    ((_, result, note),) = run(house, delivery_to(station))

    assert (result, station.playlist()) == (DeliveryOutcome.FAILED, before)
    assert "out of available storage space" in note
    station.fails = {}
    house.now += MOST_PAUSE
    assert run(house, delivery_to(station))[-1][1] is DeliveryOutcome.SENT
    assert station.playlist() != before


def test_an_interrupted_run_is_finished_without_a_second_upload(house: House, station: Station) -> None:
    house.publish(1)
    station.fails = {"PUT": 503}
    run(house, delivery_to(station))
    station.fails = {}
    house.now += MOST_PAUSE

    run(house, delivery_to(station))

    assert station.requests.count("POST /files") == 1
    assert len(station.playlist()) == 1


def test_a_withdrawn_bulletin_leaves_the_playlist(house: House, station: Station) -> None:
    episode, _ = house.publish(1)
    run(house, delivery_to(station))
    house.podcast.withdraw(episode.guid)

    run(house, delivery_to(station))

    assert station.playlist() == set()
    assert len(station.media) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key": "wrong"}, "let the key manage media and playlists"),
        ({"playlist": "Nws"}, r'no playlist "Nws" \(it has: News, Music\)'),
        ({"station": "valley"}, "correct url or station"),
    ],
)
def test_wrong_options_are_lasting_errors_with_a_remedy(
    station: Station, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(DeliveryError, match=message) as caught:
        delivery_to(station, **changes).check()
    assert caught.value.is_lasting


def test_a_server_that_is_down_is_retried(house: House) -> None:
    unreachable = AzuraCast(
        name="azura", url="http://127.0.0.1:9", station="hill", key="key", playlist="News"
    )

    with pytest.raises(DeliveryError, match="is the server up") as caught:
        unreachable.check()
    assert not caught.value.is_lasting


@pytest.mark.parametrize("confirmed", [0, 1, 2])
def test_a_late_worker_does_not_take_the_newer_bulletin_from_the_playlist(
    house: House, station: Station, confirmed: int
) -> None:
    """It stops before the upload, before the playlist changes, or before the newer bulletin is deleted."""
    calls = iter(range(10))

    def confirm() -> None:
        if next(calls) >= confirmed:
            raise LateDeliveryError("another worker has this delivery by now")

    house.publish(1)
    late = replace(house.parcel("podcast"), confirm=confirm)
    house.publish(2)
    run(house, delivery_to(station))
    (newer,) = station.playlist()

    with pytest.raises(LateDeliveryError):
        delivery_to(station).publish(late)

    assert newer in station.playlist()
    assert len(station.playlist()) == (2 if confirmed == 2 else 1)
