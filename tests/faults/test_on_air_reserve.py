"""A disk without a free byte: stand-by and ledger are written in the space of the reserve."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bulletin.model import SlotState
from bulletin.service.resources.disk_space_reserve import SIZE, DiskReserve
from tests.faults.cases import level
from tests.faults.station_on_clock import EIGHT, HOUR, MINUTE, SEVEN, Air
from tests.faults.test_disk import fill
from tests.faults.test_on_air_disk import small_disk

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs POSIX")]


@pytest.fixture(params=["flac", "wav"])
def full(air: Air, request: pytest.FixtureRequest) -> Iterator[Air]:
    """A station on air since seven, on a disk of 64 MB without a free block."""
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
    hour = hour_on_air(full)
    assert hour == EIGHT, full.notes
    assert row.level is level("Disk", "no byte free")


def test_stand_by_and_ledger_are_written_hour_after_hour(full: Air) -> None:
    """The reserve is filled again with the space of an expired stand-by."""
    state = full.output / ".bulletin"
    for hour in range(1, 4):
        due = SEVEN + hour * HOUR
        full.stand_by(due)
        full.slot(due)
        assert hour_on_air(full) == due, full.notes
        assert full.row(due).is_met, full.notes
        DiskReserve(state).keep()
        assert (state / "reserve").stat().st_size > SIZE // 2


def test_stand_by_and_ledger_are_written_after_a_start_on_a_full_disk(full: Air) -> None:
    full.switch_off()
    switch_on(full)

    full.slot(EIGHT)

    assert hour_on_air(full) == EIGHT, full.notes
    assert full.row(EIGHT).is_met


def test_with_space_again_news_airs_and_the_reserve_is_complete(full: Air) -> None:
    full.slot(EIGHT)
    (full.output / "ballast").unlink()
    full.write_news(first=2)

    full.slot(EIGHT + HOUR)
    full.tick(EIGHT + HOUR + MINUTE)
    DiskReserve(full.output / ".bulletin").keep()

    assert hour_on_air(full) == EIGHT + HOUR
    assert (full.output / ".bulletin" / "reserve").stat().st_size == SIZE


def hour_on_air(air: Air) -> object:
    """Hour of the file on air."""
    from bulletin.pipeline.read_json_of_on_air_files import read_on_air

    on_air = read_on_air(air.public, ["fm"])["fm"]
    return on_air and on_air.due
