"""Objects of the store that nothing names any more -> deleted, safely beside publications under way."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.find_clips_in_use import find_clips_in_use
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.lock_names import GARBAGE
from bulletin.audio.mixing.mix_shared_body import FOLDER as BODIES
from bulletin.speech.cache.shared_speech import FOLDER as SPEECH
from bulletin.speech.clips.shared_clips import RECORDING_AGE, RECORDINGS
from bulletin.station.desk_of_station import RUNNING_ORDERS
from bulletin.station.group_files.working_copy import OBJECTS
from bulletin.storage.store_interface import Store, StoredObject

log = logging.getLogger(__name__)

OBJECT_AGE = timedelta(days=1)
"""Drafts are used, and publications end, within this time."""
SPEECH_AGE = timedelta(days=7)
"""A sentence of the news is needed for some hours; what is said every day is spoken again once a week."""
PIN_AGE = timedelta(hours=6)
"""
No publication takes so long: the pins of an older one were left by a worker that died. An object that has lost its last
name is kept for this time, too.
"""
_BATCH = 20
"""Objects that are deleted together: a publication that needs one of them waits until all of them are gone."""
_BEGIN_WITHIN_S = 60.0
"""
No request to delete an object of a batch begins later, on a slow store or after a pause of this process. The last
request itself ends long before DELETION_ENDS.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was deleted."""

    objects: int
    sentences: int
    recordings: int
    """Files of recorded clips, two for each."""
    bytes: int


def collect_garbage(archive: Archive, store: Store) -> Collected:
    """
    Delete published objects that no station names; speech, running orders and shared bodies that are old; and
    recorded clips that nothing needs.

    Ages count by the clock of the database. Any number of machines may do it at the same time. Raises StoreError
    and ArchiveError; what was deleted until then was garbage.
    """
    now, files = archive.now(), PublishedFiles(archive)
    files.unpin_older(now - PIN_AGE)
    deleted: list[StoredObject] = []
    for some in _batches(_older(store, OBJECTS, now - OBJECT_AGE)):
        deleted += _delete_unused(files, archive, store, some)
    for folder in (BODIES, RUNNING_ORDERS):
        for item in list(_older(store, folder, now - OBJECT_AGE)):
            store.delete(item.key)
            deleted.append(item)
    spoken = list(_older(store, SPEECH, now - SPEECH_AGE))
    for item in spoken:
        store.delete(item.key)
    recorded = _unused_recordings(archive, store, now)
    for item in recorded:
        store.delete(item.key)
    collected = Collected(
        objects=len(deleted),
        sentences=len(spoken),
        recordings=len(recorded),
        bytes=sum(item.size_bytes for item in (*deleted, *spoken, *recorded)),
    )
    log.info(
        "store tidied: objects=%d sentences=%d recordings=%d bytes=%d",
        collected.objects,
        collected.sentences,
        collected.recordings,
        collected.bytes,
    )
    return collected


def _delete_unused(
    files: PublishedFiles, archive: Archive, store: Store, items: list[StoredObject]
) -> list[StoredObject]:
    """
    Delete those objects that no published file names and no publication has pinned; return them.

    No request to the store is made within a transaction. After a StoreError a request may still be under way in the
    store, so the deletion stays recorded until DELETION_ENDS.
    """
    hashes, owner, deleted = {item.key.rpartition("/")[2]: item for item in items}, uuid.uuid4().hex, []
    begun = time.monotonic()
    with archive.in_one_transaction(lock=GARBAGE):
        unused = files.begin_deletion(owner, hashes, now=archive.now())
    for sha256 in sorted(unused):
        if time.monotonic() - begun < _BEGIN_WITHIN_S:
            store.delete(hashes[sha256].key)
            deleted.append(hashes[sha256])
    if unused:
        files.end_deletion(owner)
    return deleted


def _unused_recordings(archive: Archive, store: Store, now: datetime) -> list[StoredObject]:
    old = list(_older(store, RECORDINGS, now - RECORDING_AGE))
    used = find_clips_in_use(archive, since=now - RECORDING_AGE) if old else frozenset()
    return [item for item in old if item.key.rpartition("/")[2].partition(".")[0] not in used]


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
