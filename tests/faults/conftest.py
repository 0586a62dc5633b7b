from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.articles.site import Site
from tests.faults.radio import Radio


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
