from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.schedule.plan_slots import due_now, fm_until_next

HOURLY = """
[[clock.slots]]
at = "06:00-19:00"
days = "weekdays"

[[clock.slots]]
at = "06:30"
days = "weekdays"
outputs = ["podcast"]
"""


def minutes(folder: Path, due: str, *, clock: str = HOURLY, fm: str = "") -> float:
    """Minutes for which a bulletin due at this hour is valid; London winter times, which are UTC."""
    profile = folder / "station.toml"
    profile.write_text(
        f"""
name = "Radio Wexcombe"
time_zone = "Europe/London"
{clock}
[outputs]
make = ["fm", "podcast"]

[outputs.fm]
{fm}

[[feeds]]
name = "gazette"
url = "https://gazette.example/news.rss"
""",
        encoding="utf-8",
    )
    at = datetime.strptime(due, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return fm_until_next(load_profile(str(profile)), due=at)["valid_min"]


@pytest.mark.parametrize(
    ("now", "slots", "expected"),
    [
        ("07:22", "06:00-19:00", "07:20"),
        ("07:46", "06:00-19:00", "08:00"),
        ("07:46", '07:00", "07:50', "07:50"),
        ("07:50", '07:00", "07:50', "07:50"),
        ("07:51", '07:00", "07:50', "08:00"),
    ],
)
def test_on_demand_a_bulletin_is_due_at_a_rounded_time_or_a_near_slot(
    tmp_path: Path, now: str, slots: str, expected: str
) -> None:
    profile = tmp_path / "station.toml"
    profile.write_text(f'name = "Hill"\ntime_zone = "UTC"\n[[clock.slots]]\nat = ["{slots}"]\n', "utf-8")

    due = due_now(load_profile(str(profile)), now=datetime.fromisoformat(f"2026-11-24 {now}+00:00"))

    assert f"{due:%H:%M}" == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-11-24 07:00", 60),
        ("2026-11-24 07:15", 45),
        ("2026-11-24 06:00", 60),  # the slot at half past six makes no file for the air
        ("2026-11-24 19:00", 11 * 60),
        ("2026-11-27 19:00", 24 * 60),  # the next slot is on Monday
    ],
)
def test_a_bulletin_is_valid_until_the_next_slot(tmp_path: Path, due: str, expected: float) -> None:
    assert minutes(tmp_path, due) == expected


def test_without_a_clock_a_bulletin_is_valid_for_an_hour(tmp_path: Path) -> None:
    assert minutes(tmp_path, "2026-11-24 07:00", clock="") == 60


def test_the_profile_overrides_the_clock(tmp_path: Path) -> None:
    assert minutes(tmp_path, "2026-11-24 07:00", fm="valid_min = 90") == 90


def test_on_demand_names_no_hour_before_the_last_slot(tmp_path: Path) -> None:
    """Rounded to five minutes it would be older than the bulletin on air and be held back."""
    profile = tmp_path / "station.toml"
    profile.write_text('name = "Hill"\ntime_zone = "UTC"\n[[clock.slots]]\nat = ["07:07"]\n', "utf-8")

    due = due_now(load_profile(str(profile)), now=datetime.fromisoformat("2026-11-24 07:09+00:00"))

    assert f"{due:%H:%M}" == "07:07"
