"""When the work begins."""

from __future__ import annotations

import pytest

from bulletin.service.lead import LEAST_S, MOST_S, UNKNOWN_S, UNKNOWN_USUAL_S, lead_s, usual_s


@pytest.mark.parametrize(
    ("runs_s", "seconds"),
    [
        ([], UNKNOWN_S),
        ([4.0] * 20, LEAST_S),
        ([60.0] * 20, 110.0),
        ([20.0] * 19 + [300.0], 50.0),
        ([20.0] * 18 + [60.0, 300.0], 110.0),
        ([3000.0], MOST_S),
    ],
)
def test_the_slow_runs_count_and_a_single_accident_does_not(runs_s: list[float], seconds: float) -> None:
    assert lead_s(runs_s) == pytest.approx(seconds)


def test_only_the_last_runs_count() -> None:
    assert lead_s([60.0] * 20 + [500.0] * 50) == pytest.approx(110.0)
    assert usual_s([60.0] * 20 + [500.0] * 50) == pytest.approx(75.0)


def test_others_wait_for_what_it_usually_takes() -> None:
    assert usual_s([]) == UNKNOWN_USUAL_S
    assert usual_s([10.0] * 19 + [50.0]) == pytest.approx(15.0)
