"""Uptime log: retention counts days of work, so that a clock that jumps deletes nothing too early."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.runtime.count_days_by_uptime import COUNTED, LEAP, UptimeLog, UptimeSpan, record_run
from tests.support.factories import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YEARS = timedelta(days=3652)


def work(worked: UptimeLog, *, since, hours: int, every: timedelta = HOUR) -> UptimeLog:
    for number in range(hours):
        worked = worked.with_run(since + number * every)
    return worked


def test_a_service_that_always_runs_counts_calendar_days() -> None:
    worked = work(UptimeLog(), since=NOW, hours=40 * 24)
    now = NOW + 40 * DAY

    assert worked.before(now, days=30) == now - 30 * DAY
    assert len(worked.stretches) == 1


def test_files_from_before_the_log_age_by_the_calendar() -> None:
    assert UptimeLog().before(NOW, days=30) == NOW - 30 * DAY
    assert UptimeLog().with_run(NOW).before(NOW, days=30) == NOW - 30 * DAY


def test_skipped_years_count_as_one_day() -> None:
    worked = work(UptimeLog(), since=NOW, hours=40 * 24)
    last, ahead = NOW + 40 * DAY - HOUR, NOW + YEARS
    worked = worked.with_run(ahead)

    assert worked.before(ahead, days=30) == last - 29 * DAY
    later = ahead + 10 * DAY
    assert work(worked, since=ahead, hours=241).before(later, days=30) == last - 19 * DAY
    assert work(worked, since=ahead, hours=24 * 31).before(ahead + 30 * DAY, days=30) == ahead


def test_a_corrected_clock_leaves_no_trace() -> None:
    worked = work(UptimeLog(), since=NOW, hours=40 * 24)
    worked = work(worked, since=NOW + YEARS, hours=5)
    now = NOW + 41 * DAY
    worked = worked.with_run(now)

    assert worked.before(now, days=30) == now - 30 * DAY


def test_a_machine_that_starts_in_the_past_deletes_as_any_other() -> None:
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


def test_the_first_start_dates_past_work_by_the_files(tmp_path: Path) -> None:
    """The clock may be years ahead at the first start after an upgrade."""
    made = [NOW + hours * HOUR for hours in range(40 * 24)]

    worked = record_run(tmp_path / "worked.json", NOW + YEARS, made=lambda: made)

    assert worked.before(NOW + YEARS, days=30) == made[-1] - 29 * DAY
    assert record_run(tmp_path / "worked.json", NOW + YEARS, made=lambda: [NOW - YEARS]) == worked


def test_only_needed_stretches_are_kept(tmp_path: Path) -> None:
    worked = work(UptimeLog(), since=NOW, hours=600, every=7 * DAY)

    assert len(worked.stretches) == 500
    assert worked.stretches[-1] == UptimeSpan(first=NOW + 599 * 7 * DAY, last=NOW + 599 * 7 * DAY)


def test_runs_are_recorded_and_a_clock_jump_is_logged_once(
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
def test_a_damaged_log_starts_again(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "worked.json"
    path.write_bytes(data)

    assert record_run(path, NOW) == UptimeLog(stretches=(UptimeSpan(first=NOW, last=NOW),))
    assert record_run(path, NOW + HOUR) == UptimeLog(stretches=(UptimeSpan(first=NOW, last=NOW + HOUR),))


def test_retention_works_where_the_log_cannot_be_written(tmp_path: Path) -> None:
    assert record_run(tmp_path / "gone" / "worked.json", NOW).before(NOW, days=30) == NOW - 30 * DAY
