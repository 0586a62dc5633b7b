from __future__ import annotations

import asyncio
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from bulletin.articles.gather import gather_articles
from bulletin.articles.readers import Readers
from bulletin.articles.worker import Worker, WorkerError
from bulletin.config.options import FetchOptions
from bulletin.errors import ParseError
from bulletin.model import Feed, FeedState
from tests.articles.feeds import item, rss
from tests.factories import NOW

FEED = rss(item()).encode()
HEAVY = rss(item(more="".join(f"<category>c{n}</category>" for n in range(60_000)))).encode()
"""feedparser 6.0.14 needs time that grows with the square of it: half a minute here."""


def test_a_feed_is_read_over_there() -> None:
    with Worker() as worker:
        assert worker.run("feed", FEED, timeout_s=60).entries[0].title == "Bridge closes"


def test_one_process_does_all() -> None:
    with Worker() as worker:
        worker.run("feed", FEED, timeout_s=60)
        first = worker._process
        worker.run("feed", FEED, timeout_s=60)

        assert worker._process is first


def test_a_reason_comes_back_as_it_is() -> None:
    with (
        Worker() as worker,
        pytest.raises(ParseError, match=r"https://g.example/: answered with nothing at all"),
    ):
        worker.run("feed", b"", timeout_s=60, url="https://g.example/")


def test_what_nobody_foresaw_comes_back_in_words() -> None:
    with Worker() as worker:
        with pytest.raises(WorkerError, match=r"cannot be read \(TypeError"):
            worker.run("feed", FEED, timeout_s=60, colour="red")
        assert worker.run("feed", FEED, timeout_s=60).entries


def test_who_takes_too_long_is_killed_and_the_next_one_is_served() -> None:
    with Worker() as worker:
        with pytest.raises(WorkerError, match=r"longer than 0.5 s"):
            worker.run("feed", HEAVY, timeout_s=0.5)
        assert worker.run("feed", FEED, timeout_s=60).entries


def test_a_worker_that_died_is_replaced() -> None:
    with Worker() as worker:
        worker.start()
        assert worker._process
        worker._process.kill()
        worker._process.wait()

        assert worker.run("feed", FEED, timeout_s=60).entries


def test_whoever_waits_is_let_go_at_the_end() -> None:
    worker = Worker()
    worker.run("feed", FEED, timeout_s=60)
    reasons: list[str] = []

    def wait() -> None:
        try:
            worker.run("feed", HEAVY, timeout_s=60)
        except WorkerError as error:
            reasons.append(str(error))

    thread = threading.Thread(target=wait)
    thread.start()
    while not worker._lock.locked():
        thread.join(0.01)
    thread.join(0.3)
    worker.close()
    thread.join(60)

    assert not thread.is_alive()
    assert reasons == ["reading it failed; it may be broken on purpose"]
    with pytest.raises(WorkerError, match=r"stopped"):
        worker.run("feed", FEED, timeout_s=60)


@pytest.mark.slow
def test_nobody_waits_for_a_hostile_feed_longer_than_six_seconds() -> None:
    async def read() -> None:
        async with Readers() as readers:
            await readers.read_feed(HEAVY, url="https://g.example/")

    with pytest.raises(WorkerError, match=r"longer than 6 s"):
        asyncio.run(read())


def test_where_no_process_can_be_started_a_feed_fails_and_not_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The machine has no room for one more, or Python was renewed under a service."""
    monkeypatch.setattr("bulletin.articles.worker.sys.executable", str(tmp_path / "gone"))
    (tmp_path / "gazette.rss").write_bytes(FEED)
    feed = Feed(url=str(tmp_path / "gazette.rss"), name="gazette")

    (report,) = gather_articles([feed], now=NOW, options=FetchOptions()).reports

    assert report.state is FeedState.FAILED
    assert "no process can be started that reads it: No such file" in report.reason


def test_who_is_closed_while_it_starts_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is up for all feeds in the moment in which the spare worker is being started."""
    worker = Worker()
    start = subprocess.Popen
    closing = threading.Thread(target=worker.close)

    def popen(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        closing.start()
        while not worker._closed:
            closing.join(0.01)
        return start(*args, **options)

    monkeypatch.setattr("bulletin.articles.worker.subprocess.Popen", popen)
    with pytest.raises(WorkerError, match="stopped"):
        worker.run("feed", FEED, timeout_s=60)

    closing.join(60)
    assert worker._process is None


def test_a_hostile_feed_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.articles.readers.FEED_S", 300.0)  # however busy the machine is
    order: list[str] = []

    async def read(readers: Readers, body: bytes, name: str) -> None:
        try:
            await readers.read_feed(body, url="https://g.example/")
        except WorkerError:
            order.append(f"{name} killed")
        else:
            order.append(name)

    async def work() -> None:
        async with Readers() as readers:
            hostile = asyncio.create_task(read(readers, HEAVY, "hostile"))
            await asyncio.sleep(0.05)
            await asyncio.gather(*(read(readers, FEED, "honest") for _ in range(3)))
            assert order == ["honest"] * 3
        await hostile

    asyncio.run(work())

    assert order[3:] == ["hostile killed"]
