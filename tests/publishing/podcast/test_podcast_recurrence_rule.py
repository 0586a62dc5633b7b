"""Recurrence rule for apps: it promises no episode without a slot of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.config.tables.clock_options import ClockOptions
from bulletin.publishing.podcast.podcast_recurrence_rule import update_rule
from bulletin.schedule.plan_slots import coming_slots

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def clock(*slots: dict[str, object]) -> ClockOptions:
    return ClockOptions.model_validate({"slots": slots})


def moments(rrule: str) -> set[datetime]:
    """Times of the rule in the week from MONDAY on, as RFC 5545 defines them."""
    parts = dict(part.split("=") for part in rrule.split(";"))
    days = parts.get("BYDAY", ",".join(DAYS)).split(",")
    return {
        MONDAY + timedelta(days=DAYS.index(day), hours=int(hour), minutes=int(minute))
        for day in days
        for hour in parts["BYHOUR"].split(",")
        for minute in parts["BYMINUTE"].split(",")
    }


@pytest.mark.parametrize(
    ("slots", "rrule", "words"),
    [
        ([{"at": "07:00"}], "FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0", "07:00; every day"),
        (
            [{"at": "06:00-10:00", "days": "weekdays"}, {"at": "08:00", "days": "weekends"}],
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=6,7,8,9,10;BYMINUTE=0;BYSECOND=0",
            "06:00, 07:00, 08:00, 09:00, 10:00; Monday, Tuesday, Wednesday, Thursday, Friday",
        ),
        (
            [{"at": "23:00-01:00", "days": "sat"}],
            "FREQ=WEEKLY;BYDAY=SU;BYHOUR=0,1;BYMINUTE=0;BYSECOND=0",
            "00:00, 01:00; Sunday",
        ),
        (
            [{"at": ["07:00", "07:30", "08:00", "08:30", "12:00"]}],
            "FREQ=DAILY;BYHOUR=7,8;BYMINUTE=0,30;BYSECOND=0",
            "07:00, 07:30, 08:00, 08:30; every day",
        ),
    ],
)
def test_a_clock_becomes_a_recurrence_rule(slots: list[dict[str, object]], rrule: str, words: str) -> None:
    rule = update_rule(clock(*slots))

    assert rule is not None
    assert (rule.rrule, rule.words) == (rrule, words)


def test_a_station_without_a_clock_promises_nothing() -> None:
    assert update_rule(ClockOptions()) is None
    assert update_rule(clock({"at": "07:00", "days": "2026-12-24"})) is None


def test_only_slots_with_an_episode_count() -> None:
    assert update_rule(clock({"at": "07:00", "outputs": ["fm"]})) is None
    assert update_rule(clock({"at": "07:00"}), makes=("fm",)) is None


times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from((0, 15, 30)))
spans = st.builds("{}-{}".format, times, times)
slot = st.fixed_dictionaries(
    {
        "at": st.lists(st.one_of(times, spans), min_size=1, max_size=3),
        "every_min": st.sampled_from((30, 60, 90)),
        "days": st.sampled_from(("daily", "weekdays", "weekends", "mon-thu", "fri-mon", "wed")),
    }
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(slot, min_size=1, max_size=3))
def test_every_promised_time_has_a_slot(slots: list[dict[str, object]]) -> None:
    options = clock(*slots)
    rule = update_rule(options)
    week = coming_slots(options, zone="UTC", since=MONDAY, until=MONDAY + timedelta(days=7))

    assert rule is not None
    assert moments(rule.rrule) <= set(week)
    assert len(rule.words) <= 128
