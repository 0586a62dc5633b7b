"""Feeds of a group's stations over HTTP: each feed and each page is asked for once, and a slow one holds nobody."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bulletin.model import Level, SlotRecord
from tests.articles.feed_texts import page
from tests.faults.station_on_clock import DEEDS, SUBJECTS
from tests.support.group_processes import WAIT_S, run_group
from tests.support.web_servers import Silent, served_by

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")

STORIES = 4
_FEED = '[[feeds]]\nurl = "{url}"\nprivate = true\n'
_FETCH = "[fetch]\ntimeout_s = 120\nhost_gap_s = 0\n"


class Publisher(Silent):
    """A feed with pages, and a feed that does not answer until it may."""

    requests: Counter[str] = Counter()
    """Addresses that were asked for: two publishers have pages with the same paths."""
    may_answer = threading.Event()
    at: datetime = datetime.now(UTC)

    def do_GET(self) -> None:
        host = f"http://{self.headers['Host']}"
        self.requests[host + self.path] += 1
        if self.path == "/slow.xml":
            self.may_answer.wait(WAIT_S)
        number = int(self.path.rpartition("/")[2]) if self.path.startswith("/story/") else 0
        is_feed = self.path.endswith(".xml")
        text = _feed(host, self.at) if is_feed else page(_title(number), *[_words(number)] * 3)
        kind = "application/rss+xml" if is_feed else "text/html; charset=utf-8"
        with suppress(ConnectionError):  # whoever asked does not wait
            self.answer(200, text.encode(), {"Content-Type": kind})


def _title(number: int) -> str:
    return f"Wexcombe {SUBJECTS[number]} {DEEDS[number]}"


def _words(number: int) -> str:
    return (
        f"The {SUBJECTS[number]} in Wexcombe {DEEDS[number]}, the town council said on Tuesday. "
        f"The mayor of Wexcombe said {1000 + 2 * number} people had asked for it."
    )


def _feed(host: str, at: datetime) -> str:
    date = format_datetime(at - timedelta(hours=1))
    items = "".join(
        f"<item><title>{_title(number)}</title><link>{host}/story/{number}</link><guid>{number}</guid>"
        f"<pubDate>{date}</pubDate><description>{_words(number)}</description></item>"
        for number in range(STORIES)
    )
    return (
        f'<rss version="2.0"><channel><title>The Gazette</title><link>{host}/</link>{items}</channel></rss>'
    )


def test_feeds_and_pages_are_read_once_and_a_slow_feed_holds_only_its_own_station(
    tmp_path: Path, postgres_url: str
) -> None:
    with (
        served_by(Publisher) as site,
        served_by(Publisher) as other,
        run_group(tmp_path, postgres_url) as group,
    ):
        other = other.replace("127.0.0.1", "localhost")  # requests of one host wait for one another
        quick, slow = _FEED.format(url=f"{site}/gazette.xml"), _FEED.format(url=f"{other}/slow.xml")
        due = group.write(stations=3, feeds=quick, tables=_FETCH)
        group.write(stations=1, first=3, feeds=quick + slow, tables=_FETCH, due=due)
        group.start("planner", "plan")
        group.start("one", "worker")
        group.wait(lambda: _ready(group.rows(due)) >= {"st0", "st1", "st2"}, "the quick stations")
        Publisher.may_answer.set()
        rows = group.wait_until_done(due, stations=4)

    assert [row.level for row in rows] == [Level.FRESH] * 4
    assert Publisher.requests[f"{site}/gazette.xml"] == 1
    pages = {address: count for address, count in Publisher.requests.items() if "/story/" in address}
    assert set(pages.values()) == {1}
    assert sum(address.startswith(site) for address in pages) == STORIES


class Broken(Publisher):
    """The same feed, whose server is broken for two requests."""

    requests: Counter[str] = Counter()

    def do_GET(self) -> None:
        if self.requests.total() < 2:
            self.requests[f"http://{self.headers['Host']}{self.path}"] += 1
            self.answer(500, b"", {})
        else:
            super().do_GET()


def test_a_feed_that_comes_back_before_the_slot_brings_fresh_news(tmp_path: Path, postgres_url: str) -> None:
    """The same fault on one machine is a line of docs/FAULTS.md."""
    with served_by(Broken) as site, run_group(tmp_path, postgres_url) as group:
        due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=4)
        group.write(stations=2, feeds=_FEED.format(url=f"{site}/gazette.xml"), tables=_FETCH, due=due)
        group.start("planner", "plan")
        group.start("one", "worker")
        rows = group.wait_until_done(due, stations=2)

    assert [row.level for row in rows] == [Level.FRESH] * 2
    assert Broken.requests[f"{site}/gazette.xml"] == 3


def _ready(rows: list[SlotRecord]) -> set[str]:
    return {row.station for row in rows}
