"""Count of the characters of a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from bulletin.errors import EngineBusyError
from bulletin.speech.servers.character_budget import CharacterBudget, CountFile
from tests.support.factories import NOW


def make(path: Path, *, per_day: int = 100, at: datetime = NOW) -> CharacterBudget:
    return CharacterBudget(CountFile(path / "count.json"), name="paid", per_day=per_day, clock=lambda: at)


def test_a_new_day_has_a_new_budget(tmp_path: Path) -> None:
    make(tmp_path).take(100)
    with pytest.raises(EngineBusyError) as caught:
        make(tmp_path).take(1)

    assert timedelta(seconds=caught.value.retry_after_s) + NOW == NOW.replace(hour=0) + timedelta(days=1)
    make(tmp_path, at=NOW + timedelta(days=1)).take(100)


def test_after_a_refusal_nothing_more_is_spent_that_day(tmp_path: Path) -> None:
    make(tmp_path).take(60)
    with pytest.raises(EngineBusyError):
        make(tmp_path).take(50)
    for spend in (make(tmp_path).check, lambda: make(tmp_path).take(1)):
        with pytest.raises(EngineBusyError, match="paid: today's budget of 100 characters"):
            spend()

    make(tmp_path, per_day=200).take(50)  # a larger budget of the station holds at once
    assert make(tmp_path).used == 110


def test_characters_that_cost_nothing_are_given_back(tmp_path: Path) -> None:
    budget = make(tmp_path)
    budget.take(80)
    budget.settle(taken=80, charged=10)

    assert budget.used == 10


@pytest.mark.parametrize("content", ["", "[]", '{"day": 3}', "\x00\x00"])
def test_a_damaged_count_spends_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "count.json").write_text(content)

    with pytest.raises(EngineBusyError):
        make(tmp_path).take(1)


def _take_twenty(folder: Path) -> None:
    for _ in range(20):
        make(folder, per_day=1000).take(3)


@pytest.mark.slow
def test_processes_share_the_count(tmp_path: Path) -> None:
    spawn = get_context("spawn")
    processes = [spawn.Process(target=_take_twenty, args=(tmp_path,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert make(tmp_path).used == 180
