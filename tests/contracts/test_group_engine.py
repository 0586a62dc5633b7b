"""Contract tests that every engine of a group passes."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Event, Lock, Thread

import pytest

from bulletin.group.engines.engine_port import DELIVERY, MAIN, NETWORK, QUICK, SPEECH, Engine, Hint, queue_in
from bulletin.group.engines.thread_engine import ThreadEngine
from tests.support.postgres_server import PostgresServer

LONGEST_S = 60.0


@pytest.fixture(params=["threads", pytest.param("procrastinate", marks=pytest.mark.clients)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "threads":
        made: Engine = ThreadEngine()
    else:
        pytest.importorskip("procrastinate", reason="pip install 'bulletin[group]'")
        from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine

        made = ProcrastinateEngine(request.getfixturevalue("postgres_url"))
    yield made
    made.close()


class Handled:
    """Handles hints and counts them; `seen` is set when `number` were handled."""

    def __init__(self, number: int) -> None:
        self.hints: list[Hint] = []
        self.seen = Event()
        self._number, self._lock = number, Lock()

    def __call__(self, hint: Hint) -> None:
        with self._lock:
            self.hints.append(hint)
            if len(self.hints) == self._number:
                self.seen.set()

    @property
    def keys(self) -> list[str]:
        return [hint.key for hint in self.hints]


def run(engine: Engine, handled: Handled, *, parallel: int = 1, queues: tuple[str, ...] = ()) -> None:
    """Run the engine until all hints are handled."""
    thread = Thread(target=lambda: engine.run(handled, parallel=parallel, queues=queues))
    thread.start()
    try:
        assert handled.seen.wait(LONGEST_S)
    finally:
        engine.stop()
        thread.join(LONGEST_S)
    assert not thread.is_alive()


def test_the_highest_priority_goes_first_then_the_oldest(engine: Engine) -> None:
    hints = [Hint(kind="mix", key=key, priority=priority) for key, priority in (("c", 1), ("d", 1), ("a", 9))]
    engine.submit([*hints, Hint(kind="feed", key="b", priority=5)])
    waiting = engine.backlog()[MAIN]
    handled = Handled(4)

    run(engine, handled)

    assert (waiting, engine.backlog()[MAIN]) == (4, 0)
    assert handled.keys == ["a", "b", "c", "d"]
    assert handled.hints[1].kind == "feed"


def test_a_hint_for_a_voice_waits_for_a_worker_that_has_it(engine: Engine) -> None:
    voices = [Hint(kind="speak", key=key, queue=f"voice:{key}") for key in ("hibari:demo", "kokoro:heart")]
    engine.submit([*voices, Hint(kind="feed", key="f")])
    handled = Handled(2)

    run(engine, handled, queues=("voice:hibari:demo",))

    assert sorted(handled.keys) == ["f", "hibari:demo"]
    assert (engine.backlog()[MAIN], engine.backlog(["voice:hibari:demo"])[MAIN]) == (1, 0)


def test_quick_pieces_do_not_wait_behind_long_ones(engine: Engine) -> None:
    """A stand-by is done while every other thread is busy."""
    released, handled = Event(), Handled(1)

    def handle(hint: Hint) -> None:
        if hint.queue == QUICK or hint.kind == "standby":
            handled(hint)
            released.set()
        else:
            released.wait(LONGEST_S)

    engine.submit([Hint(kind="mix", key="long", priority=9), Hint(kind="standby", key="now", queue=QUICK)])
    thread = Thread(target=lambda: engine.run(handle, parallel=1))
    thread.start()

    assert handled.seen.wait(LONGEST_S)
    engine.stop()
    thread.join(LONGEST_S)
    assert not thread.is_alive()


def test_hints_are_counted_by_lane(engine: Engine) -> None:
    """Stuck feeds must not stop the hints of drafts."""
    queues = ["", NETWORK, NETWORK, DELIVERY, queue_in(QUICK, "voice:hibari:demo"), "voice:hibari:demo"]
    engine.submit(Hint(kind="any", key=str(number), queue=queue) for number, queue in enumerate(queues))

    assert {lane: number for lane, number in engine.backlog().items() if number} == {
        MAIN: 2,
        NETWORK: 2,
        DELIVERY: 1,
        QUICK: 1,
    }
    assert {lane: number for lane, number in engine.backlog(["voice:other"]).items() if number} == {
        MAIN: 1,
        NETWORK: 2,
        DELIVERY: 1,
    }


def test_a_slow_voice_holds_no_mix(engine: Engine) -> None:
    released, handled = Event(), Handled(1)

    def handle(hint: Hint) -> None:
        if hint.kind == "mix":
            handled(hint)
            released.set()
        else:
            released.wait(LONGEST_S)

    voice = queue_in(SPEECH, "voice:gtts")
    sentences = [Hint(kind="speak", key=str(number), priority=9, queue=voice) for number in range(20)]
    engine.submit([*sentences, Hint(kind="mix", key="hill")])
    thread = Thread(target=lambda: engine.run(handle, parallel=1, queues=["voice:gtts"]))
    thread.start()

    assert handled.seen.wait(LONGEST_S)
    engine.stop()
    thread.join(LONGEST_S)


def test_long_uploads_do_not_hold_feeds(engine: Engine) -> None:
    released, handled = Event(), Handled(1)

    def handle(hint: Hint) -> None:
        if hint.kind == "feed":
            handled(hint)
            released.set()
        else:
            released.wait(LONGEST_S)

    uploads = [Hint(kind="deliver", key=str(number), priority=9, queue=DELIVERY) for number in range(20)]
    engine.submit([*uploads, Hint(kind="feed", key="gazette", queue=NETWORK)])
    thread = Thread(target=lambda: engine.run(handle, parallel=1))
    thread.start()

    assert handled.seen.wait(LONGEST_S)
    engine.stop()
    thread.join(LONGEST_S)


def test_a_running_engine_takes_hints_of_a_voice_that_came_later(engine: Engine) -> None:
    engine.submit([Hint(kind="mix", key="first"), Hint(kind="speak", key="later", queue="voice:new")])
    first, both = Event(), Handled(2)

    def handle(hint: Hint) -> None:
        both(hint)
        first.set()

    thread = Thread(target=lambda: engine.run(handle, parallel=1))
    thread.start()
    assert first.wait(LONGEST_S)
    engine.listen(["voice:new"])

    assert both.seen.wait(LONGEST_S)
    assert both.keys == ["first", "later"]
    engine.stop()
    thread.join(LONGEST_S)


def test_pieces_are_handled_side_by_side_and_a_mistake_stops_no_thread(engine: Engine) -> None:
    together, handled = Barrier(2), Handled(2)

    def handle(hint: Hint) -> None:
        if hint.key == "bad":
            raise ZeroDivisionError("a mistake of the handler")
        together.wait(LONGEST_S)
        handled(hint)

    engine.submit([Hint(kind="mix", key=key, priority=int(key == "bad")) for key in ("bad", "a", "b")])
    thread = Thread(target=lambda: engine.run(handle, parallel=2))
    thread.start()

    assert handled.seen.wait(LONGEST_S)
    engine.stop()
    thread.join(LONGEST_S)


def test_stopped_before_it_runs_it_takes_nothing(engine: Engine) -> None:
    engine.submit([Hint(kind="mix", key="a")])
    engine.stop()

    engine.run(lambda hint: pytest.fail("taken"), parallel=1)

    assert engine.backlog()[MAIN] == 1


@pytest.mark.clients
def test_a_worker_that_was_taken_for_dead_says_so_and_ends(
    postgres_server: PostgresServer, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A frozen one, for example, whose heartbeat was too old."""
    pytest.importorskip("procrastinate", reason="pip install 'bulletin[group]'")
    from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine

    engine, handled = ProcrastinateEngine(postgres_url), Handled(1)
    database = postgres_url.partition("?")[0].rpartition("/")[2]
    thread = Thread(target=lambda: engine.run(handled, parallel=1))
    thread.start()
    try:
        engine.submit([Hint(kind="mix", key="a")])
        assert handled.seen.wait(LONGEST_S)
        postgres_server.execute("DELETE FROM bulletin_queue.procrastinate_workers", database=database)
        engine.submit([Hint(kind="mix", key="b")])
        thread.join(LONGEST_S)
        assert not thread.is_alive()
    finally:
        engine.stop()
        thread.join(LONGEST_S)
        engine.close()

    assert handled.keys == ["a"]
    assert (
        "worker ends: the queue took this worker for dead: it had not answered for 40 seconds" in caplog.text
    )
