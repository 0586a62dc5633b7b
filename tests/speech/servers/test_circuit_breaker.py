"""Circuit breaker with state on disk."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.errors import EngineBusyError
from bulletin.speech.servers.circuit_breaker import CircuitBreaker
from tests.support.factories import NOW


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "pause.json"


def make(path: Path, clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(path, name="gtts", first=timedelta(minutes=10), clock=clock)


def is_open(path: Path, clock: Clock) -> bool:
    try:
        make(path, clock).check()
    except EngineBusyError:
        return True
    return False


def test_the_circuit_is_closed_at_first(path: Path, clock: Clock) -> None:
    make(path, clock).check()


def test_the_circuit_opens_for_minutes_with_a_reason(path: Path, clock: Clock) -> None:
    make(path, clock).open("HTTP 429")

    with pytest.raises(EngineBusyError, match=r"gtts: paused until 07:10 UTC \(HTTP 429\)") as caught:
        make(path, clock).check()
    assert caught.value.retry_after_s == 600
    clock.now += timedelta(minutes=10)
    assert not is_open(path, clock)


def test_each_failure_in_a_row_doubles_the_time(path: Path, clock: Clock) -> None:
    waits = []
    for _ in range(7):
        make(path, clock).open("HTTP 429")
        begun = clock.now
        while is_open(path, clock):
            clock.now += timedelta(minutes=1)
        waits.append(int((clock.now - begun).total_seconds() / 60))

    assert waits == [10, 20, 40, 80, 160, 180, 180]


def test_sentences_that_fail_side_by_side_are_one_failure(path: Path, clock: Clock) -> None:
    for _ in range(3):
        make(path, clock).open("HTTP 429")

    clock.now += timedelta(minutes=10)
    assert not is_open(path, clock)


def test_a_success_starts_over(path: Path, clock: Clock) -> None:
    make(path, clock).open("HTTP 429")
    make(path, clock).close()

    assert not is_open(path, clock)
    make(path, clock).open("HTTP 500")
    clock.now += timedelta(minutes=10)
    assert not is_open(path, clock)


def test_the_server_may_ask_for_longer(path: Path, clock: Clock) -> None:
    make(path, clock).open("HTTP 429", at_least_s=3000)

    clock.now += timedelta(minutes=49)
    assert is_open(path, clock)
    clock.now += timedelta(minutes=1)
    assert not is_open(path, clock)


def test_a_clock_that_was_set_back_does_not_keep_the_circuit_open(path: Path, clock: Clock) -> None:
    make(path, clock).open("HTTP 429")
    clock.now -= timedelta(days=3)

    assert not is_open(path, clock)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", "[" * 100_000, '{"until": "soon", "failures": 1, "reason": ""}', "\xff"]
)
def test_a_damaged_state_file_is_ignored(path: Path, clock: Clock, text: str) -> None:
    path.parent.mkdir()
    path.write_bytes(text.encode("latin-1"))

    assert not is_open(path, clock)
    make(path, clock).open("HTTP 429")
    assert is_open(path, clock)


def test_a_state_file_that_cannot_be_written_is_no_error(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("in the way")

    make(tmp_path / "file" / "pause.json", clock).open("HTTP 429")
