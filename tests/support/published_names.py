"""Published files of a group, written without a station."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFile, PublishedFiles
from bulletin.publishing.media_types import media_type_of
from bulletin.station.group_files.working_copy import object_key
from bulletin.storage.store_interface import Store
from tests.support.factories import NOW


def publish_files(
    archive: Archive,
    store: Store,
    contents: Mapping[str, bytes],
    *,
    station: str = "demo",
    at: datetime = NOW,
) -> None:
    """Make these the station's published files."""
    files, after = PublishedFiles(archive), {}
    before = files.of_station(station)
    for path, data in contents.items():
        sha256 = hashlib.sha256(data).hexdigest()
        store.put_new(object_key(sha256), data)
        file = PublishedFile(
            path=path,
            sha256=sha256,
            bytes=len(data),
            media_type=media_type_of(path) or "",
            changed_at=at,
        )
        known = before.get(path)
        after[path] = known if known and known.sha256 == sha256 else file
    files.change(station, before=before, after=after)
