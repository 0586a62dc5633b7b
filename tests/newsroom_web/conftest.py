"""A served newsroom for the tests of one file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.newsroom_server import ServedNewsroom, served_newsroom


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    with served_newsroom(tmp_path_factory.mktemp("newsroom")) as served:
        yield served
