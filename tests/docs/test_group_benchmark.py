"""Judging of `bench.group`, and its measurement of memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.group.feeds_and_profiles import FEEDS, feeds_of
from bench.group.judge_runs import find_misses
from bench.group.told_stories import count_told
from bench.group.unique_work import draw_sample
from bench.session_memory import MemoryWatch

RUN: dict[str, Any] = {
    "workers": 2,
    "ready_s": 40.0,
    "ratio": 1.1,
    "fresh": 500,
    "sentences_again": 0,
    "stories": 55,
    "stories_shared": 55,
    "sentences_shared": 130,
    "pieces": {"speak done": 130, "page done": 60},
    "memory_mb": [400.0, 380.0],
    "memory_together_mb": [450.0, 430.0],
}
ONE = RUN | {"workers": 1, "ready_s": 80.0}


def test_a_run_that_meets_every_target_has_no_misses() -> None:
    assert list(find_misses([ONE, RUN], stations=500)) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"fresh": 499}, "499 of 500 bulletins are fresh"),
        ({"sentences_again": 1}, "1 sentences were spoken again"),
        ({"stories": 3}, "3 distinct stories told, 40 at least wanted"),
        ({"stories_shared": 3}, "3 stories told by two or more stations"),
        ({"sentences_shared": 4}, "4 sentences shared by two or more stations"),
        ({"pieces": {"speak done": 2, "page done": 60}}, "2 pieces of speech"),
        ({"pieces": {"speak done": 130}}, "0 pages extracted"),
        ({"ratio": 1.31}, "1.31 times the ideal"),
        ({"memory_together_mb": [450.0, 610.0]}, "610 MB for a worker with its parser processes"),
        ({"memory_mb": [450.0, 610.0]}, "610 MB for a worker with its parser processes"),
        ({"ready_s": 50.0}, "2 workers are 1.60 times as fast as 1"),
    ],
)
def test_a_missed_target_is_named(changed: dict[str, Any], says: str) -> None:
    (miss,) = find_misses([ONE, RUN | changed], stations=500)
    assert says in miss


def test_short_work_shows_no_speed_up() -> None:
    """Where both numbers of workers were asked for; one alone compares nothing."""
    short = ONE | {"ready_s": 59.0}
    (miss,) = find_misses([short, RUN], stations=500)
    assert "work too short: one worker took 59 s, 60 s wanted" in miss
    assert not list(find_misses([short], stations=500))


def test_each_pair_of_stations_has_feeds_of_its_own() -> None:
    own = [feeds_of(number, length="0:30") for number in range(500)]
    assert own[::2] == own[1::2]
    assert len(set(own)) > 200
    assert {feed for feeds in own for feed in feeds} == set(range(FEEDS))


def test_every_feed_of_a_group_occurs_in_the_sample_of_its_stations() -> None:
    numbers = draw_sample(stations=500, sample=5, length="0:30")
    assert {feed for number in numbers for feed in feeds_of(number, length="0:30")} == set(range(FEEDS))
    assert all(number % 2 == 0 for number in numbers)
    assert max(numbers) > 300


def test_a_sentence_that_one_station_told_is_not_shared() -> None:
    rows = [
        ("hill", "Ferry", "It sank. All swam."),
        ("vale", "Ferry", "It sank."),
        ("vale", "Quay", "It fell."),
    ]
    assert count_told(rows) == {"stories": 2, "stories_shared": 1, "sentences_shared": 1}


@pytest.fixture
def leader(tmp_path: Path) -> Iterator[int]:
    """A process of a session of its own whose child takes 60 MB."""
    child = f"x = b'1' * (60 << 20); open({str(tmp_path / 'ready')!r}, 'w'); import time; time.sleep(60)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    while not (tmp_path / "ready").exists():
        time.sleep(0.05)
    yield process.pid
    subprocess.run(["kill", "--", f"-{process.pid}"], check=True)
    process.wait()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux counts memory in /proc")
def test_memory_of_a_worker_has_that_of_its_children(leader: int) -> None:
    watch = MemoryWatch(lambda: {"worker-0": leader})
    watch.sample()
    assert watch.together_mb["worker-0"] > 60
    assert 1 < watch.alone_mb["worker-0"] < 60
