"""Fixtures of the group's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import objects_in_deletion, published_files
from bulletin.storage.folder_store import FolderStore
from tests.support.bucket_process import BucketProcess, bucket_process


@pytest.fixture(scope="session")
def shared_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("group") / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def archive(shared_archive: Archive) -> Archive:
    """An archive without published files."""
    shared_archive.execute(delete(published_files), delete(objects_in_deletion))
    return shared_archive


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "store").mkdir()
    return FolderStore(tmp_path / "store")


@pytest.fixture(scope="session")
def bucket() -> Iterator[BucketProcess]:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    pytest.importorskip("moto", reason="pip install 'moto[s3,server]'")
    with bucket_process() as server:
        yield server
