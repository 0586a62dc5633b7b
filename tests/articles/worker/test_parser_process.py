from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bulletin.articles.gather_articles import gather_articles
from bulletin.articles.parsed_feed import FeedDocument, FeedEntry, Forecast, ForecastSpan, PageText, SkySymbol
from bulletin.articles.worker.parser_process import _BOOT, ParserProcess, WorkerError, pack, unpack
from bulletin.articles.worker.parser_process_pool import FEED_S, WorkerPool
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import ParseError
from bulletin.model import Feed, FeedState
from bulletin.runtime.deadline import Deadline
from tests.articles.feed_texts import HEAVY, WORDS, item, page, rss
from tests.support.factories import NOW

FEED = rss(item()).encode()
PAGE = page("Bridge closes", *[WORDS * 3] * 4).encode()


def test_a_feed_is_parsed_in_another_process() -> None:
    with ParserProcess() as worker:
        assert worker.run("feed", FEED, cpu_s=60, within_s=600).entries[0].title == "Bridge closes"


def test_one_process_parses_several_documents() -> None:
    with ParserProcess() as worker:
        worker.run("feed", FEED, cpu_s=60, within_s=600)
        first = worker._process
        worker.run("feed", FEED, cpu_s=60, within_s=600)

        assert worker._process is first


def test_a_reason_comes_back_as_it_is() -> None:
    with (
        ParserProcess() as worker,
        pytest.raises(ParseError, match=r"https://g.example/: sent an empty answer"),
    ):
        worker.run("feed", b"", cpu_s=60, within_s=600, url="https://g.example/")


def test_an_unexpected_error_comes_back_as_text() -> None:
    with ParserProcess() as worker:
        with pytest.raises(WorkerError, match=r"cannot be read \(TypeError"):
            worker.run("feed", FEED, cpu_s=60, within_s=600, colour="red")
        assert worker.run("feed", FEED, cpu_s=60, within_s=600).entries


@pytest.mark.slow
def test_a_slow_document_is_killed_and_the_next_one_is_parsed() -> None:
    with ParserProcess() as worker:
        with pytest.raises(WorkerError, match=r"more than 0.2 s of processor time"):
            worker.run("feed", HEAVY, cpu_s=0.2, within_s=600)
        assert worker.run("feed", FEED, cpu_s=60, within_s=600).entries


STOPS_FIRST = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP); "
"""Boot code that stops the process, as on a busy machine, until the test continues it."""


def continue_after(worker: ParserProcess, seconds: float) -> None:
    """Continue the worker, some time after it has stopped itself."""
    while not (worker._process and is_stopped(worker._process.pid)):
        time.sleep(0.01)
    time.sleep(seconds)
    os.kill(worker._process.pid, signal.SIGCONT)


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "T"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_waiting_for_the_processor_and_the_start_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worker is stopped for longer than its limit; loading its libraries takes 0.5 s of CPU time."""
    monkeypatch.setattr("bulletin.articles.worker.parser_process._BOOT", STOPS_FIRST + _BOOT)
    with ParserProcess() as worker:
        thread = threading.Thread(target=continue_after, args=(worker, 0.7))
        thread.start()
        page = worker.run("page", PAGE, cpu_s=0.3, within_s=600, title="Bridge closes")
        thread.join()

        assert "The council said" in page.text


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_timeout_on_a_busy_machine_does_not_blame_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.articles.worker.parser_process._BOOT", STOPS_FIRST + _BOOT)
    with (
        ParserProcess() as worker,
        pytest.raises(WorkerError, match=r"not parsed within .*too busy") as caught,
    ):
        worker.run("feed", FEED, cpu_s=60, within_s=0.1)
    assert not caught.value.is_its_fault


def test_a_worker_killed_from_outside_does_not_blame_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel kills processes like this when memory runs out."""
    monkeypatch.setattr(
        "bulletin.articles.worker.parser_process._BOOT",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    )
    with ParserProcess() as worker, pytest.raises(WorkerError, match="out of memory") as caught:
        worker.run("feed", FEED, cpu_s=60, within_s=600)
    assert not caught.value.is_its_fault


def boot_with_answer(payload: str) -> str:
    """Boot code of a worker under hostile control that answers with the payload."""
    return (
        "import pickle, struct, subprocess, sys; "
        f"answer = {payload.replace('{', '{{').replace('}', '}}')}; "
        "sys.stdout.buffer.write(struct.pack('>I', len(answer)) + answer); sys.stdout.buffer.flush(); "
        "sys.stdin.buffer.read()"
    )


