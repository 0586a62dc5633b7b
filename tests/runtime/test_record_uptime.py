"""Uptime log: retention counts days of work, so that a clock that jumps deletes nothing too early."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.runtime.record_uptime import COUNTED, LEAP, UptimeLog, UptimeSpan, record_run
from tests.support.factories import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YEARS = timedelta(days=3652)


def work(worked: UptimeLog, *, since, hours: int, every: timedelta = HOUR) -> UptimeLog:
    for number in range(hours):
        worked = worked.with_run(since + number * every)
    return worked


def test_who_works_all_the_time_has_days_as_the_calendar_has_them() -> None:
    worked = work(UptimeLog(), since=NOW, hours=40 * 24)
    now = NOW + 40 * DAY

    assert worked.before(now, days=30) == now - 30 * DAY
    assert len(worked.stretches) == 1


def test_what_lay_there_before_anything_was_written_down_ages_as_the_calendar_has_it() -> None:
    assert UptimeLog().before(NOW, days=30) == NOW - 30 * DAY
    assert UptimeLog().with_run(NOW).before(NOW, days=30) == NOW - 30 * DAY


def test_years_that_the_clock_skipped_count_as_one_day() -> None:
    worked = work(UptimeLog(), since=NOW, hours=40 * 24)
    last, ahead = NOW + 40 * DAY - HOUR, NOW + YEARS
    worked = worked.with_run(ahead)

    assert worked.before(ahead, days=30) == last - 29 * DAY
    later = ahead + 10 * DAY
    assert work(worked, since=ahead, hours=241).before(later, days=30) == last - 19 * DAY
    assert work(worked, since=ahead, hours=24 * 31).before(ahead + 30 * DAY, days=30) == ahead


def test_a_clock_that_was_ahead_leaves_no_trace_when_it_is_right_again() -> None:
    worked = work(UptimeLog(), since=NOW, hours=40 * 24)
    worked = work(worked, since=NOW + YEARS, hours=5)
    now = NOW + 41 * DAY
    worked = worked.with_run(now)

    assert worked.before(now, days=30) == now - 30 * DAY


def test_a_machine_that_begins_in_the_past_at_each_start_deletes_as_any_other() -> None:
    """Without a battery it starts in 2020 until the time is set."""
    worked = UptimeLog()
    for week in range(20):
        worked = work(worked, since=NOW - YEARS, hours=2, every=timedelta(minutes=1))
        worked = work(worked, since=NOW + week * 7 * DAY, hours=7 * 24)
    now = NOW + 140 * DAY

    assert worked.before(now, days=30) == now - 30 * DAY
    past = NOW - YEARS + timedelta(minutes=1)
    assert worked.before(past, days=30) == past - 30 * DAY


def test_a_station_that_runs_once_a_week_deletes_too_though_later() -> None:
    worked = work(UptimeLog(), since=NOW, hours=100, every=7 * DAY)
    now = NOW + 99 * 7 * DAY

    assert worked.before(now, days=30) == now - 30 * 7 * DAY


def test_a_pause_of_some_days_counts_in_full_and_a_longer_one_as_a_day() -> None:
    for pause, counts in ((LEAP, LEAP), (LEAP + HOUR, COUNTED), (90 * DAY, COUNTED)):
        worked = work(UptimeLog(), since=NOW, hours=10 * 24 + 1).with_run(NOW + 10 * DAY + pause)
        now = NOW + 10 * DAY + pause

        assert worked.before(now, days=5) == NOW + 10 * DAY - (5 * DAY - counts), pause


def test_the_first_who_looks_knows_of_work_by_what_was_made(tmp_path: Path) -> None:
    """The clock may be years ahead at the first start after an upgrade."""
    made = [NOW + hours * HOUR for hours in range(40 * 24)]

    worked = record_run(tmp_path / "worked.json", NOW + YEARS, made=lambda: made)

    assert worked.before(NOW + YEARS, days=30) == made[-1] - 29 * DAY
    assert record_run(tmp_path / "worked.json", NOW + YEARS, made=lambda: [NOW - YEARS]) == worked


def test_no_more_stretches_are_kept_than_anybody_needs(tmp_path: Path) -> None:
    worked = work(UptimeLog(), since=NOW, hours=600, every=7 * DAY)

    assert len(worked.stretches) == 500
    assert worked.stretches[-1] == UptimeSpan(first=NOW + 599 * 7 * DAY, last=NOW + 599 * 7 * DAY)


def test_it_is_written_down_whole_and_a_leap_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "worked.json"
    record_run(path, NOW)
    record_run(path, NOW + HOUR)
    assert not caplog.records
    with caplog.at_level(logging.WARNING):
        worked = record_run(path, NOW + YEARS)
        record_run(path, NOW + YEARS + HOUR)

    assert [stretch.last for stretch in worked.stretches] == [NOW + HOUR, NOW + YEARS]
    (warning,) = (record.getMessage() for record in caplog.records)
    assert warning.startswith("no run for 3651 days by the system clock")
    assert [file.name for file in tmp_path.iterdir()] == ["worked.json"]


@pytest.mark.parametrize(
    "data", [b"", b"[" * 100_000, b"\xff", b"{}", b"[1]", b'[["x", "y"]]', b"[[1, 2]]", b'{"a": 1}', b"7"]
)
def test_a_damaged_file_begins_anew(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "worked.json"
    path.write_bytes(data)

    assert record_run(path, NOW) == UptimeLog(stretches=(UptimeSpan(first=NOW, last=NOW),))
    assert record_run(path, NOW + HOUR) == UptimeLog(stretches=(UptimeSpan(first=NOW, last=NOW + HOUR),))


def test_where_nothing_can_be_written_limits_are_kept_all_the_same(tmp_path: Path) -> None:
    assert record_run(tmp_path / "gone" / "worked.json", NOW).before(NOW, days=30) == NOW - 30 * DAY
