from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import FrameType

import pytest

from bulletin.runtime.delay_interrupts import (
    completed_steps,
    delay_interrupts,
    forget_completed_steps,
    postpone_signal,
)


class Goes:
    """Object whose destructor is interrupted by Ctrl-C."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def let_go() -> None:
    Goes()
    time.sleep(5)


@pytest.fixture
def stops() -> Iterator[list[int]]:
    """Install the program's Ctrl-C handler; the list has the signals that stopped it."""
    heard: list[int] = []

    def stop(signum: int, frame: FrameType | None) -> None:
        if not postpone_signal(frame, stop):
            heard.append(signum)
            raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGALRM)}
    yield heard
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in before.items():
        signal.signal(number, handler)


def test_ctrl_c_in_a_destructor_is_raised_a_moment_later(
    stops: list[int], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        let_go()

    assert stops == [signal.SIGALRM]
    assert capfd.readouterr() == ("", "")


def test_a_second_ctrl_c_in_a_destructor_is_raised_in_the_block(
    stops: list[int], capfd: pytest.CaptureFixture[str]
) -> None:
    def ring_twice() -> None:
        with delay_interrupts("it was out"):
            signal.raise_signal(signal.SIGINT)
            let_go()

    with pytest.raises(KeyboardInterrupt) as stopped:
        ring_twice()

    assert str(stopped.value) == ""
    assert stops == []
    assert capfd.readouterr() == ("", "")


def test_ctrl_c_outside_the_block_is_raised_at_once_and_once(stops: list[int]) -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)

    assert stops == [signal.SIGINT]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def ring(times: int, heard: list[str]) -> None:
    with delay_interrupts("it was out"):
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        heard.append("the end of the block")


def test_the_block_ends_before_ctrl_c_is_raised() -> None:
    heard: list[str] = []

    with pytest.raises(KeyboardInterrupt, match="it was out"):
        ring(1, heard)

    assert heard == ["the end of the block"]


def test_a_second_ctrl_c_stops_at_once_and_the_old_handlers_are_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    heard: list[str] = []

    with pytest.raises(KeyboardInterrupt):
        ring(2, heard)

    assert heard == []
    assert signal.getsignal(signal.SIGINT) is before


def test_completed_steps_are_reported_to_a_later_interrupt() -> None:
    forget_completed_steps()
    with pytest.raises(ValueError, match="no room"), delay_interrupts("it is out", is_lasting=True):
        raise ValueError("no room")
    assert completed_steps() == ()

    with delay_interrupts("it was being withdrawn"):
        pass
    assert completed_steps() == ()

    with delay_interrupts("it is out", is_lasting=True):
        assert completed_steps() == ()
    assert completed_steps() == ("it is out",)
    forget_completed_steps()
    assert completed_steps() == ()


def test_other_threads_go_on_as_usual() -> None:
    steps: list[str] = []

    def work() -> None:
        with delay_interrupts("never said"):
            steps.append("done")

    thread = Thread(target=work)
    thread.start()
    thread.join()

    assert steps == ["done"]


INTERRUPTED_DELETION = """
import os, shutil, signal, sys, time
from bulletin.runtime.delay_interrupts import postpone_signal

def stop(number, frame):
    if not postpone_signal(frame, stop):
        raise KeyboardInterrupt

def close(descriptor):  # stays in its place: from Python 3.13 rmtree compares its steps with os.close
    before(descriptor)
    if not closed:
        closed.append(descriptor)
        signal.raise_signal(signal.SIGTERM)

closed = []
signal.signal(signal.SIGTERM, stop)
before, os.close = os.close, close
try:
    shutil.rmtree(sys.argv[1])
    time.sleep(5)
except KeyboardInterrupt:
    print("interrupted, deleted:", not os.path.exists(sys.argv[1]))
"""
INTERRUPTED_IMPORT = """
import enum, signal, sys, time
import numpy
from bulletin.runtime.delay_interrupts import postpone_signal

def stop(signum, frame):
    if not postpone_signal(frame, stop):
        raise KeyboardInterrupt

def create(cls, *args, **kwargs):
    signalled.append(cls)
    signal.raise_signal(signal.SIGINT)
    return before(cls, *args, **kwargs)

signalled = []

signal.signal(signal.SIGINT, stop)
before, enum.EnumType._create_ = enum.EnumType._create_, create
try:
    import soxr
    # one write, which a signal cannot divide as it can a print
    sys.stdout.write("imported\\n" if signalled else "imported without an enum\\n")
    time.sleep(5 if signalled else 0)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_during_the_import_of_a_compiled_module_waits_for_its_end() -> None:
    # soxr is built with nanobind, which creates enums by calling Python and aborts on an exception there
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT], capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")
    if run.stdout == "imported without an enum\n":
        pytest.skip("this version of soxr is not built with nanobind")
    # handled 2 ms after the import at the earliest, on a busy machine before the print
    assert run.stdout in ("imported\ninterrupted\n", "interrupted\n")


def test_ctrl_c_during_the_deletion_of_a_folder_waits_for_its_end(tmp_path: Path) -> None:
    # behind os.close() rmtree would close the same descriptor once more, which fails
    (tmp_path / "run" / "speech").mkdir(parents=True)
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED_DELETION)

    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "run")], capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stdout, run.stderr) == (0, "interrupted, deleted: True\n", "")


INTERRUPTED_CALLBACK = """
import ctypes, signal, time
from bulletin.cli.main import _interrupt
from bulletin.runtime.delay_interrupts import repeat_lost_interrupts

signal.signal(signal.SIGTERM, _interrupt)
repeat_lost_interrupts(_interrupt)
call_back = ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGTERM))
try:
    call_back()
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_signal_that_c_code_has_dropped_is_raised_a_moment_later() -> None:
    # ctypes prints and drops every exception in a function that C code calls
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_CALLBACK], capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stdout, run.stderr) == (0, "interrupted\n", "")
