from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bulletin.archive.database.check_database_damage import read_revision
from bulletin.archive.database.sqlite_engine import make_engine
from tests.articles.site import Site
from tests.faults.station_on_clock import EIGHT, MINUTE, SEVEN, Air
from tests.faults.station_process import Radio


@pytest.fixture
def radio(tmp_path: Path) -> Radio:
    return Radio(folder=tmp_path)


@pytest.fixture(scope="session")
def first_bulletin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Output folder after one good run, shared by all tests that need a last bulletin."""
    radio = Radio(folder=tmp_path_factory.mktemp("first"))
    radio.make_json()
    return radio.output


@pytest.fixture
def on_air(radio: Radio, first_bulletin: Path) -> Radio:
    """A station that has a last bulletin."""
    shutil.copytree(first_bulletin, radio.output, dirs_exist_ok=True)
    return radio


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    """Two servers on loopback: one is good, the other is not."""
    with ExitStack() as running:
        yield running.enter_context(Site()), running.enter_context(Site())


@pytest.fixture
def air(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Air]:
    """A station on a simulated clock, not switched on yet."""
    monkeypatch.setenv("BULLETIN_DATA", str(tmp_path / "data"))
    air_station = Air(folder=tmp_path)
    air_station.write()
    air_station.write_news()
    yield air_station
    air_station.switch_off()


@pytest.fixture(scope="session")
def aired_at_seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a station that was on air at seven and has prepared the stand-by for eight."""
    air_station = Air(folder=tmp_path_factory.mktemp("seven"))
    air_station.write()
    air_station.write_news()
    air_station.switch_on()
    air_station.slot(SEVEN)
    air_station.stand_by(EIGHT)
    air_station.switch_off()
    return air_station.folder


@pytest.fixture
def on_air_at_seven(air: Air, aired_at_seven: Path) -> Air:
    """The same station after seven, switched on, in a folder of this test."""
    shutil.copytree(aired_at_seven, air.folder, dirs_exist_ok=True)
    air.now = SEVEN + 20 * MINUTE
    air.switch_on()
    return air


@pytest.fixture
def short_lock_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only 0.3 s for a database lock instead of ten seconds each time."""

    def make(path: Path, busy_s: float) -> Engine:
        return make_engine(path, min(busy_s, 0.3))

    def read(path: Path, *, busy_s: float = 10.0) -> str:
        return read_revision(path, busy_s=min(busy_s, 0.3))

    monkeypatch.setattr("bulletin.archive.self_healing_database.make_engine", make)
    monkeypatch.setattr("bulletin.archive.self_healing_database.read_revision", read)
