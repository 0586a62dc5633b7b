"""
Store and database of a group -> whether they belong together.

The store has an object with the name of its group and an identity of its own; the database has the identity of the
store that it was first used with. So a machine with another folder or bucket, or whose share is not mounted, does not
publish files that the others cannot read; and no group deletes the objects of another one as garbage.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import StoreError
from bulletin.station.group_files.working_copy import OBJECTS
from bulletin.station.open_archive import open_group_archive, open_group_store
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

IDENTITY = "group-identity"
"""Object with the name of the group and the identity of the store, with a space between."""
STORE = "store"
"""Value of the database: identity and address of its store, with a space between."""
_checked: set[tuple[str, str]] = set()
"""Databases and stores that this process has found to belong together: the newsroom opens stations with every page."""


@contextmanager
def open_archive_and_store(group: GroupOptions, *, output: Path) -> Iterator[tuple[Archive, Store]]:
    """
    Open database and store of a group. Raises ArchiveError, StoreError, OutletError.

    A database of a newer version, and a database or store of another group, end it before anything is written: the
    store is read before the database is claimed. So does a store that is not that of the database.
    """
    store = open_group_store(group, output=output)
    if not group.is_here:
        with unless_away():
            read_identity_of_store(group, store)  # raises for a store of another group
    with open_group_archive(group, output=output) as archive:
        check_store_of_group(group, archive=archive, store=store)
        yield archive, store


def check_store_of_group(group: GroupOptions, *, archive: Archive, store: Store) -> None:
    """
    Raise StoreError for a store of another group, or another store than that of the group's database.

    The first process notes both; a store that is refused stays as it was. A store that is away now is not judged.
    Raises ArchiveError. Nothing is checked for a group of one machine, whose archive and store are in one folder.
    """
    pair = (archive.label, store.label)
    if group.is_here or pair in _checked:
        return
    ledger = WorkerLedger(archive, now=archive.now)
    known = ledger.value(STORE)
    with unless_away():
        identity = read_identity_of_store(group, store) or ("" if known else _mark(group, store))
        known = known or ledger.claim_value(STORE, f"{identity} {store.label}")
        if known.partition(" ")[0] != identity:
            raise StoreError(
                f"store {store.label}: is not the store of {archive.label}, which uses {known.partition(' ')[2]}; "
                "write the same [group] store on every machine, and mount it (replaced on purpose, or wrong at the "
                'first start: docs/RUNBOOK.md, "The store was replaced")',
                is_lasting=True,
            )
        _checked.add(pair)


@contextmanager
def unless_away() -> Iterator[None]:
    """Log the error of a store that is away now: it is judged when it is back. Lasting errors pass."""
    try:
        yield
    except StoreError as error:
        if error.is_lasting:
            raise
        log.warning("store not compared with the database, it is away: %s", error)


def _mark(group: GroupOptions, store: Store) -> str:
    """The new identity of a store, which the first of several processes has written."""
    store.put_new(IDENTITY, f"{group.name} {uuid.uuid4().hex}".encode())
    if identity := read_identity_of_store(group, store):
        return identity
    raise StoreError(
        f"store {store.label}: {IDENTITY}: cannot be read back; use another store", is_lasting=True
    )


def read_identity_of_store(group: GroupOptions, store: Store) -> str:
    """
    Read the identity of the group's store, "" where it has none yet; nothing is written.

    Raises StoreError for a store of another group, and where it refuses the credentials.
    """
    owner, _, identity = (store.get(IDENTITY) or b"").decode("utf-8", "replace").partition(" ")
    if owner and owner != group.name:
        raise StoreError(
            f'store {store.label}: belongs to the group "{owner}", not to "{group.name}"; give each group a folder, '
            'bucket or prefix of its own (renamed on purpose: docs/RUNBOOK.md, "The group was renamed")',
            is_lasting=True,
        )
    return identity


def has_objects_of_group(archive: Archive, store: Store) -> bool:
    """
    Whether this is still the group's store, so that an object which it lacks is lost for good.

    False for a store that was emptied or replaced, or whose share is not mounted. Raises StoreError, ArchiveError.
    """
    known = WorkerLedger(archive, now=archive.now).value(STORE).partition(" ")[0]
    if not known:  # a group of one machine, whose archive and store are in one folder
        return any(True for _ in store.list(OBJECTS))
    stored = store.get(IDENTITY) or b""
    return stored.decode("utf-8", "replace").partition(" ")[2] == known
