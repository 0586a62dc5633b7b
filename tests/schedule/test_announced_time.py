from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletin.errors import ConfigError
from bulletin.schedule.announced_time import air_time, coming_time


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T06:47", "2026-11-24T07:00"),
        ("2026-11-24T07:00", "2026-11-24T07:00"),
        ("2026-11-24T07:13", "2026-11-24T07:10"),
        ("2026-11-24T07:44", "2026-11-24T07:40"),
        ("2026-12-31T23:50", "2027-01-01T00:00"),
        ("2026-07-01T06:13", "2026-07-01T06:10"),
        # the missing hour (01:00 to 02:00 on 29 March 2026) is skipped
        ("2026-03-29T00:50", "2026-03-29T01:00"),
        # the repeated hour: the second 01:20 stays in the second hour
        ("2026-10-25T01:22", "2026-10-25T01:20"),
        ("2026-10-25T00:22", "2026-10-25T00:20"),
    ],
)
def test_on_demand_the_time_is_rounded_as_people_say_it(now: str, expected: str) -> None:
    assert air_time(utc(now), zone="Europe/London") == utc(expected)


@pytest.mark.parametrize(
    ("now", "at", "expected"),
    [
        ("2026-11-24T06:10", "07:00", "2026-11-24T07:00"),
        ("2026-11-24T07:10", "7:00", "2026-11-24T07:00"),
        ("2026-11-24T23:40", "00:00", "2026-11-25T00:00"),
        ("2026-11-24T00:10", "23:30", "2026-11-23T23:30"),
        ("2026-07-01T11:00", "12:30", "2026-07-01T11:30"),
    ],
)
def test_a_named_hour_is_the_nearest_one(now: str, at: str, expected: str) -> None:
    assert air_time(utc(now), zone="Europe/London", at=at) == utc(expected)


@pytest.mark.parametrize("at", ["25:00", "7", "seven", "07:60", ""])
def test_an_invalid_time_of_day_is_refused(at: str) -> None:
    with pytest.raises(ConfigError, match="write it as HH:MM"):
        air_time(utc("2026-11-24T06:10"), zone="Europe/London", at=at)


@pytest.mark.parametrize(
    ("now", "at", "expected"),
    [
        ("2026-11-24T07:00", "07:00", "2026-11-25T07:00"),
        ("2026-11-24T06:59", "07:00", "2026-11-24T07:00"),
        ("2026-03-28T18:30", "07:00", "2026-03-29T06:00"),  # the night loses an hour
        ("2026-03-28T23:30", "07:00", "2026-03-29T06:00"),
        ("2026-10-24T23:30", "00:15", "2026-10-26T00:15"),  # 00:30 in London, of a day of 25 hours
        ("2026-10-25T00:40", "01:50", "2026-10-25T00:50"),
        ("2026-10-25T00:55", "01:50", "2026-10-25T01:50"),
    ],
)
def test_the_coming_time_is_the_next_one_on_the_wall_clock(now: str, at: str, expected: str) -> None:
    assert coming_time(utc(now), zone="Europe/London", at=at) == utc(expected)
