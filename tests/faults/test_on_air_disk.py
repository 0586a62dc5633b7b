"""A disk that is full at each stage, or read-only: a file for the hour is on air."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bulletin.model import Level, SlotState
from bulletin.pipeline.make_bulletin import STAGES
from bulletin.service.streams.stream_at_slot import find_ready
from tests.faults.cases import SAYS, case, level
from tests.faults.station_on_clock import EIGHT, HOUR, MINUTE, SEVEN, Air
from tests.faults.test_disk import fill

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs POSIX")]


@dataclass
class DoAtStage:
    """Listener that calls a function once, when a stage begins."""

    stage: str
    do: Callable[[], object]

    def begin(self, stage: str) -> None:
        if stage == self.stage:
            self.stage = ""
            self.do()

    def progress(self, done: int, total: int, what: str) -> None: ...

    def end(self, stage: str, seconds: float, summary: str) -> None: ...


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a disk of 64 MB over the folder, with the same files."""
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    copy = folder.with_name("kept")
    shutil.copytree(folder, copy)
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        shutil.copytree(copy, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def on_small_disk(on_air_at_seven: Air) -> Iterator[Air]:
    """The station after seven, not switched on, with its output on a small disk."""
    air = on_air_at_seven
    air.switch_off()
    air.write_news(first=1)
    with small_disk(air.output):
        yield air
        air.switch_off()


@pytest.mark.parametrize("stage", STAGES)
def test_full_when_a_stage_begins(on_small_disk: Air, stage: str) -> None:
    air = on_small_disk
    ballast = air.output / "ballast"
    air.listener = DoAtStage(stage, lambda: fill(air.output, free_kb=4))
    air.switch_on()

    air.slot(EIGHT)

    assert ballast.exists()
    air.expect(level("Disk", f"full {stage}"), due=EIGHT, is_written=False)
    ballast.unlink()
    air.tick(EIGHT + MINUTE)
    assert air.row(EIGHT).is_met, air.notes
    air.stand_by(EIGHT + HOUR)
    air.slot(EIGHT + HOUR)
    air.expect(Level.FRESH, due=EIGHT + HOUR)


def test_full_for_an_hour(on_small_disk: Air) -> None:
    """Full since before the stand-by was made: no file for nine can be written, and no file is damaged."""
    air = on_small_disk
    nine = EIGHT + HOUR
    air.switch_on()
    air.slot(EIGHT)
    air.expect(Level.FRESH, due=EIGHT)
    shutil.rmtree(air.aside)  # its space would be enough for the next stand-by
    ballast = fill(air.output, free_kb=4)
    air.write_news(first=2)

    air.stand_by(nine)
    air.slot(nine)

    on_air = air.on_air_file()
    assert on_air
    assert (on_air.due, on_air.level) == (EIGHT, Level.FRESH)
    ballast.unlink()
    for minute in range(1, 6):
        air.tick(nine + minute * MINUTE)
    air.expect_late(Level.FRESH, due=nine)
    assert case("Disk", "full all along").finds == (
        f"the bulletin of the hour before, complete; {SAYS[Level.FRESH]} as soon as there is space"
    )


def test_the_output_becomes_read_only(on_air_at_seven: Air) -> None:
    """Only the public folder: a file system with an open file cannot be remounted read-only."""
    air = on_air_at_seven
    air.write_news(first=1)
    with small_disk(air.public):
        subprocess.run(["mount", "-o", "remount,ro", str(air.public)], check=True)

        air.slot(EIGHT)
        for minutes in (11, 12):
            air.tick(EIGHT + minutes * MINUTE)

        on_air, row = air.on_air_file(), air.row(EIGHT)
        assert on_air
        assert (on_air.due, on_air.level) == (SEVEN, Level.FRESH)
        assert case("Disk", "read-only").finds == "the bulletin of the hour before, complete"
        assert (row.state, row.is_met) == (SlotState.MISSED, False)
        assert "cannot be written" in row.note
        ready = find_ready(air.public, "fm", at=EIGHT, aside=air.aside)
        assert (ready.due, ready.level) == (EIGHT, Level.LAST_GOOD)


def test_file_size_is_limited(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write_news(first=1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
        air.slot(EIGHT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    air.expect(level("Disk", "files"), due=EIGHT, is_written=False)
