from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.articles.site import Site
from tests.faults.radio import Radio


@pytest.fixture
def radio(tmp_path: Path) -> Radio:
    return Radio(folder=tmp_path)


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    """Two servers on loopback: one is good, the other is not."""
    with ExitStack() as running:
        yield running.enter_context(Site()), running.enter_context(Site())
