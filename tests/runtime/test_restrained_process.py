"""A restrained process cannot take this one with it."""

from __future__ import annotations

import pytest

from bulletin.runtime.restrained_process import Limits, StoppedError, parse_answer, run_restrained

JOBS = "tests.support.restrained_jobs"


@pytest.mark.slow
def test_the_process_has_no_secret_of_the_station(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_KEY", "4711-secret")

    answer = run_restrained(
        f"{JOBS}:tell_variables", {}, limits=Limits(memory_bytes=2_000_000_000, cpu_s=5.0)
    )

    assert "PATH" in answer["names"]
    assert "STATION_KEY" not in answer["names"]


@pytest.mark.slow
@pytest.mark.parametrize("shows", [False, True])
def test_a_hanging_process_is_killed_at_its_time(shows: bool) -> None:
    limits = Limits(memory_bytes=2_000_000_000, cpu_s=60.0, within_s=0.7)

    with pytest.raises(StoppedError) as stopped:
        run_restrained(f"{JOBS}:hang", {}, limits=limits, progress=print if shows else None)

    assert stopped.value.why == "wall time"


@pytest.mark.slow
def test_reports_of_a_job_reach_the_one_who_waits() -> None:
    reports: list[int] = []
    limits = Limits(memory_bytes=2_000_000_000, cpu_s=5.0)

    answer = run_restrained(f"{JOBS}:count_to_three", {}, limits=limits, progress=reports.append)

    assert answer == {"count": 3}
    assert reports == [1, 2, 3]


def test_the_answer_of_a_killed_process_is_explained() -> None:
    with pytest.raises(StoppedError, match="crash: exit code -11"):
        parse_answer(b"", -11)
    with pytest.raises(StoppedError, match="processor time"):
        parse_answer(b'{"half', -27)
    assert parse_answer(b'{"words": ""}', 0) == {"words": ""}
