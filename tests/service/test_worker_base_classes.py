"""Lead time of the work before a slot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bulletin.service.worker_base_classes import lead_s, run_s, usual_s


@pytest.mark.parametrize(
    ("runs_s", "seconds"),
    [
        ([], 180.0),
        ([4.0] * 20, 45.0),
        ([60.0] * 20, 110.0),
        ([20.0] * 19 + [300.0], 50.0),
        ([20.0] * 18 + [60.0, 300.0], 110.0),
        ([3000.0], 600.0),
    ],
)
def test_the_lead_time_follows_slow_runs_without_the_slowest(runs_s: list[float], seconds: float) -> None:
    assert lead_s(runs_s) == pytest.approx(seconds)


def test_only_the_last_runs_count() -> None:
    assert lead_s([60.0] * 20 + [500.0] * 50) == pytest.approx(110.0)
    assert usual_s([60.0] * 20 + [500.0] * 50) == pytest.approx(75.0)


def test_other_stations_wait_for_the_usual_time() -> None:
    assert usual_s([]) == 60.0
    assert usual_s([10.0] * 19 + [50.0]) == pytest.approx(15.0)


@pytest.mark.parametrize(
    ("left_s", "seconds"), [(600.0, 595.0), (40.0, 35.0), (35.0, 30.0), (10.0, 30.0), (-60.0, 30.0)]
)
def test_a_run_leaves_time_for_a_stand_by_unless_it_is_late(left_s: float, seconds: float) -> None:
    now = datetime(2026, 11, 25, 6, 50, tzinfo=UTC)

    assert run_s(now=now, ready_by=now + timedelta(seconds=left_s)) == seconds