def test_a_hostile_worker_cannot_run_code_in_our_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Unpickling would call any function that the pickle names."""
    made = tmp_path / "made"
    pickled = f"b'cos\\nmkdir\\n(S\"{made}\"\\ntR.'"
    monkeypatch.setattr("bulletin.articles.worker.parser_process._BOOT", boot_with_answer(pickled))

    with ParserProcess() as worker, pytest.raises(WorkerError, match="gave an invalid answer") as caught:
        worker.run("feed", FEED, cpu_s=60, within_s=600)

    assert not made.exists()
    assert caught.value.is_its_fault


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"ok\n",
        b"ok\n{}{}",
        b'ok\n{"title": 7}',
        b'ok\n{"entries": [{"published": "yesterday"}]}',
        b'ok\n{"entries": "many"}',
        b"ok\n" + b"[" * 100_000,
        b"\xff\xfe",
        b'refused\n["ParseError"]',
    ],
)
def test_an_invalid_answer_is_a_reason(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.articles.worker.parser_process._BOOT", boot_with_answer(repr(answer)))

    with ParserProcess() as worker, pytest.raises(WorkerError, match="gave an invalid answer"):
        worker.run("feed", FEED, cpu_s=60, within_s=600)


def test_an_answer_larger_than_any_feed_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = "import struct, sys; sys.stdout.buffer.write(struct.pack('>I', 1_000_000_000)); sys.stdout.buffer.flush(); sys.stdin.buffer.read()"
    monkeypatch.setattr("bulletin.articles.worker.parser_process._BOOT", boot)

    with ParserProcess() as worker, pytest.raises(WorkerError, match="1000 MB, more than 67"):
        worker.run("feed", FEED, cpu_s=60, within_s=600)


def test_a_refusal_cannot_raise_other_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bulletin.articles.worker.parser_process._BOOT",
        boot_with_answer(repr(b'refused\n["SystemExit", "u", "bye"]')),
    )

    with ParserProcess() as worker, pytest.raises(WorkerError, match=r"cannot be read \(SystemExit: bye\)"):
        worker.run("feed", FEED, cpu_s=60, within_s=600)


def test_a_worker_that_died_is_replaced() -> None:
    with ParserProcess() as worker:
        worker.start()
        assert worker._process
        worker._process.kill()
        worker._process.wait()

        assert worker.run("feed", FEED, cpu_s=60, within_s=600).entries


@pytest.mark.slow
def test_waiting_jobs_are_released_at_the_end() -> None:
    worker = ParserProcess()
    worker.run("feed", FEED, cpu_s=60, within_s=600)
    reasons: list[str] = []

    def wait() -> None:
        try:
            worker.run("feed", HEAVY, cpu_s=60, within_s=600)
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
    assert reasons == ["stopped"]
    with pytest.raises(WorkerError, match=r"stopped"):
        worker.run("feed", FEED, cpu_s=60, within_s=600)


@pytest.mark.slow
def test_no_hostile_feed_takes_more_than_six_seconds_of_processor_time() -> None:
    async def read() -> None:
        async with WorkerPool() as readers:
            await readers.read_feed(HEAVY, url="https://g.example/")

    with pytest.raises(WorkerError, match=r"more than 6 s of processor time"):
        asyncio.run(read())


@pytest.mark.parametrize(("left_s", "within_s"), [(0.0, 0.0), (20.0, 20.0), (600.0, 60.0), (None, 60.0)])
def test_the_wall_clock_limit_is_ten_times_the_cpu_limit_within_the_run(
    left_s: float | None, within_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit in wall-clock time keeps a busy machine from holding up the run."""
    given: list[float] = []

    class Noting(ParserProcess):
        def run(self, job: str, body: bytes, *, cpu_s: float, within_s: float, **options: Any) -> Any:
            given.extend((cpu_s, within_s))

    monkeypatch.setattr("bulletin.articles.worker.parser_process_pool.ParserProcess", Noting)
    until = None if left_s is None else Deadline.after(left_s)

    async def read() -> None:
        async with WorkerPool(until=until) as readers:
            await readers.read_feed(FEED, url="https://g.example/")

    asyncio.run(read())

    assert given[0] == FEED_S == 6.0
    assert given[1] == pytest.approx(within_s, abs=20.0 if within_s == 20.0 else 0.0)
    assert given[1] <= within_s


