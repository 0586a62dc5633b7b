from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from tests.far.base import Server
from tests.far.make import make_server
from tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


@pytest.fixture(params=["ftp", "ftp-plain", "vsftpd", "vsftpd-plain", "sftp", "webdav", "s3"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Each kind of server for uploads, running."""
    server = make_server(request.param, tmp_path)
    server.start()
    yield server
    server.stop()
