from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bulletin.archive.database.open_database import read_revision
from bulletin.archive.database.sqlite_engine import make_engine
from tests.articles.site import Site
from tests.faults.station_on_clock import EIGHT, MINUTE, SEVEN, Air
from tests.faults.station_process import Radio


@pytest.fixture
def radio(tmp_path: Path) -> Radio:
    return Radio(folder=tmp_path)


@pytest.fixture(scope="session")
def first_bulletin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder after one good run, made once for all tests that need a last bulletin."""
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
    """A station by its clock, not switched on yet."""
    monkeypatch.setenv("BULLETIN_DATA", str(tmp_path / "data"))
    made = Air(folder=tmp_path)
    made.write()
    made.write_news()
    yield made
    made.switch_off()


@pytest.fixture(scope="session")
def aired_at_seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a station that was on air at seven and has made the stand-by for eight ready."""
    made = Air(folder=tmp_path_factory.mktemp("seven"))
    made.write()
    made.write_news()
    made.switch_on()
    made.slot(SEVEN)
    made.stand_by(EIGHT)
    made.switch_off()
    return made.folder


@pytest.fixture
def on_air_at_seven(air: Air, aired_at_seven: Path) -> Air:
    """It goes on in a folder of its own."""
    shutil.copytree(aired_at_seven, air.folder, dirs_exist_ok=True)
    air.now = SEVEN + 20 * MINUTE
    air.switch_on()
    return air


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ten seconds again and again for a lock that stays."""

    def make(path: Path, busy_s: float) -> Engine:
        return make_engine(path, min(busy_s, 0.3))

    def read(path: Path, *, busy_s: float = 10.0) -> str:
        return read_revision(path, busy_s=min(busy_s, 0.3))

    monkeypatch.setattr("bulletin.archive.self_healing_database.make_engine", make)
    monkeypatch.setattr("bulletin.archive.self_healing_database.read_revision", read)
