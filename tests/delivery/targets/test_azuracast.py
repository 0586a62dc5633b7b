"""An AzuraCast playlist, at a stand-in that does what its API's documentation says of media and playlists."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.delivery.targets.azuracast import AzuraCast
from bulletin.errors import DeliveryError
from bulletin.runtime.backoff import MOST_PAUSE
from tests.support.public_station import House
from tests.support.web_servers import Silent, served_by


class Station:
    """A station of AzuraCast: its media and its playlists; `breaks` is the one request that goes wrong."""

    def __init__(self) -> None:
        self.media: dict[int, dict[str, Any]] = {1: {"path": "music/song.mp3", "playlists": [], "data": b""}}
        self.playlists = {7: "News", 8: "Music"}
        self.url = ""
        self.asked: list[str] = []
        self.fails: dict[str, int] = {}
        self.breaks = 0
        """Counted from now; 1 is the next."""
        self.is_done_all_the_same = False
        """What breaks then is the line back, and the request has done its work."""
        self.forgets = False
        """It says that a playlist was changed, and has not changed it (yet)."""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """Code and data; 0: the line breaks."""
        self.asked.append(f"{method} {path}")
        self.breaks -= 1
        if self.breaks == 0:
            if self.is_done_all_the_same:
                self._do(method, path, query, body)
            return 0, None
        return self._do(method, path, query, body)

    def _do(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
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
        if method == "PUT" and not self.forgets:
            self.media[number]["playlists"] = [int(one) for one in body["playlists"]]
        if method == "DELETE":
            del self.media[number]
        return 200, {"success": True, "message": "Changes saved successfully."}

    def _row(self, number: int) -> dict[str, Any]:
        one = self.media[number]
        lists = [{"id": n, "name": self.playlists[n]} for n in one["playlists"]]
        return {"id": number, "path": one["path"], "playlists": lists}

    def playlist(self, number: int = 7) -> set[str]:
        return {one["path"] for one in tuple(self.media.values()) if number in one["playlists"]}


class Poller(threading.Thread):
    """A radio that looks what is on its playlist, all the time."""

    def __init__(self, station: Station) -> None:
        super().__init__(daemon=True)
        self.seen: list[set[str]] = []
        self._station, self._over = station, threading.Event()

    def __enter__(self) -> Self:
        self.seen.append(self._station.playlist())
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(0.0005):
            held = self._station.playlist()
            if self.seen[-1] != held:
                self.seen.append(held)


@pytest.fixture
def station() -> Iterator[Station]:
    station = Station()

    class Handler(Silent):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            raw = self.read_body()
            path = unquote(parts.path)
            if self.headers.get("X-API-Key") != "key":
                code, told = 403, {"code": 403, "message": "Access denied"}
            elif not path.startswith("/api/station/hill"):
                code, told = 404, {}
            else:
                asked = path.removeprefix("/api/station/hill")
                code, told = station.answer(
                    self.command, asked, parse_qs(parts.query), json.loads(raw) if raw else None
                )
            if code:
                self.answer(code, json.dumps(told).encode())
            else:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = _serve

    with served_by(Handler) as station.url:
        yield station


def place(at: Station, **changes: Any) -> AzuraCast:
    given = {"name": "azura", "url": at.url, "station": "hill", "key": "key", "playlist": "News"}
    return AzuraCast(**(given | changes))


def run(house: House, delivery: AzuraCast) -> list[tuple[str, DeliveryOutcome, str]]:
    sender = house.sender(delivery, rendition="podcast")
    sender.note()
    return [(sent.title, sent.result, sent.note) for sent in sender.send()]


def test_the_playlist_holds_the_newest_and_is_never_empty(house: House, station: Station) -> None:
    place(station).check()
    for number in (1, 2, 3):
        house.publish(number)
        before = len(station.asked)
        assert run(house, place(station))[-1][1] is DeliveryOutcome.SENT
    assert len(station.asked) - before == REQUESTS

    (path,) = station.playlist()
    guid = house.archive.episodes("demo")[0].guid
    assert path == f"bulletin/demo/{guid}.mp3"
    (media,) = [one for one in station.media.values() if one["path"] == path]
    assert media["data"] == (house.folder / "demo-3.mp3").read_bytes()
    assert {one["path"] for one in station.media.values()} == {"music/song.mp3", path}


REQUESTS = 7
"""playlists, files, upload, files, into the playlist, files, delete the old one"""


@pytest.mark.parametrize("is_done", [False, True], ids=["not done", "done, but nobody is told"])
@pytest.mark.parametrize("broken", range(1, REQUESTS + 1))
def test_whatever_request_breaks_the_playlist_is_never_empty(
    house: House, station: Station, broken: int, is_done: bool
) -> None:
    house.publish(1)
    run(house, place(station))
    (old,) = station.playlist()
    house.publish(2)
    station.breaks, station.is_done_all_the_same = broken, is_done
    with Poller(station) as radio:
        ((_, result, note),) = run(house, place(station))
        station.breaks = 0
        house.now += MOST_PAUSE
        again = run(house, place(station))

    assert (result, again) == (DeliveryOutcome.FAILED, [("Bulletin 2", DeliveryOutcome.SENT, "")])
    assert "is the server up" in note
    (new,) = station.playlist()
    assert new != old
    assert [held for held in radio.seen if held not in ({old}, {old, new}, {new})] == []
    assert len(station.media) == 2, "left-overs"


def test_the_old_one_stays_until_the_new_one_is_seen_in_the_playlist(house: House, station: Station) -> None:
    """Its answer is no proof: a server that is busy changes playlists later."""
    house.publish(1)
    run(house, place(station))
    before = station.playlist()
    house.publish(2)
    station.forgets = True

    ((_, result, note),) = run(house, place(station))

    assert (result, station.playlist()) == (DeliveryOutcome.FAILED, before)
    assert "is not in the playlist yet; trying again" in note
    station.forgets = False
    house.now += MOST_PAUSE
    assert run(house, place(station))[-1][1] is DeliveryOutcome.SENT
    assert len(station.playlist()) == 1
    assert station.playlist() != before


def test_two_stations_with_one_playlist_leave_one_another_alone(
    house: House, station: Station, tmp_path: Path
) -> None:
    """`bulletin check` tells of it: the radio plays both. Neither takes the other's away."""
    other = House(tmp_path, house.archive, station="demo-two")
    for number in (1, 2):
        for one in (house, other):
            one.publish(number)
            assert run(one, place(station))[-1][1] is DeliveryOutcome.SENT

    newest = {one.archive.episodes(one.station)[0].guid for one in (house, other)}
    assert {path.rpartition("/")[2].removesuffix(".mp3") for path in station.playlist()} == newest


def test_a_full_server_keeps_the_old_one_on_air(house: House, station: Station) -> None:
    house.publish(1)
    run(house, place(station))
    before = station.playlist()
    station.fails = {"POST": 500}
    house.publish(2)

    ((_, result, note),) = run(house, place(station))

    assert (result, station.playlist()) == (DeliveryOutcome.FAILED, before)
    assert "out of available storage space" in note
    station.fails = {}
    house.now += MOST_PAUSE
    assert run(house, place(station))[-1][1] is DeliveryOutcome.SENT
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
        ({"key": "wrong"}, "let the key manage media and playlists"),
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

    with pytest.raises(DeliveryError, match="is the server up") as caught:
        gone.check()
    assert not caught.value.is_lasting
