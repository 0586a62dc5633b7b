from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from tests.support.delivery_servers.base import Server
from tests.support.delivery_servers.make import make_server
from tests.support.public_station import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield House(tmp_path, archive)


@pytest.fixture(params=["ftp", "ftp-plain", "vsftpd", "vsftpd-plain", "sftp", "webdav", "s3"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A running upload server of each kind."""
    server = make_server(request.param, tmp_path)
    server.start()
    yield server
    server.stop()
