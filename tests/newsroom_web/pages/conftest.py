"""The newsroom of "hill", served once for each test file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bulletin.newsroom.desk import Desk
from tests.support.newsroom_pages import served_hill
from tests.support.newsroom_server import ServedNewsroom


@pytest.fixture(scope="module")
def hill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedNewsroom, Desk]]:
    with served_hill(tmp_path_factory.mktemp("hill")) as served:
        yield served
