"""A day's slots as a strip."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bulletin.model import Level, SlotRecord, SlotState
from bulletin.newsroom.views.day_strip import SlotLook, count_looks, day_of, mark_slots

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "look", "note"),
    [
        ({"state": SlotState.DONE, "level": Level.FRESH}, SlotLook.FRESH, ""),
        (
            {"state": SlotState.DONE, "level": Level.PARTIAL},
            SlotLook.FRESH,
            "shortened, some parts were late",
        ),
        (
            {"state": SlotState.DONE, "level": Level.LAST_GOOD, "note": "no news"},
            SlotLook.STAND_BY,
            "no news",
        ),
        ({"state": SlotState.PLANNED, "standby": Level.IDENT}, SlotLook.STAND_BY, "ident"),
        ({"state": SlotState.PLANNED}, SlotLook.MISSED, ""),
        ({"state": SlotState.MISSED}, SlotLook.MISSED, ""),
        ({"state": SlotState.WORKING, "due": DUE + HOUR}, SlotLook.WORKING, ""),
        ({"state": SlotState.PLANNED, "due": DUE + HOUR}, SlotLook.COMING, ""),
        (
            {"state": SlotState.PLANNED, "due": DUE + HOUR, "standby": Level.LAST_GOOD},
            SlotLook.COMING,
            "",
        ),
    ],
)
def test_a_slot_looks_like_what_was_heard(row: dict[str, object], look: SlotLook, note: str) -> None:
    record = SlotRecord(**({"station": "demo", "due": DUE} | row))  # type: ignore[arg-type]

    (mark,) = mark_slots([record], [], now=NOW, zone="UTC")

    assert (mark.look, mark.note) == (look, note)


def test_slots_that_the_ledger_does_not_have_yet_are_to_come_in_order() -> None:
    row = SlotRecord(station="demo", due=DUE, state=SlotState.DONE, level=Level.FRESH)

    marks = mark_slots([row], [DUE + 2 * HOUR, DUE + HOUR, DUE], now=NOW, zone="Europe/Paris")

    assert [mark.title for mark in marks] == ["08:00 fresh", "09:00 to come", "10:00 to come"]
    assert count_looks(marks) == {SlotLook.FRESH: 1, SlotLook.COMING: 2}


def test_the_day_is_the_stations_also_when_the_clocks_change() -> None:
    start, end = day_of(datetime(2026, 10, 24, 23, 30, tzinfo=UTC), zone="Europe/London")

    assert start.astimezone(UTC) == datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    assert end.astimezone(UTC) - start.astimezone(UTC) == 25 * HOUR
