"""Which slot needs a stand-by, by what lies there."""

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


def needs(
    now: datetime,
    lies: dict[str, OnAirFile | None],
    *slots: Slot,
    prepared: dict[str, OnAirFile | None] | None = None,
) -> int | None:
    """The hour of the slot."""
    coming = slots or (slot(8), slot(9))
    found = standby_slot(coming, lies, prepared=prepared or {}, now=now, after=10 * MINUTE, lead=3 * MINUTE)
    return found.due.hour if found else None


def slot(hour: int, *outputs: str, days: int = 0) -> Slot:
    due = SEVEN.replace(hour=hour) + timedelta(days=days)
    return Slot(station="wex", due=due, length_s=60.0, outputs=outputs)


def made(hour: int, *, days: int = 0) -> OnAirFile:
    return OnAirFile(due=slot(hour, days=days).due, level=Level.FRESH)


@pytest.mark.parametrize(
    ("minute", "lies", "hour"),
    [
        (5, made(7), None),  # it may still be taken
        (10, made(7), 8),
        (10, made(8), None),  # it is there
        (10, None, 8),
        (55, None, 8),
        (57, made(7), None),  # the work on the slot itself begins
        (57, None, 8),  # nothing lies there: somebody deleted it, or the work has failed
        (30, made(3), 8),  # the service was away
        (30, made(8, days=3), 8),  # by a clock that ran ahead
    ],
)
def test_a_stand_by_is_put_there_when_the_last_one_has_aired(
    minute: int, lies: OnAirFile | None, hour: int | None
) -> None:
    assert needs(SEVEN + minute * MINUTE, {"fm": lies}) == hour


def test_one_rendition_that_is_not_there_is_enough() -> None:
    assert needs(SEVEN + HOUR / 2, {"fm": made(8), "dab": None}) == 8


def test_a_slot_that_nobody_plays_by_the_clock_needs_none() -> None:
    slots = slot(8, "podcast"), slot(9, "fm")

    assert needs(SEVEN + HOUR / 2, {"fm": made(7)}, *slots) == 9
    assert needs(SEVEN + HOUR / 2, {"fm": made(9)}, *slots) is None
    assert needs(SEVEN + HOUR / 2, {"fm": made(7)}, slot(8, "podcast")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"due": 5}', '{"due": "2026-11-25T07:00:00+00:00"}'])
def test_a_side_file_that_tells_nothing_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "fm.json").write_text(text)

    assert read_on_air(tmp_path, ["fm"]) == {"fm": None}


def test_a_sound_that_somebody_deleted_is_not_there(tmp_path: Path) -> None:
    facts = {"due": SEVEN.isoformat(), "level": "fresh", "audio": "fm.wav"}
    (tmp_path / "fm.json").write_text(json.dumps(facts))
    assert read_on_air(tmp_path, ["fm"]) == {"fm": None}

    (tmp_path / "fm.wav").write_bytes(b"sound")

    assert read_on_air(tmp_path, ["fm"]) == {"fm": OnAirFile(due=SEVEN, level=Level.FRESH)}


def lying(hour: int, level: Level = Level.FRESH, *, made: int = -5) -> OnAirFile:
    """Made so many minutes after its hour, valid for an hour."""
    due = slot(hour).due
    return OnAirFile(due=due, level=level, made=due + made * MINUTE, valid_until=due + HOUR)


def test_what_is_prepared_is_not_prepared_again_unless_news_has_come_since() -> None:
    ready, half_past = lying(8, Level.LAST_GOOD, made=-50), SEVEN + HOUR / 2

    assert needs(half_past, {"fm": lying(7)}, prepared={"fm": ready}) is None
    assert needs(half_past, {"fm": lying(7, made=20)}, prepared={"fm": ready}) == 8


def test_what_is_over_is_no_bulletin_any_more() -> None:
    assert needs(SEVEN + HOUR / 2, {"fm": lying(6)}, prepared={"fm": None}) == 8


@pytest.mark.parametrize(
    ("lies", "gives"),
    [
        (None, True),
        (lying(7), True),
        (lying(8), False),  # news of the slot, made ahead
        (lying(8, Level.PARTIAL, made=-2), False),
        (lying(7, Level.LAST_GOOD), True),
        (lying(8, Level.IDENT), False),
        (replace(lying(9), made=slot(8).due - 5 * MINUTE, due=slot(8).due + 20 * MINUTE), False),  # by hand
        (made(8, days=3), True),  # by hand for a far hour: it does not keep the place until then
        (OnAirFile(due=slot(9).due, level=Level.FRESH, made=slot(9).due), True),  # by a clock that ran ahead
    ],
)
def test_a_stand_by_takes_the_place_of_what_is_over_when_its_slot_comes(
    lies: OnAirFile | None, gives: bool
) -> None:
    if lies and lies.made is None:
        lies = replace(lies, made=SEVEN)
    assert gives_way(lies, lying(8, Level.LAST_GOOD, made=-50), now=slot(8).due - MINUTE) is gives


@pytest.mark.parametrize("damage", [b"", b"{", b"[" * 100_000, b"[1]", b"\xff", b'{"due": 7, "audio": 5}'])
def test_of_a_damaged_side_file_nothing_is_known(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "fm.json").write_bytes(damage)

    assert read_on_air(tmp_path, ("fm",)) == {"fm": None}
