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
from bulletin.service.monitoring.disk_full_log import COUNTED_S, DiskFullHandler
from bulletin.service.monitoring.log_format import HumanFormatter, hide
from bulletin.service.resources import disk_reserve

FULL = OSError(errno.ENOSPC, "No space left on device")


class Pen:
    """A handler and records with a time of their own."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream
        self.handler = DiskFullHandler(stream)
        self.handler.setFormatter(HumanFormatter(hide))

    def tell(
        self,
        at_s: float,
        message: str,
        *args: object,
        error: BaseException | None = None,
        room: str = "bulletin.x",
    ) -> None:
        trace = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord(room, logging.ERROR, "", 0, message, args, trace)
        record.created = at_s
        self.handler.handle(record)

    def lines(self) -> list[str]:
        return [line[29:] for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def pen() -> Pen:
    return Pen(io.StringIO())


def test_a_full_disk_is_told_once_then_counted(pen: Pen) -> None:
    for tick in range(100):
        pen.tell(5.0 * tick, "tick failed: station=%s step=%s", "demo", "plan", error=FULL)
        pen.tell(
            5.0 * tick, "stand-by failed: %s", ArchiveError("a.sqlite: the disk is full; free some space")
        )
    pen.tell(510.0, "slot met: station=%s", "demo")
    pen.tell(COUNTED_S, "slot met: station=%s", "demo")

    assert pen.lines() == [
        "tick failed: station=demo step=plan: [Errno 28] No space left on device",
        "slot met: station=demo",
        "disk full: more_messages=199 events=stand-by failed 100, tick failed 99",
        "slot met: station=demo",
    ]


@pytest.mark.parametrize("room", [alert_channels.log.name, disk_reserve.log.name])
def test_alerts_and_the_reserve_are_always_told(pen: Pen, room: str) -> None:
    for at_s in (0.0, 5.0):
        pen.tell(at_s, "alert: text=%s", FULL, room=room)

    assert len(pen.lines()) == 2


def test_when_it_is_over_the_next_one_is_told_again(pen: Pen) -> None:
    for at_s in (0.0, 5.0, COUNTED_S, 2 * COUNTED_S, 3 * COUNTED_S):
        pen.tell(at_s, "tick failed: step=%s", "plan", error=FULL)

    assert [line.partition(":")[0] for line in pen.lines()] == [
        "tick failed",
        "disk full",
        "disk full",
        "disk full",
    ]
    pen.tell(5 * COUNTED_S, "all well")
    pen.tell(6 * COUNTED_S, "all well")
    pen.tell(7 * COUNTED_S, "tick failed: step=%s", "plan", error=FULL)
    assert pen.lines()[-1].startswith("tick failed: step=plan: [Errno 28]")


def test_other_errors_keep_their_trace(pen: Pen) -> None:
    try:
        raise ValueError("other")
    except ValueError as error:
        pen.tell(0.0, "tick failed: step=%s", "plan", error=error)

    assert "ValueError: other" in pen.stream.getvalue()
    assert len(pen.lines()) > 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_lines_that_cannot_be_written_are_counted_and_raise_nothing(
    pen: Pen, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = pen.handler.stream
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        Path(os.devnull).open("w", encoding="utf-8") as sink,
    ):
        pen.handler.stream = full
        for _ in range(3):
            pen.tell(0.0, "slot met")
        pen.handler.stream = whole
        os.dup2(sink.fileno(), full.fileno())  # so that it can be closed
    pen.tell(1.0, "slot met")

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
