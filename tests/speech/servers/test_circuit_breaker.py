"""Circuit breaker with its state on disk, or in the archive of a group."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.errors import ArchiveError, EngineBusyError
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


class Row:
    """A row of a group's archive, which may be away."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.changes = 0
        self.is_away = False

    def read(self) -> str | None:
        if self.is_away:
            raise ArchiveError("no connection")
        return self.text

    @contextmanager
    def changing(self) -> Iterator[Callable[[str], None]]:
        self.read()
        yield self._put

    def _put(self, text: str) -> None:
        self.text, self.changes = text, self.changes + 1


def share(path: Path, clock: Clock, row: Row) -> CircuitBreaker:
    """That of one machine of a group."""
    breaker = make(path, clock)
    breaker.share(row)
    return breaker


def refuses(breaker: CircuitBreaker) -> bool:
    try:
        breaker.check()
    except EngineBusyError:
        return True
    return False


def is_open(path: Path, clock: Clock) -> bool:
    return refuses(make(path, clock))


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
    clock.now += timedelta(minutes=10)
    make(path, clock).close()

    assert not path.exists()
    make(path, clock).open("HTTP 500")
    clock.now += timedelta(minutes=10)
    assert not is_open(path, clock)


def test_a_success_of_a_call_that_began_before_the_pause_does_not_end_it(path: Path, clock: Clock) -> None:
    make(path, clock).open("HTTP 429")
    make(path, clock).close()

    assert is_open(path, clock)


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


def test_the_state_file_has_the_form_of_older_versions(path: Path, clock: Clock) -> None:
    make(path, clock).open("HTTP 429")

    assert json.loads(path.read_text("utf-8")) == {
        "until": "2026-11-24T07:10:00+00:00",
        "failures": 1,
        "reason": "HTTP 429",
    }


def test_a_refusal_of_one_machine_opens_the_circuit_of_all(tmp_path: Path, clock: Clock) -> None:
    row = Row()
    one, other = (share(tmp_path / name / "pause.json", clock, row) for name in ("one", "other"))

    one.open("HTTP 429")

    with pytest.raises(EngineBusyError, match="paused until 07:10 UTC on all machines of the group") as error:
        other.check()
    assert "delete" not in str(error.value)
    clock.now += timedelta(minutes=10)
    assert not refuses(other)


def test_failures_in_a_row_and_a_success_count_for_all_machines(tmp_path: Path, clock: Clock) -> None:
    row = Row()
    one, other = (share(tmp_path / name / "pause.json", clock, row) for name in ("one", "other"))
    one.open("HTTP 429")
    clock.now += timedelta(minutes=10)
    other.open("HTTP 429")
    clock.now += timedelta(minutes=19)
    assert refuses(one)
    other.close()  # of a sentence that was under way
    assert refuses(one)

    clock.now += timedelta(minutes=1)
    one.close()
    other.open("HTTP 429")
    clock.now += timedelta(minutes=10)
    assert not refuses(one)


def test_a_success_changes_nothing_in_the_archive_of_a_closed_circuit(path: Path, clock: Clock) -> None:
    row = Row()
    breaker = share(path, clock, row)

    breaker.close()
    assert row.changes == 0
    breaker.open("HTTP 429")
    clock.now += timedelta(minutes=10)
    breaker.close()
    breaker.close()
    assert (row.text, row.changes) == ("", 2)


def test_the_file_of_a_machine_counts_while_the_archive_is_away(tmp_path: Path, clock: Clock) -> None:
    row = Row()
    one, other = (share(tmp_path / name / "pause.json", clock, row) for name in ("one", "other"))
    one.open("HTTP 429")
    row.is_away = True

    with pytest.raises(EngineBusyError, match=r"to try now, delete .*pause\.json"):
        one.check()
    assert not refuses(other)
    other.close()
    other.open("HTTP 500")
    assert refuses(other)


def test_a_damaged_row_is_ignored(path: Path, clock: Clock) -> None:
    row = Row()
    row.text = '{"until": 7}'
    breaker = share(path, clock, row)

    assert not refuses(breaker)
    breaker.open("HTTP 429")
    assert refuses(breaker)
