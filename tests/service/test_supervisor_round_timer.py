"""Scheduler: it rings every few seconds, through every change of the system clock."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.moments import faketime_environment
from bulletin.service.supervisor_round_timer import RoundTrigger
from tests.support.factories import NOW

EVERY = timedelta(seconds=5)
RINGS = """
from datetime import datetime
from bulletin.service.supervisor_round_timer import run_until_stopped
run_until_stopped(lambda: print(datetime.now().isoformat(), flush=True), every_s=0.2)
"""
PATIENCE_S = 60


def test_the_first_ring_is_at_once_and_then_regular() -> None:
    assert RoundTrigger(EVERY).get_next_fire_time(None, NOW) == NOW
    assert RoundTrigger(EVERY).get_next_fire_time(NOW, NOW + EVERY / 5) == NOW + EVERY


@pytest.mark.parametrize("leap", [EVERY, timedelta(minutes=1), timedelta(days=3652)])
def test_skipped_rings_ring_once(leap: timedelta) -> None:
    now = NOW + leap

    assert RoundTrigger(EVERY).get_next_fire_time(NOW, now) == now + EVERY


@pytest.mark.slow
def test_a_stop_that_comes_before_the_first_ring_is_not_lost() -> None:
    early = """
import os, signal, threading, time
from apscheduler.schedulers.background import BackgroundScheduler
from bulletin.service.supervisor_round_timer import run_until_stopped

begin = BackgroundScheduler.start

def start(self):
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.3)
    begin(self)

BackgroundScheduler.start = start
run_until_stopped(lambda: None)
print("stopped")
"""
    done = subprocess.run(
        [sys.executable, "-c", early], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )

    assert (done.stdout, done.stderr) == ("stopped\n", "")


def test_a_stop_at_the_first_word_of_the_service_is_in_order() -> None:
    early = """
import os, signal
from bulletin.service.supervisor_round_timer import run_until_stopped

run_until_stopped(lambda: None, on_start=lambda: os.kill(os.getpid(), signal.SIGTERM))
print("stopped")
"""
    done = subprocess.run(
        [sys.executable, "-c", early], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )

    assert (done.stdout, done.stderr) == ("stopped\n", "")


class Turned:
    """Scheduler process whose clock is set from outside."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._by, self._rings_file = folder / "by", folder / "rings"
        self.turn("+0")
        env = environment | {
            "FAKETIME_TIMESTAMP_FILE": str(self._by),
            "FAKETIME_NO_CACHE": "1",
            "PYTHONPATH": ":".join(sys.path),
        }
        with self._rings_file.open("wb") as stdout, (folder / "log").open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-c", RINGS], env=env, stdout=stdout, stderr=log)

    def turn(self, by: str) -> None:
        part = self._by.with_name("part")
        part.write_text(f"{by}\n")
        part.replace(self._by)  # libfaketime reads it all the time, and an empty file ends the process

    def wait_for(self, first: datetime, last: datetime, *, rings: int) -> None:
        """Wait until `rings` rings came between these times of the simulated clock."""
        ends = time.monotonic() + PATIENCE_S
        while True:
            lines = self._rings_file.read_text().splitlines()[:-1]
            if sum(first <= datetime.fromisoformat(line) < last for line in lines) >= rings:
                return
            assert time.monotonic() < ends, lines[-5:]
            assert self.process.poll() is None, lines[-5:]
            time.sleep(0.05)


@pytest.fixture
def turned(tmp_path: Path) -> Iterator[Turned]:
    environment = faketime_environment()
    if not environment:
        pytest.skip("libfaketime is not installed: apt install libfaketime")
    turned = Turned(tmp_path, environment)
    yield turned
    turned.process.kill()
    turned.process.wait()


@pytest.mark.slow
def test_a_clock_set_back_stops_no_ring(turned: Turned) -> None:
    start = datetime.now()  # noqa: DTZ005 - the process prints its own local time
    hour = timedelta(hours=1)
    turned.wait_for(start - hour / 60, start + hour / 4, rings=3)
    turned.turn("-3600")

    turned.wait_for(start - hour - hour / 60, start - 3 * hour / 4, rings=5)


@pytest.mark.slow
def test_a_jump_of_years_and_back_loses_no_ring(turned: Turned) -> None:
    start = datetime.now()  # noqa: DTZ005
    day = timedelta(days=1)
    turned.wait_for(start - day, start + day, rings=3)
    turned.turn("+10y")
    turned.wait_for(start + 3000 * day, start + 4000 * day, rings=5)
    turned.turn("+0")

    turned.wait_for(start - day, start + day, rings=13)
