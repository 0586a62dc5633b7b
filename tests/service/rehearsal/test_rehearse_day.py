"""Rehearsal of a day on a simulated clock, with the real reconciler and ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.model import Level
from bulletin.service.rehearsal.rehearse_day import Rehearsal, rehearse_day
from bulletin.service.slots.run_slot_jobs import STUCK
from bulletin.service.worker_base_classes import GRACE

pytestmark = pytest.mark.slow

PROFILE = """\
name = "Valley Radio"
time_zone = "{zone}"
length = "1:00"
[clock]
margin_s = 60
[[clock.slots]]
at = "{at}"
{options}
[[feeds]]
url = "gazette.rss"
[outputs]
make = ["fm"]
"""
RUN = {"gather": 5.0, "choose": 0.5, "write": 0.5, "speak": 20.0, "mix": 4.0, "examine": 1.0, "publish": 1.0}


def play(
    folder: Path,
    date: str,
    *,
    zone: str = "Europe/London",
    options: str = "",
    at: str = "00:00-23:00",
    runs: tuple[Mapping[str, float], ...] = (RUN,),
    progress: Callable[[float], None] = lambda done: None,
) -> tuple[Rehearsal, ...]:
    path = folder / "valley.toml"
    path.write_text(PROFILE.format(zone=zone, options=options, at=at), encoding="utf-8")
    loaded: LoadedProfile = load_profile(str(path))
    start = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(zone))
    end = start + timedelta(days=1)
    return rehearse_day(loaded, since=start, until=end, runs=runs, progress=progress)


@pytest.mark.parametrize(
    ("date", "zone", "slots"),
    [
        pytest.param("2026-03-29", "Europe/London", 23, marks=pytest.mark.slow),
        ("2026-10-25", "Europe/London", 25),
        pytest.param("2026-11-25", "Europe/London", 24, marks=pytest.mark.slow),
        pytest.param("2026-11-01", "America/New_York", 25, marks=pytest.mark.slow),
        pytest.param("2026-10-04", "Australia/Lord_Howe", 23, marks=pytest.mark.slow),
        pytest.param("2028-02-29", "Africa/Cairo", 24, marks=pytest.mark.slow),
    ],
)
def test_every_hour_of_the_day_is_met(tmp_path: Path, date: str, zone: str, slots: int) -> None:
    played = play(tmp_path, date, zone=zone)

    assert len(played) == slots
    assert all(slot.record.is_met for slot in played)
    assert {slot.record.level for slot in played} == {Level.FRESH}
    early_s = [(slot.record.due - slot.record.ready_at).total_seconds() for slot in played]  # type: ignore[operator]
    assert min(early_s) >= 60


def test_progress_is_reported_for_each_slot(tmp_path: Path) -> None:
    shares: list[float] = []

    played = play(tmp_path, "2026-11-25", at="06:00-12:00", progress=shares.append)

    begin = played[0].record.due - timedelta(hours=7)  # an hour before midnight
    length = timedelta(hours=25) + GRACE + STUCK
    dues = [(slot.record.due - begin) / length for slot in played]
    assert len(played) == 7
    assert all(any(due < share <= next_due for share in shares) for due, next_due in pairwise((*dues, 1.0)))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.slow
def test_work_begins_as_early_as_the_runs_took(tmp_path: Path) -> None:
    slow = {"gather": 30.0, "speak": 150.0, "mix": 20.0}

    played = play(tmp_path, "2026-11-25", runs=(slow,) * 20)

    assert {(slot.record.due - slot.began_at).total_seconds() // 10 for slot in played if slot.began_at} == {
        38
    }
    assert {slot.record.level for slot in played} == {Level.FRESH}


@pytest.mark.slow
def test_a_suddenly_slow_run_is_on_time_with_fewer_stories(tmp_path: Path) -> None:
    slow = RUN | {"speak": 500.0}

    played = play(tmp_path, "2026-11-25", runs=(*[RUN] * 5, slow, *[RUN] * 14))

    levels = [slot.record.level for slot in played]
    assert levels.count(Level.PARTIAL) == 1
    assert all(slot.record.is_met for slot in played)
    assert "s were left for it" in played[levels.index(Level.PARTIAL)].record.note


@pytest.mark.slow
def test_a_slow_mix_is_late_and_the_stand_by_airs(tmp_path: Path) -> None:
    stuck = RUN | {"mix": 300.0}

    played = play(tmp_path, "2026-11-25", runs=(*[RUN] * 5, stuck, *[RUN] * 14))

    late = [slot.record for slot in played if slot.record.ready_at and slot.record.ready_at > slot.record.due]
    assert len(late) == 1
    assert late[0].standby is Level.LAST_GOOD
    assert late[0].is_met


@pytest.mark.slow
def test_without_a_stand_by_a_late_slot_is_not_met(tmp_path: Path) -> None:
    stuck = RUN | {"mix": 300.0}
    options = "[standby]\nafter_min = 0\n"

    played = play(tmp_path, "2026-11-25", options=options, runs=(*[RUN] * 5, stuck, *[RUN] * 14))

    assert [slot.record.is_met for slot in played].count(False) == 1


@pytest.mark.slow
def test_a_clock_with_too_many_slots_is_detected(tmp_path: Path) -> None:
    """Slots every five minutes, while mixing alone takes seven."""
    slow = {"gather": 5.0, "speak": 30.0, "mix": 420.0}

    played = play(tmp_path, "2026-11-25", at="06:00-07:00", options="every_min = 5\n", runs=(slow,))

    assert not all(slot.record.is_met for slot in played)
