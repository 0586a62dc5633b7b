"""Newest episode against the recurrence rule in the feed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bulletin.diagnostics.remote.check_episode_age import judge_age, last_due
from bulletin.model.diagnostic_findings import Verdict

START = "2026-11-20T07:00:00+01:00"
DAILY = "FREQ=DAILY;BYHOUR=6,7,19;BYMINUTE=0,30;BYSECOND=0"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+01:00")


@pytest.mark.parametrize(
    ("rrule", "before", "due"),
    [
        (DAILY, "2026-11-25T07:45", "2026-11-25T07:30"),
        (DAILY, "2026-11-25T07:00", "2026-11-25T07:00"),
        (DAILY, "2026-11-25T05:59", "2026-11-24T19:30"),
        ("FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=8", "2026-11-25T12:00", "2026-11-23T08:00"),
        ("freq=weekly;byday=we;byhour=8;byminute=15", "2026-11-25T08:00", "2026-11-18T08:15"),
    ],
)
def test_the_last_due_time_of_a_recurrence_rule(rrule: str, before: str, due: str) -> None:
    assert last_due(rrule, start=START, before=at(before)) == at(due)


@pytest.mark.parametrize(
    "rrule",
    [
        "",
        "FREQ=HOURLY",
        "FREQ=DAILY",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;BYHOUR=x",
        "FREQ=DAILY;BYHOUR=7;COUNT=3",
        "no",
    ],
)
def test_an_unreadable_rule_has_no_due_time(rrule: str) -> None:
    assert last_due(rrule, start=START, before=at("2026-11-25T12:00")) is None


def test_a_night_without_episodes_is_fine() -> None:
    judged = judge_age(at("2026-11-24T19:28"), rrule=DAILY, start=START, now=at("2026-11-25T05:50"))

    assert judged.verdict is Verdict.OK


def test_an_episode_due_minutes_ago_is_not_missing_yet() -> None:
    newest, due = at("2026-11-24T19:28"), at("2026-11-25T06:00")

    for minutes, verdict in ((10, Verdict.OK), (16, Verdict.FAILURE)):
        judged = judge_age(newest, rrule=DAILY, start=START, now=due + timedelta(minutes=minutes))
        assert judged.verdict is verdict


def test_without_a_rule_the_limit_is_a_day() -> None:
    newest = at("2026-11-24T07:00")

    for hours, verdict in ((24, Verdict.OK), (27, Verdict.WARNING)):
        judged = judge_age(newest, rrule="", start="", now=newest + timedelta(hours=hours))
        assert judged.verdict is verdict
