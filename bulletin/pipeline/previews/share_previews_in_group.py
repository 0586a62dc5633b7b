"""
Previews of a group: the worker that makes one stores it, and each newsroom fetches it into its own output folder.

The store has the preview, under its hash; a value of the group's database names the newest one of each station.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.errors import StoreError, explain_os_errors, find_write_remedy
from bulletin.pipeline.decisions.preview_file import preview_path
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.station.group_files.working_copy import object_key
from bulletin.storage.store_interface import Store

_VALUE = "preview:"
"""Begin of the value's name; the station follows."""


def share_preview(state: Path, station: str, *, archive: Archive, store: Store) -> None:
    """Store the preview that was just saved on this machine. Raises StoreError, ArchiveError."""
    with explain_os_errors(StoreError, "the coming bulletin cannot be read"):
        data = preview_path(state, station).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    store.put_new(object_key(sha256), data)
    WorkerLedger(archive, now=archive.now).set_value(_VALUE + station, sha256)


def fetch_previews(
    state: Path, stations: Collection[str], *, archive: Archive, store: Store
) -> Iterator[str]:
    """Fetch the previews that other machines have made since; yield their stations. Raises StoreError, ArchiveError."""
    named = WorkerLedger(archive, now=archive.now).values(_VALUE)
    for station in stations:
        path, sha256 = preview_path(state, station), named.get(_VALUE + station)
        if sha256 is None or sha256 == _hash_of(path):
            continue
        if data := store.get(object_key(sha256)):  # one of long ago has been deleted
            with explain_os_errors(StoreError, "the coming bulletin cannot be stored", find_write_remedy):
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, data.decode("utf-8"))
            yield station


def _hash_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
