"""The station "hill", whose coming bulletin is prepared, served for the tests of one file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.newsroom_server import ServedNewsroom, served_hill


@pytest.fixture(scope="module")
def hill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    with served_hill(tmp_path_factory.mktemp("hill")) as served:
        yield served
