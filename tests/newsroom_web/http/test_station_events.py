"""Live changes for open pages."""

from __future__ import annotations

import asyncio
import http.client
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.errors import ArchiveError
from bulletin.model import Edit, EditAction
from bulletin.newsroom.accounts.roles import parse_roles
from bulletin.newsroom_web.http.station_events import EventHub, look_whether_it_may_stay
from tests.support.delivery_servers.base import wait_for
from tests.support.factories import NOW
from tests.support.newsroom_server import PASSWORD, ServedNewsroom, served_newsroom


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
        assert [stream.readline() for _ in range(3)] == [b"event: watching\n", b"data: {}\n", b"\n"]
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


def test_a_removed_user_gets_no_more_events_however_many_there_are(newsroom: ServedNewsroom) -> None:
    hub = newsroom.app.state.events = EventHub(newsroom.app.state.newsroom, alive_s=0.2)
    newsroom.accounts.add("rita", PASSWORD, parse_roles(["demo=viewer"]))
    with _events(newsroom, "rita") as stream:
        newsroom.accounts.remove("rita")
        queue = next(iter(hub._pages))
        stop = threading.Event()

        def fill() -> None:
            while not stop.wait(0.01):
                assert hub._loop
                hub._loop.call_soon_threadsafe(queue.put_nowait, "event: edits\n\n")

        filling = threading.Thread(target=fill)
        filling.start()
        lines = stream.read().splitlines()
        stop.set()
        filling.join()
    assert b"event: edits" in lines
    assert b"event: signed-out" in lines


@pytest.mark.slow
def test_open_pages_do_not_hold_up_the_end_of_the_server(tmp_path: Path) -> None:
    with served_newsroom(tmp_path) as newsroom, _events(newsroom, "vera") as stream:
        assert stream.readline() == b"retry: 3000\n"
        wait_for(lambda: newsroom.app.state.events.pages == 1)
        newsroom.app.state.events.close()
        assert stream.read().startswith(b"\n")  # the stream has its end, and was not cut off


@pytest.mark.slow
def test_a_page_learns_why_it_gets_no_more_changes(tmp_path: Path) -> None:
    """A session that ended, and a station that was removed while its page was open."""
    with served_newsroom(tmp_path) as newsroom:
        newsroom.app.state.events = EventHub(newsroom.app.state.newsroom, alive_s=0.05)
        with _events(newsroom, "vera") as stream:
            assert stream.readline() == b"retry: 3000\n"
            newsroom.accounts.set_password("vera", "harbour lantern valley")
            assert b"event: signed-out\n" in stream.read()
        with _events(newsroom, "eddie") as stream:
            assert stream.readline() == b"retry: 3000\n"
            del newsroom.stations[0]
            rest = stream.read()
            assert b"event: gone\n" in rest
            assert b'no station is called \\"demo\\" here' in rest


class _BusyArchive:
    """An archive that somebody else has locked."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.change_mark = archive.change_mark
        self.is_busy = False
        self.tries = 0

    def reading(self) -> AbstractContextManager[Connection]:
        if self.is_busy:
            self.tries += 1
            raise ArchiveError("archive is locked")
        return self._archive.reading()


def test_no_change_is_lost_while_the_archive_is_busy(newsroom: ServedNewsroom) -> None:
    archive = _BusyArchive(newsroom.archive)
    room = replace(newsroom.app.state.newsroom, archive=archive)
    hub = newsroom.app.state.events = EventHub(room, look_s=0.02)
    with _events(newsroom, "ada") as stream:
        wait_for(lambda: "demo" in hub.watched)
        archive.is_busy = True
        EditLedger(newsroom.archive).record(_edit("demo", "while it is busy"))
        wait_for(lambda: archive.tries > 2)
        archive.is_busy = False
        events = (line for line in stream if line.startswith(b"event:"))
        assert [next(events), next(events)] == [b"event: watching\n", b"event: edits\n"]


def test_a_busy_archive_signs_nobody_out() -> None:
    def check() -> None:
        raise ArchiveError("archive is locked")

    assert asyncio.run(look_whether_it_may_stay(check)) == ": still here\n\n"
