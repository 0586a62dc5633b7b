"""Ctrl-C and SIGTERM, kill -9, and two runs at once: sample of `python -m bench.interrupts`."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bench.interrupts import (
    ARGS,
    INTERRUPTED,
    assert_no_worker_stays,
    interrupt_often,
    kill_often,
    measure,
    moments,
    wait_for,
)
from tests.faults.station_process import LONG_S, Radio

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")]

SEED = 4


@pytest.mark.parametrize("voice", ["tone", "hibari"])
def test_ctrl_c_and_sigterm_leave_no_incomplete_file_at_any_moment(radio: Radio, voice: str) -> None:
    """Many moments for the quick voice, a few for the voice that speaks in threads."""
    run_s = measure(radio, voice)
    many = Random(SEED).sample(moments(run_s, spread=14, after_sound=12), 14)
    if voice == "hibari":
        many = [("", run_s * step / 5) for step in (2, 4)] + [("Words", 0.0), ("Words", 0.2)]

    assert len(interrupt_often(radio, many, voice)) == len(many)


def test_the_next_run_after_kill_9_is_complete_and_deletes_leftovers(radio: Radio) -> None:
    """Each time the feed is complete, before and after the next run."""
    many = Random(SEED).sample(moments(measure(radio, "tone"), spread=8, after_sound=9), 8)

    assert kill_often(radio, many) >= len(many) / 2


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
