"""
Interrupt `bulletin make` at many moments: Ctrl-C and SIGTERM, then kill -9.

    python -m bench.interrupts [--voice tone]

Moments lie over the whole run, at the end of each stage, and close together while it publishes. After each of them
there must be no incomplete file, and no traceback or worker process after Ctrl-C and SIGTERM. 60 moments take about
five minutes; a sample is a test (tests/faults/test_interrupt.py). The exit code is 1 when a check fails.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.pipeline.publish_and_record_bulletin import OUT_ALREADY
from tests.faults.station_process import LONG_S, Radio, workers_of

STAGES = ("Feeds", "Stories", "Words", "Voice", "Sound", "Quality", "Places")
ARGS = ("make", "./valley.toml", "--output", "output", "--again", "--voice")
INTERRUPTED = 130
PROMPT_S = 120.0
"""Limit for the end of an interrupted run: far over the promised second or two, as the machine may be busy."""

Moment = tuple[str, float]
"""Finished stage, or "" for the start, and seconds after it."""


def moments(run_s: float, *, spread: int, after_sound: int) -> list[Moment]:
    """Moments over the whole run, and close together while it publishes."""
    over_all = [("", run_s * step / spread) for step in range(1, spread)]
    by_stage = [(stage, 0.0) for stage in STAGES]
    going_out = [("Quality", 0.004 * step) for step in range(after_sound)]
    out_already = [("Places", 0.004 * step) for step in range(after_sound // 2)]
    return over_all + by_stage + going_out + out_already


def wait_for(run: subprocess.Popen[str], stage: str, seconds: float) -> str:
    """Wait until the run reaches this moment; its output so far."""
    output = ""
    assert run.stderr is not None
    if stage:
        for line in run.stderr:
            output += line
            if line.startswith(stage):
                break
    time.sleep(seconds)
    return output


def measure(radio: Radio, voice: str) -> float:
    """Duration of an uninterrupted run, in seconds."""
    began = time.monotonic()
    assert radio.run(*ARGS, voice).returncode == 0
    return time.monotonic() - began


def interrupt(radio: Radio, stage: str, seconds: float, *, number: int, voice: str) -> tuple[int, str]:
    """Stop a run at this moment, as a terminal does (its whole group) or a service manager; exit code and output."""
    with radio.start(*ARGS, voice) as run:
        output = wait_for(run, stage, seconds)
        rung = time.monotonic()
        if number == signal.SIGINT and run.poll() is None:
            os.killpg(run.pid, number)
        else:
            run.send_signal(number)
        assert run.stderr is not None
        output += run.stderr.read()
        run.wait(timeout=LONG_S)
        assert time.monotonic() - rung < PROMPT_S
    return run.returncode, output


def bulletins(radio: Radio) -> int:
    """Number of published bulletins in the archive."""
    with Archive.open(radio.state / "archive.sqlite") as archive:
        return len(archive.bulletins(radio.station))


def assert_no_worker_stays(radio: Radio) -> None:
    deadline = time.monotonic() + PROMPT_S
    while workers_of(radio) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers_of(radio) == []


def interrupt_often(radio: Radio, many: Sequence[Moment], voice: str) -> list[int]:
    """Stop a run at each moment, by Ctrl-C and SIGTERM in turn, and check what it leaves; the exit codes."""
    codes = []
    for (stage, seconds), number in zip(many, cycle((signal.SIGINT, signal.SIGTERM)), strict=False):
        before = bulletins(radio)
        code, output = interrupt(radio, stage, seconds, number=number, voice=voice)
        codes.append(code)
        at = f"{number.name} {seconds:.3f} s after {stage or 'the start'}: {output}"
        if code == -number:
            # Python itself was stopped, before our first line or after our last one
            assert "Feeds" not in output or "Places " in output or "stopped" in output, at
        else:
            assert code in (0, INTERRUPTED), at
            assert "Traceback" not in output, at
            assert "Exception ignored" not in output, at
            if code == INTERRUPTED:
                assert (bulletins(radio) > before) == (OUT_ALREADY in output), at
        radio.assert_clean()
        assert_no_worker_stays(radio)
    # a shell reports 130 for a process that died of SIGINT, too; a quick run may end before some moments
    assert sum(code != 0 for code in codes) >= len(many) / 3
    assert radio.run(*ARGS, voice).returncode == 0
    return codes


def kill_often(radio: Radio, many: Sequence[Moment]) -> int:
    """Kill a run at each moment; files are checked before and after the next run. Number of runs that were killed."""
    killed = 0
    for number, (stage, seconds) in enumerate(many, 1):
        with radio.start(*ARGS, "tone") as run:
            wait_for(run, stage, seconds)
            run.kill()
            run.wait(timeout=LONG_S)
        killed += run.returncode == -signal.SIGKILL
        radio.assert_consistent()
        if number % 4 == 0 or number == len(many):
            _age_parts(radio)
            assert radio.run(*ARGS, "tone").returncode == 0
            radio.assert_clean()
    assert killed >= len(many) / 2
    assert_no_worker_stays(radio)
    return killed


def _age_parts(radio: Radio) -> None:
    """Make temporary files three hours old: the speech cache keeps younger ones, which may belong to another run."""
    long_ago = time.time() - 3 * 3600
    for part in radio.state.rglob("part-*"):
        os.utime(part, (long_ago, long_ago))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).strip().splitlines()[0])
    parser.add_argument("--voice", default="tone", help="the voice of the runs that are stopped")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        radio = Radio(folder=Path(folder))
        try:
            many = moments(measure(radio, options.voice), spread=14, after_sound=12)
            codes = interrupt_often(radio, many, options.voice)
            print(f"{len(codes)} runs stopped by Ctrl-C and SIGTERM, exit codes {sorted(set(codes))}")
            many = moments(measure(radio, "tone"), spread=8, after_sound=9)
            print(f"{kill_often(radio, many)} of {len(many)} runs killed")
        except AssertionError as error:
            print(f"fault: {error}")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