def test_small_documents_come_before_huge_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the time may end before all are parsed; a job that is given up keeps no process."""
    order: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    class Noting(ParserProcess):
        def run(self, job: str, body: bytes, *, cpu_s: float, within_s: float, **options: Any) -> Any:
            order.append(len(body))
            begun.set()
            go_on.wait(60)

    monkeypatch.setattr("bulletin.articles.worker.parser_process_pool.ParserProcess", Noting)

    async def read() -> None:
        async with WorkerPool() as readers:
            readers._spare = None
            sizes = (50, 900, 10, 300, 20)
            jobs = [
                asyncio.create_task(readers.read_feed(b"x" * size, url="https://g.example/"))
                for size in sizes
            ]
            await asyncio.to_thread(begun.wait, 60)
            jobs[3].cancel()
            await asyncio.sleep(0)
            go_on.set()
            await asyncio.gather(*jobs, return_exceptions=True)

    asyncio.run(read())

    assert order == [50, 10, 20, 900]


def test_a_run_without_a_job_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stations that share their feeds mostly find all of them read."""
    monkeypatch.setattr(subprocess, "Popen", lambda *arguments, **options: pytest.fail("started"))

    async def do_nothing() -> None:
        async with WorkerPool():
            pass

    asyncio.run(do_nothing())


def test_a_process_that_cannot_start_fails_the_feed_and_not_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Process limits, or an update of Python under a running service, prevent the start."""
    monkeypatch.setattr("bulletin.articles.worker.parser_process.sys.executable", str(tmp_path / "gone"))
    (tmp_path / "gazette.rss").write_bytes(FEED)
    feed = Feed(url=str(tmp_path / "gazette.rss"), name="gazette")

    (report,) = gather_articles([feed], now=NOW, options=FetchOptions()).reports

    assert report.state is FeedState.FAILED
    assert "the feed parser's process cannot be started: No such file" in report.reason


def test_a_process_closed_while_it_starts_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline of the run passes while the spare worker is being started."""
    worker = ParserProcess()
    start = subprocess.Popen
    closing = threading.Thread(target=worker.close)

    def popen(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        closing.start()
        while not worker._closed:
            closing.join(0.01)
        return start(*args, **options)

    monkeypatch.setattr("bulletin.articles.worker.parser_process.subprocess.Popen", popen)
    with pytest.raises(WorkerError, match="stopped"):
        worker.run("feed", FEED, cpu_s=60, within_s=600)

    closing.join(60)
    assert worker._process is None


@pytest.mark.slow
def test_a_hostile_feed_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bulletin.articles.worker.parser_process_pool.FEED_S", 300.0
    )  # long enough for a busy machine
    order: list[str] = []

    async def read(readers: WorkerPool, body: bytes, name: str) -> None:
        try:
            await readers.read_feed(body, url="https://g.example/")
        except WorkerError:
            order.append(f"{name} killed")
        else:
            order.append(name)

    async def work() -> None:
        async with WorkerPool() as readers:
            hostile = asyncio.create_task(read(readers, HEAVY, "hostile"))
            await asyncio.sleep(0.05)
            await asyncio.gather(*(read(readers, FEED, "honest") for _ in range(3)))
            assert order == ["honest"] * 3
        await hostile

    asyncio.run(work())

    assert order[3:] == ["hostile killed"]


MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 25, 7, 0, 0, 123456, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]
FORECAST = Forecast(
    service="MET Norway",
    licence="https://licence.example/",
    spells=(
        ForecastSpan(
            start=MOMENTS[1],
            hours=6,
            sky=SkySymbol(cover="fair", is_showery=True),
            temperature_c=-4,
            wind_mps=3.5,
        ),
        ForecastSpan(start=MOMENTS[1], hours=1),
    ),
)


def _entries() -> Iterator[FeedEntry]:
    for number, moment in enumerate(MOMENTS):
        yield FeedEntry(title=f"Ü {number} \u2028\0", published=moment, labels=("a", "b"))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FeedDocument, FeedDocument()),
        (
            FeedDocument,
            FeedDocument(
                title="The Gazette",
                ttl_s=60.0,
                entries=(*_entries(), FeedEntry()),
                notes=("read as far as possible",),
            ),
        ),
        (FeedDocument, FeedDocument(forecast=FORECAST)),
        (PageText, PageText(text="Two\n\nparagraphs", reason="too short")),
        (dict[str, str], {"https://g.example/": "", "https://g.example/2": "News"}),
        (dict[str, str], {}),
    ],
)
def test_a_packed_document_is_unpacked_unchanged(kind: Any, value: object) -> None:
    data = pack(value)

    assert isinstance(json.loads(data), dict | list)
    assert unpack(kind, data) == value


def test_half_a_surrogate_pair_is_no_character() -> None:
    """A JSON feed may hold half a surrogate pair, which no file and no voice accepts."""
    assert unpack(PageText, pack(PageText(text="one \ud83d two"))).text == "one ? two"


@pytest.mark.parametrize("data", [b"", b"7", b"[]", b'{"text": 7}', b"{" * 50_000])
def test_an_answer_of_another_shape_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"validation error|Invalid JSON"):
        unpack(PageText, data)


def test_only_the_types_of_documents_are_packed() -> None:
    with pytest.raises(TypeError, match="set is not a type"):
        pack({"labels": {1}})
