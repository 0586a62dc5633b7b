"""Fixtures of the archive's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive

Opener = Callable[[], Archive]
"""Opens the same archive once more, as another process does."""


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.clients)])
def open_archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opener of an archive, in a file or on a PostgreSQL server."""
    with ExitStack() as opened:
        if request.param == "file":
            yield lambda: opened.enter_context(Archive.open(tmp_path / "archive.db"))
            return
        url = request.getfixturevalue("postgres_url")
        from bulletin.archive.server_archive import open_server_archive

        yield lambda: opened.enter_context(open_server_archive(url))


@pytest.fixture
def archive(open_archive: Opener) -> Archive:
    """An archive with each kind of database."""
    return open_archive()


@pytest.fixture
def file_archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive in a file, for what only a file has."""
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened
