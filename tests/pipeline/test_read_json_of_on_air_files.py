"""Slot that needs a stand-by, by the files on air."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.model import Level, Slot
from bulletin.pipeline.read_json_of_on_air_files import OnAirFile, gives_way, read_on_air, standby_slot

SEVEN = datetime(2026, 11, 25, 7, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def hour_of_standby(
    now: datetime,
    on_air: dict[str, OnAirFile | None],
    *slots: Slot,
    prepared: dict[str, OnAirFile | None] | None = None,
) -> int | None:
    """Hour of the slot that needs a stand-by."""
    coming = slots or (slot(8), slot(9))
    standby = standby_slot(
        coming, on_air, prepared=prepared or {}, now=now, after=10 * MINUTE, lead=3 * MINUTE
    )
    return standby.due.hour if standby else None


def slot(hour: int, *outputs: str, days: int = 0) -> Slot:
    due = SEVEN.replace(hour=hour) + timedelta(days=days)
    return Slot(station="wex", due=due, length_s=60.0, outputs=outputs)


def fresh_file(hour: int, *, days: int = 0) -> OnAirFile:
    return OnAirFile(due=slot(hour, days=days).due, level=Level.FRESH)


@pytest.mark.parametrize(
    ("minute", "on_air", "hour"),
    [
        (5, fresh_file(7), None),  # the playout may still read it
        (10, fresh_file(7), 8),
        (10, fresh_file(8), None),  # the file of the slot is ready
        (10, None, 8),
        (55, None, 8),
        (57, fresh_file(7), None),  # the work on the slot itself begins
        (57, None, 8),  # no file: it was deleted, or the work has failed
        (30, fresh_file(3), 8),  # the service was away
        (30, fresh_file(8, days=3), 8),  # made by a clock that ran ahead
    ],
)
def test_a_stand_by_is_prepared_after_the_last_bulletin_has_aired(
    minute: int, on_air: OnAirFile | None, hour: int | None
) -> None:
    assert hour_of_standby(SEVEN + minute * MINUTE, {"fm": on_air}) == hour


def test_one_missing_rendition_needs_a_stand_by() -> None:
    assert hour_of_standby(SEVEN + HOUR / 2, {"fm": fresh_file(8), "dab": None}) == 8


def test_a_slot_without_a_playout_file_needs_no_stand_by() -> None:
    slots = slot(8, "podcast"), slot(9, "fm")

    assert hour_of_standby(SEVEN + HOUR / 2, {"fm": fresh_file(7)}, *slots) == 9
    assert hour_of_standby(SEVEN + HOUR / 2, {"fm": fresh_file(9)}, *slots) is None
    assert hour_of_standby(SEVEN + HOUR / 2, {"fm": fresh_file(7)}, slot(8, "podcast")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"due": 5}', '{"due": "2026-11-25T07:00:00+00:00"}'])
def test_an_incomplete_side_file_counts_as_missing(tmp_path: Path, text: str) -> None:
    (tmp_path / "fm.json").write_text(text)

    assert read_on_air(tmp_path, ["fm"]) == {"fm": None}


def test_a_side_file_without_its_sound_counts_as_missing(tmp_path: Path) -> None:
    facts = {"due": SEVEN.isoformat(), "level": "fresh", "audio": "fm.wav"}
    (tmp_path / "fm.json").write_text(json.dumps(facts))
    assert read_on_air(tmp_path, ["fm"]) == {"fm": None}

    (tmp_path / "fm.wav").write_bytes(b"sound")

    assert read_on_air(tmp_path, ["fm"]) == {"fm": OnAirFile(due=SEVEN, level=Level.FRESH)}


def on_air_file(hour: int, level: Level = Level.FRESH, *, minutes_after: int = -5) -> OnAirFile:
    """File made `minutes_after` its hour, valid for an hour."""
    due = slot(hour).due
    return OnAirFile(due=due, level=level, made=due + minutes_after * MINUTE, valid_until=due + HOUR)


def test_a_stand_by_is_prepared_again_only_after_newer_news() -> None:
    ready, half_past = on_air_file(8, Level.LAST_GOOD, minutes_after=-50), SEVEN + HOUR / 2

    assert hour_of_standby(half_past, {"fm": on_air_file(7)}, prepared={"fm": ready}) is None
    assert hour_of_standby(half_past, {"fm": on_air_file(7, minutes_after=20)}, prepared={"fm": ready}) == 8


def test_an_expired_bulletin_needs_a_stand_by() -> None:
    assert hour_of_standby(SEVEN + HOUR / 2, {"fm": on_air_file(6)}, prepared={"fm": None}) == 8


@pytest.mark.parametrize(
    ("on_air", "gives"),
    [
        (None, True),
        (on_air_file(7), True),
        (on_air_file(8), False),  # news of the slot, made ahead
        (on_air_file(8, Level.PARTIAL, minutes_after=-2), False),
        (on_air_file(7, Level.LAST_GOOD), True),
        (on_air_file(8, Level.IDENT), False),
        (
            replace(on_air_file(9), made=slot(8).due - 5 * MINUTE, due=slot(8).due + 20 * MINUTE),
            False,
        ),  # made by hand
        (fresh_file(8, days=3), True),  # made by hand for a far hour, so it gives way until then
        (
            OnAirFile(due=slot(9).due, level=Level.FRESH, made=slot(9).due),
            True,
        ),  # made by a clock that ran ahead
    ],
)
def test_an_older_file_gives_way_to_a_stand_by_at_its_slot(on_air: OnAirFile | None, gives: bool) -> None:
    if on_air and on_air.made is None:
        on_air = replace(on_air, made=SEVEN)
    assert (
        gives_way(on_air, on_air_file(8, Level.LAST_GOOD, minutes_after=-50), now=slot(8).due - MINUTE)
        is gives
    )


@pytest.mark.parametrize("damage", [b"", b"{", b"[" * 100_000, b"[1]", b"\xff", b'{"due": 7, "audio": 5}'])
def test_a_damaged_side_file_counts_as_missing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "fm.json").write_bytes(damage)

    assert read_on_air(tmp_path, ("fm",)) == {"fm": None}
