"""Slots of a station's clock over a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bulletin.config.tables.clock_options import ClockOptions, SlotOptions
from bulletin.errors import ConfigError
from bulletin.schedule.plan_slots import coming_slots, find_holidays

LONDON = ZoneInfo("Europe/London")


def slots(
    clock: dict[str, Any],
    first: str,
    last: str,
    *,
    zone: str = "Europe/London",
    is_holiday: Callable[[date], bool] = lambda day: False,
) -> dict[datetime, SlotOptions]:
    """Slots from the first day's midnight to the last day's, in the station's time zone."""
    local = ZoneInfo(zone)
    return coming_slots(
        ClockOptions.model_validate(clock),
        zone=zone,
        since=datetime.fromisoformat(first).replace(tzinfo=local),
        until=datetime.fromisoformat(last).replace(tzinfo=local),
        is_holiday=is_holiday,
    )


def local_times(planned: dict[datetime, SlotOptions], zone: str = "Europe/London") -> list[str]:
    return [f"{due.astimezone(ZoneInfo(zone)):%a %H:%M}" for due in planned]


HOURLY = {"slots": [{"at": "00:00-23:00"}]}


def test_an_hourly_station_is_on_air_every_hour_of_a_year() -> None:
    planned = slots(HOURLY, "2026-01-01", "2027-01-01")

    assert len(planned) == 365 * 24
    steps = {(b - a).total_seconds() for a, b in pairwise(planned)}
    assert steps == {3600.0}


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
def test_no_hour_on_the_clock_is_missed_wherever_the_station_is(zone: str) -> None:
    """Lord Howe's clock moves by half an hour; Cairo's skips midnight."""
    planned = slots(HOURLY, "2026-01-01", "2027-01-01", zone=zone)

    assert all(due.astimezone(ZoneInfo(zone)).minute == 0 for due in planned)
    gaps_h = [(b - a).total_seconds() / 3600 for a, b in pairwise(planned)]
    assert set(gaps_h) <= {1.0, 1.5, 0.5}
    assert sum(gap != 1.0 for gap in gaps_h) == (2 if zone == "Australia/Lord_Howe" else 0)


def test_the_hour_that_is_skipped_has_no_slot() -> None:
    planned = slots({"slots": [{"at": "00:00-04:00", "every_min": 30}]}, "2026-03-29", "2026-03-30")

    assert local_times(planned) == [
        "Sun 00:00",
        "Sun 00:30",
        *(f"Sun {h:02}:{m:02}" for h in (2, 3) for m in (0, 30)),
        "Sun 04:00",
    ]
    assert ([*planned][2] - [*planned][1]).total_seconds() == 1800


def test_the_hour_that_comes_twice_has_its_slots_twice() -> None:
    planned = slots({"slots": [{"at": "00:00-02:00"}]}, "2026-10-25", "2026-10-26")

    assert local_times(planned) == ["Sun 00:00", "Sun 01:00", "Sun 01:00", "Sun 02:00"]
    assert [due.hour for due in planned] == [23, 0, 1, 2]


def test_lord_howe_turns_its_clock_by_half_an_hour() -> None:
    half_hours = {"slots": [{"at": "01:00-03:00", "every_min": 30}]}
    zone = "Australia/Lord_Howe"

    forward = slots(half_hours, "2026-10-04", "2026-10-05", zone=zone)
    back = slots(half_hours, "2026-04-05", "2026-04-06", zone=zone)

    assert local_times(forward, zone) == ["Sun 01:00", "Sun 01:30", "Sun 02:30", "Sun 03:00"]
    assert local_times(back, zone) == [
        "Sun 01:00",
        "Sun 01:30",
        "Sun 01:30",
        "Sun 02:00",
        "Sun 02:30",
        "Sun 03:00",
    ]
    assert {(b - a).total_seconds() for a, b in pairwise([*forward, *back])} >= {1800.0}
    assert all((b - a).total_seconds() == 1800.0 for night in (forward, back) for a, b in pairwise(night))


def test_cairo_skips_midnight_and_no_other_hour() -> None:
    planned = slots({"slots": [{"at": "00:00-23:00"}]}, "2026-04-23", "2026-04-25", zone="Africa/Cairo")

    assert local_times(planned, "Africa/Cairo")[22:26] == ["Thu 22:00", "Thu 23:00", "Fri 01:00", "Fri 02:00"]
    assert {(b - a).total_seconds() for a, b in pairwise(planned)} == {3600.0}


