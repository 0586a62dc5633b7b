"""Live changes for open pages."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.model import Edit, EditAction
from bulletin.newsroom_web.http import station_events
from bulletin.newsroom_web.http.station_events import EventHub
from tests.support.delivery_servers.base import wait_for
from tests.support.factories import NOW
from tests.support.newsroom_server import ServedNewsroom, served_newsroom


@contextmanager
def _events(newsroom: ServedNewsroom, user: str) -> Iterator[http.client.HTTPResponse]:
    host, port = newsroom.address.removeprefix("http://").split(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=20)) as connection:
        connection.request(
            "GET", "/demo/events", headers={"Cookie": f"bulletin={newsroom.browser(user).session}"}
        )
        yield connection.getresponse()


def _edit(station: str, key: str) -> Edit:
    return Edit(
        station=station,
        action=EditAction.PIN,
        editor="eddie",
        made_at=NOW,
        key=key,
        due=NOW,
        story_id="gazette:1",
    )


def test_an_edit_reaches_the_open_pages_of_its_station_alone(newsroom: ServedNewsroom) -> None:
    hub = newsroom.app.state.events = EventHub(newsroom.app.state.newsroom, look_s=0.02)
    with _events(newsroom, "vera") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.readline() == b"retry: 3000\n"
        wait_for(lambda: "demo" in hub.watched)
        EditLedger(newsroom.archive).record(_edit("other", "first"))
        EditLedger(newsroom.archive).record(_edit("demo", "second"))
        assert stream.readline() == b"\n"
        assert stream.readline() == b"event: edits\n"
        assert stream.readline() == b'data: {"mark": "2"}\n'
    wait_for(lambda: hub.pages == 0)


def test_one_user_cannot_take_every_connection(newsroom: ServedNewsroom) -> None:
    hub = newsroom.app.state.events = EventHub(newsroom.app.state.newsroom, pages_per_user=1)
    with _events(newsroom, "eddie") as first:
        assert first.status == 200
        with _events(newsroom, "eddie") as second:
            assert second.status == 429
    wait_for(lambda: hub.pages == 0)


def test_a_removed_user_gets_no_more_events_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_events, "_ALIVE_S", 0.2)
    with served_newsroom(tmp_path) as newsroom, _events(newsroom, "vera") as stream:
        newsroom.accounts.remove("vera")
        queue = next(iter(newsroom.app.state.events._pages))
        stop = threading.Event()

        def fill() -> None:
            while not stop.wait(0.01):
                newsroom.app.state.events._loop.call_soon_threadsafe(queue.put_nowait, "event: edits\n\n")

        filling = threading.Thread(target=fill)
        filling.start()
        lines = stream.read().splitlines()
        stop.set()
        filling.join()
    assert b"event: edits" in lines
    assert b"event: signed-out" in lines


def test_open_pages_do_not_hold_up_the_end_of_the_server(tmp_path: Path) -> None:
    with served_newsroom(tmp_path) as newsroom, _events(newsroom, "vera") as stream:
        assert stream.readline() == b"retry: 3000\n"
        wait_for(lambda: newsroom.app.state.events.pages == 1)
        newsroom.app.state.events.close()
        assert stream.read() == b"\n"  # the stream has its end, and was not cut off
