"""Objects of the store that nothing names any more -> deleted, safely beside publications under way."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.lock_names import GARBAGE
from bulletin.audio.mixing.mix_shared_body import FOLDER as BODIES
from bulletin.speech.cache.shared_speech import FOLDER as SPEECH
from bulletin.station.desk_of_station import RUNNING_ORDERS
from bulletin.station.group_files.working_copy import OBJECTS
from bulletin.storage.store_interface import Store, StoredObject

log = logging.getLogger(__name__)

OBJECT_AGE = timedelta(days=1)
"""Servers and mirrors finish what they began to read, and drafts are used, within this time."""
SPEECH_AGE = timedelta(days=7)
"""A sentence of the news is needed for some hours; what is said every day is spoken again once a week."""
PIN_AGE = timedelta(hours=6)
"""No publication takes so long: the pins of an older one were left by a worker that died."""
_BATCH = 100
"""Objects that are looked up and deleted in one transaction, for which publications wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was deleted."""

    objects: int
    sentences: int
    bytes: int


def collect_garbage(archive: Archive, store: Store) -> Collected:
    """
    Delete published objects that no station names, and speech, running orders and shared bodies that are old.

    Ages count by the clock of the database. Any number of machines may do it at the same time. Raises StoreError
    and ArchiveError; what was deleted until then was garbage.
    """
    now, files = archive.now(), PublishedFiles(archive)
    files.unpin_older(now - PIN_AGE)
    deleted: list[StoredObject] = []
    for some in _batches(_older(store, OBJECTS, now - OBJECT_AGE)):
        hashes = {item.key.rpartition("/")[2]: item for item in some}
        with archive.in_one_transaction(lock=GARBAGE):
            named = files.named(hashes)
            unused = [item for sha256, item in hashes.items() if sha256 not in named]
            for item in unused:
                store.delete(item.key)
        deleted += unused
    for folder in (BODIES, RUNNING_ORDERS):
        for item in list(_older(store, folder, now - OBJECT_AGE)):
            store.delete(item.key)
            deleted.append(item)
    spoken = list(_older(store, SPEECH, now - SPEECH_AGE))
    for item in spoken:
        store.delete(item.key)
    collected = Collected(
        objects=len(deleted),
        sentences=len(spoken),
        bytes=sum(item.size_bytes for item in (*deleted, *spoken)),
    )
    log.info(
        "store tidied: objects=%d sentences=%d bytes=%d",
        collected.objects,
        collected.sentences,
        collected.bytes,
    )
    return collected


def _older(store: Store, folder: str, than: datetime) -> Iterator[StoredObject]:
    return (item for item in store.list(folder) if item.changed_at < than)


def _batches(items: Iterable[StoredObject]) -> Iterator[list[StoredObject]]:
    batch: list[StoredObject] = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
