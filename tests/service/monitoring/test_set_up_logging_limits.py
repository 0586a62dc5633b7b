"""Log limits: repeated lines are written once, then counted."""

from __future__ import annotations

import errno
import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bulletin.errors import ArchiveError
from bulletin.service.monitoring import alert_channels
from bulletin.service.monitoring.set_up_logging import (
    DISK_FULL_EVERY_S,
    DiskFullFilter,
    HumanFormatter,
    LossCountingHandler,
    RateLimitFilter,
    hide,
)
from bulletin.service.resources import disk_space_reserve


def test_a_kind_of_record_is_written_once_a_minute_and_then_counted() -> None:
    now = [0.0]
    repeats = RateLimitFilter(clock=lambda: now[0])

    def write(message: str, *args: object) -> str | None:
        record = logging.LogRecord("uvicorn.error", logging.WARNING, __file__, 1, message, args, None)
        return record.getMessage() if repeats.filter(record) else None

    assert write("Invalid HTTP request received.") == "Invalid HTTP request received."
    for second in range(1, 60):
        now[0] = float(second)
        assert write("Invalid HTTP request received.") is None
    assert write("another thing: %s", "x") == "another thing: x"

    now[0] = 61.0
    line = write("Invalid HTTP request received.")
    assert line == "Invalid HTTP request received. (and 59 more like it since the last such line)"
    now[0] = 200.0
    assert write("Invalid HTTP request received.") == "Invalid HTTP request received."


def test_addresses_and_numbers_do_not_make_another_kind() -> None:
    repeats = RateLimitFilter(clock=lambda: 0.0)
    records = [
        logging.LogRecord(
            "asyncio", logging.ERROR, __file__, 1, f"<Task {n} at 0x{n:x}>\nmore {n}", None, None
        )
        for n in range(100, 200)
    ]

    assert [repeats.filter(record) for record in records].count(True) == 1


def test_endless_kinds_do_not_fill_the_memory(caplog: pytest.LogCaptureFixture) -> None:
    repeats = RateLimitFilter(clock=lambda: 0.0)
    for number in range(2000):
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        repeats.filter(logging.LogRecord("x", logging.INFO, __file__, 1, letters, None, None))

    assert len(repeats._seen) <= 500


FULL = OSError(errno.ENOSPC, "No space left on device")


class Pen:
    """Log handler with a simulated clock."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream
        self.handler = LossCountingHandler(stream)
        self.now_s = 0.0
        self.handler.addFilter(DiskFullFilter(clock=lambda: self.now_s))
        self.handler.setFormatter(HumanFormatter(hide))

    def log(
        self,
        at_s: float,
        message: str,
        *args: object,
        error: BaseException | None = None,
        room: str = "bulletin.x",
    ) -> None:
        trace = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord(room, logging.ERROR, "", 0, message, args, trace)
        self.now_s = at_s
        self.handler.handle(record)

    def lines(self) -> list[str]:
        return [line[29:] for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def pen() -> Pen:
    return Pen(io.StringIO())


def test_a_full_disk_is_logged_once_then_counted(pen: Pen) -> None:
    for tick in range(100):
        pen.log(5.0 * tick, "tick failed: station=%s step=%s", "demo", "plan", error=FULL)
        pen.log(
            5.0 * tick, "stand-by failed: %s", ArchiveError("a.sqlite: the disk is full; free some space")
        )
    pen.log(510.0, "slot met: station=%s", "demo")
    pen.log(DISK_FULL_EVERY_S, "tick failed: station=%s step=%s", "demo", "plan", error=FULL)

    line = "tick failed: station=demo step=plan: [Errno 28] No space left on device"
    count = "(and 199 more like it since the last such line)"
    assert pen.lines() == [line, "slot met: station=demo", f"{line} {count}"]


@pytest.mark.parametrize("room", [alert_channels.log.name, disk_space_reserve.log.name])
def test_alerts_and_the_disk_reserve_are_always_logged(pen: Pen, room: str) -> None:
    for at_s in (0.0, 5.0):
        pen.log(at_s, "alert: text=%s", FULL, room=room)

    assert len(pen.lines()) == 2


def test_other_errors_keep_their_trace(pen: Pen) -> None:
    try:
        raise ValueError("other")
    except ValueError as error:
        pen.log(0.0, "tick failed: step=%s", "plan", error=error)

    assert "ValueError: other" in pen.stream.getvalue()
    assert len(pen.lines()) > 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_lines_that_cannot_be_written_are_counted_and_raise_nothing(
    pen: Pen, capsys: pytest.CaptureFixture[str]
) -> None:
    working = pen.handler.stream
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        Path(os.devnull).open("w", encoding="utf-8") as sink,
    ):
        pen.handler.stream = full
        for _ in range(3):
            pen.log(0.0, "slot met")
        pen.handler.stream = working
        os.dup2(sink.fileno(), full.fileno())  # so that closing it does not fail
    pen.log(1.0, "slot met")

    assert pen.lines() == ["slot met", "log lines lost, they could not be written: count=3"]
    assert capsys.readouterr().err == ""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_service_whose_log_cannot_be_written_ends_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "valley.toml").write_text(
        'name = "Valley"\n[speech]\nchain = ["tone"]\n[[clock.slots]]\nat = "00:00-23:00"\n', encoding="utf-8"
    )
    with Path("/dev/full").open("wb") as full:
        service = subprocess.Popen(
            [sys.executable, "-m", "bulletin", "serve", "./valley.toml", "--listen", "none"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
            stderr=full,
        )
    archive = tmp_path / "output" / ".bulletin" / "reserve"
    while service.poll() is None and not archive.exists():
        with pytest.raises(subprocess.TimeoutExpired):
            service.wait(0.2)
    service.terminate()

    assert service.wait(60) in (0, 130)
