"""A disk without one byte left: stand-by and ledger are written in the room that was kept for them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bulletin.model import SlotState
from bulletin.service.resources.disk_reserve import SIZE, DiskReserve
from tests.faults.cases import level
from tests.faults.station_on_clock import EIGHT, HOUR, MINUTE, SEVEN, Air
from tests.faults.test_disk import fill
from tests.faults.test_on_air_disk import small_disk

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs POSIX")]


@pytest.fixture(params=["flac", "wav"])
def full(air: Air, request: pytest.FixtureRequest) -> Iterator[Air]:
    """On air since seven on a disk of 64 MB, of which not one block is free any more."""
    profile = air.write()
    profile.write_text(profile.read_text("utf-8").replace('"flac"', f'"{request.param}"'), encoding="utf-8")
    air.output.mkdir()
    with small_disk(air.output):
        air.write_news()
        switch_on(air)
        air.slot(SEVEN)
        DiskReserve(air.output / ".bulletin").keep()
        fill(air.output, free_kb=0)
        assert os.statvfs(air.output).f_bavail == 0
        yield air
        air.switch_off()


def switch_on(air: Air) -> None:
    air.switch_on().use_reserve = DiskReserve(air.output / ".bulletin").use


def test_stand_by_and_ledger_are_written(full: Air) -> None:
    full.write_news(first=1)

    full.slot(EIGHT)

    row = full.row(EIGHT)
    assert (row.state, row.is_met) == (SlotState.DONE, True), (row, full.notes)
    found = look(full)
    assert found == EIGHT, full.notes
    assert row.level is level("Disk", "no byte free")


def test_so_they_are_hour_after_hour(full: Air) -> None:
    """The reserve is taken again from the room that a stand-by left."""
    state = full.output / ".bulletin"
    for hour in range(1, 4):
        due = SEVEN + hour * HOUR
        full.stand_by(due)
        full.slot(due)
        assert look(full) == due, full.notes
        assert full.row(due).is_met, full.notes
        DiskReserve(state).keep()
        assert (state / "reserve").stat().st_size > SIZE // 2


def test_after_a_start_on_a_full_disk_too(full: Air) -> None:
    full.switch_off()
    switch_on(full)

    full.slot(EIGHT)

    assert look(full) == EIGHT, full.notes
    assert full.row(EIGHT).is_met


def test_when_there_is_room_again_news_are_on_air_and_the_reserve_is_whole(full: Air) -> None:
    full.slot(EIGHT)
    (full.output / "ballast").unlink()
    full.write_news(first=2)

    full.slot(EIGHT + HOUR)
    full.tick(EIGHT + HOUR + MINUTE)
    DiskReserve(full.output / ".bulletin").keep()

    assert look(full) == EIGHT + HOUR
    assert (full.output / ".bulletin" / "reserve").stat().st_size == SIZE


def look(air: Air) -> object:
    """For which hour that is which lies on air."""
    from bulletin.pipeline.read_json_of_on_air_files import read_on_air

    lies = read_on_air(air.public, ["fm"])["fm"]
    return lies and lies.due