def test_new_york_hears_one_o_clock_twice() -> None:
    planned = slots({"slots": [{"at": "01:00-02:00"}]}, "2026-11-01", "2026-11-02", zone="America/New_York")

    assert local_times(planned, "America/New_York") == ["Sun 01:00", "Sun 01:00", "Sun 02:00"]
    assert [due.hour for due in planned] == [5, 6, 7]


def test_weekdays_weekends_and_half_hours_at_breakfast() -> None:
    clock = {
        "slots": [
            {"at": "06:00-19:00", "days": "weekdays"},
            {"at": ["07:00", "08:00", "09:00"], "days": "weekends", "length": "1:00"},
            {"at": "06:00-09:00", "every_min": 30, "days": "mon-fri", "length": "3:00"},
        ]
    }

    planned = slots(clock, "2026-11-27", "2026-11-29")

    friday = [rule for due, rule in planned.items() if due.day == 27]
    assert len(friday) == 14 + 3
    assert [rule.length for rule in friday[:8]] == [180.0] * 7 + [None]
    assert local_times(planned)[len(friday) :] == ["Sat 07:00", "Sat 08:00", "Sat 09:00"]
    assert {rule.length for rule in [*planned.values()][len(friday) :]} == {60.0}


def test_a_station_can_treat_holidays_as_weekends() -> None:
    rules = [{"at": "06:00-19:00", "days": "weekdays"}, {"at": "09:00", "days": ["weekends", "holidays"]}]
    is_holiday = find_holidays("GB-ENG")

    planned = slots({"slots": rules}, "2026-08-28", "2026-09-01", is_holiday=is_holiday)

    assert local_times(planned)[14:] == ["Sat 09:00", "Sun 09:00", "Mon 09:00"]
    without = slots({"slots": rules[:1]}, "2026-08-31", "2026-09-01", is_holiday=is_holiday)
    assert len(without) == 14


def test_a_date_overrides_every_rule_and_a_day_off_has_no_slot() -> None:
    clock = {
        "slots": [{"at": "06:00-19:00"}, {"at": "15:00", "days": "2026-12-25", "length": "5:00"}],
        "off": "2026-12-26",
    }

    planned = slots(clock, "2026-12-25", "2026-12-27", is_holiday=lambda day: True)

    assert [(due.hour, rule.length) for due, rule in planned.items()] == [(15, 300.0)]


def test_a_range_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    planned = slots({"slots": [{"at": "22:00-02:00", "days": "fri"}]}, "2026-11-27", "2026-11-29")

    assert local_times(planned) == ["Fri 22:00", "Fri 23:00", "Sat 00:00", "Sat 01:00", "Sat 02:00"]
    assert local_times(
        slots({"slots": [{"at": "22:00-02:00", "days": "fri"}]}, "2026-11-28", "2026-11-29")
    ) == [
        "Sat 00:00",
        "Sat 01:00",
        "Sat 02:00",
    ]


def test_new_year_and_the_29th_of_february_are_days_like_others() -> None:
    assert len(slots(HOURLY, "2027-12-31", "2028-01-02")) == 48
    assert len(slots(HOURLY, "2028-02-28", "2028-03-01")) == 48
    assert len(slots({"slots": [{"at": "12:00", "days": "2028-02-29"}]}, "2028-02-01", "2028-04-01")) == 1


def test_the_start_is_included_and_the_end_is_not() -> None:
    eight = datetime(2026, 11, 25, 8, tzinfo=UTC)
    clock = ClockOptions.model_validate(HOURLY)

    planned = coming_slots(clock, zone="Europe/London", since=eight, until=eight.replace(hour=10))

    assert [due.hour for due in planned] == [8, 9]


@pytest.mark.parametrize(
    ("slot", "says"),
    [
        ({"at": "25:00"}, '"25:00" is not a valid time'),
        ({"at": "7am"}, '"7am" is not a valid time'),
        ({"at": "07:00", "days": "mondays"}, '"mondays" is not a valid day'),
        ({"at": "07:00", "days": "2026-02-30"}, '"2026-02-30" is not a valid day'),
        ({"at": "07:00", "every_min": 1}, "greater than or equal to 5"),
    ],
)
def test_an_invalid_time_is_refused(slot: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ClockOptions.model_validate({"slots": [slot]})


def test_an_unknown_country_is_named() -> None:
    with pytest.raises(ConfigError, match='holidays = "XX"'):
        find_holidays("XX")
    with pytest.raises(ConfigError, match='holidays = "GB-ZZ"'):
        find_holidays("GB-ZZ")
