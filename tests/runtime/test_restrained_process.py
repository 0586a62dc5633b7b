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
def test_a_hanging_process_is_killed_at_its_time() -> None:
    with pytest.raises(StoppedError) as stopped:
        run_restrained(
            f"{JOBS}:hang", {}, limits=Limits(memory_bytes=2_000_000_000, cpu_s=60.0, within_s=0.5)
        )

    assert stopped.value.why == "wall time"


def test_the_answer_of_a_killed_process_is_explained() -> None:
    with pytest.raises(StoppedError, match="crash: exit code -11"):
        parse_answer(b"", -11)
    with pytest.raises(StoppedError, match="processor time"):
        parse_answer(b'{"half', -27)
    assert parse_answer(b'{"words": ""}', 0) == {"words": ""}
