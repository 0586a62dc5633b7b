"""Sample of `python -m bench.archive_damage`: damage drawn from a seed, and the file on air after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.archive_damage import play, prepare

pytestmark = pytest.mark.faults

SEED = 2026


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BULLETIN_DATA", str(folder / "data"))
        return prepare(folder)


@pytest.mark.parametrize("number", range(30))
def test_a_damaged_archive_keeps_the_station_on_air_without_killed_stories(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setenv("BULLETIN_DATA", str(tmp_path / "data"))

    result = play(template, tmp_path / "case", seed=f"{SEED}-{number}")

    assert result.failures == [], (result.notes, result.ended)
