"""Ctrl-C and SIGTERM at many moments, kill -9 at many more, and two runs at once."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import time
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.pipeline.publish_and_record_bulletin import OUT_ALREADY
from tests.faults.station_process import LONG_S, Radio, workers_of

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")]

STAGES = ("Feeds", "Stories", "Words", "Voice", "Sound", "Quality", "Places")
ARGS = ("make", "./valley.toml", "--output", "output", "--again", "--voice")
INTERRUPTED = 130
PROMPT_S = 120.0
"""Limit for the end of an interrupted run: far over the promised second or two, as the machine may be busy."""


def moments(run_s: float, *, spread: int, after_sound: int) -> list[tuple[str, float]]:
    """(finished stage, seconds after it): moments over the whole run, and close together while it publishes."""
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


@pytest.mark.parametrize("voice", ["tone", "hibari"])
def test_ctrl_c_and_sigterm_leave_no_incomplete_file_at_any_moment(radio: Radio, voice: str) -> None:
    """Over thirty moments for the quick voice, a few for the voice that speaks in threads."""
    run_s = measure(radio, voice)
    many = moments(run_s, spread=14, after_sound=12)
    if voice == "hibari":
        many = [("", run_s * step / 5) for step in (2, 3, 4)] + [("Words", 0.0), ("Words", 0.2)]
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


def test_the_next_run_after_kill_9_is_complete_and_deletes_leftovers(radio: Radio) -> None:
    """Over twenty moments; each time the feed is complete, before and after the next run."""
    run_s = measure(radio, "tone")
    killed = 0
    for number, (stage, seconds) in enumerate(moments(run_s, spread=8, after_sound=9)):
        with radio.start(*ARGS, "tone") as run:
            wait_for(run, stage, seconds)
            run.kill()
            run.wait(timeout=LONG_S)
        killed += run.returncode == -signal.SIGKILL
        radio.assert_consistent()
        if number % 4 == 3:
            _age_parts(radio)
            assert radio.run(*ARGS, "tone").returncode == 0
            radio.assert_clean()
    assert killed >= 12
    assert_no_worker_stays(radio)


def _age_parts(radio: Radio) -> None:
    """Make temporary files three hours old: the speech cache keeps younger ones, which may belong to another run."""
    long_ago = time.time() - 3 * 3600
    for part in radio.state.rglob("part-*"):
        os.utime(part, (long_ago, long_ago))


def test_two_runs_at_once_are_both_complete(radio: Radio) -> None:
    for _ in range(3):
        both = [radio.start(*ARGS, "tone") for _ in range(2)]
        ends = [run.communicate(timeout=LONG_S) for run in both]

        for run, (_, errors) in zip(both, ends, strict=True):
            assert "Traceback" not in errors
            assert run.returncode == 0 or "in use by another run" in errors, errors
        radio.assert_clean()
    assert len(_in_feed(radio)) == len(list(radio.public.glob("valley-*.mp3")))
    assert radio.public.joinpath("latest.mp3").read_bytes() in [
        path.read_bytes() for path in radio.public.glob("valley-*.mp3")
    ]
    assert_latest_is_described(radio)


def _in_feed(radio: Radio) -> list[str]:
    return radio.public.joinpath("feed.xml").read_text(encoding="utf-8").split("<enclosure")[1:]


def assert_latest_is_described(radio: Radio) -> None:
    described = json.loads(radio.public.joinpath("latest.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(radio.public.joinpath("latest.mp3").read_bytes()).hexdigest() == described["sha256"]


def test_two_stations_share_an_output_folder_at_once(radio: Radio, tmp_path: Path) -> None:
    other = Radio(folder=tmp_path, station="hills")
    start = partial(radio.start, "make", "--output", "output", "--voice", "tone")
    both = [start("./valley.toml"), start("./hills.toml")]
    ends = [run.communicate(timeout=LONG_S) for run in both]

    assert [run.returncode for run in both] == [0, 0], ends
    radio.assert_clean()
    other.assert_clean()


@pytest.mark.parametrize("stage", ["Words", "Voice"])
def test_three_times_ctrl_c_ends_without_a_crash(radio: Radio, stage: str) -> None:
    with radio.start(*ARGS, "hibari") as run:
        wait_for(run, stage, 0.1)
        for _ in range(3):
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGINT)
            time.sleep(0.03)
        assert run.stderr is not None
        errors = run.stderr.read()
        run.wait(timeout=LONG_S)

    # 0: the bulletin was already published at the first Ctrl-C
    assert run.returncode in (INTERRUPTED, -signal.SIGINT) or "Places " in errors
    assert "terminate called" not in errors
    radio.assert_whole()
    assert_no_worker_stays(radio)
