"""Profiles of a group -> its archive, store and engine, opened on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.rate_limits import RateLimits
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import ConfigError
from bulletin.group.engines.engine_port import Engine
from bulletin.group.engines.thread_engine import ThreadEngine
from bulletin.group.group_profiles import GroupProfiles
from bulletin.station.group_files.check_store_of_group import open_archive_and_store
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_CONNECTIONS = 26
"""Connections of one process at most: 16 of its archive, 10 of its queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What the processes of a group share, and the profiles of this machine."""

    profiles: GroupProfiles
    archive: Archive
    store: Store
    output: Path
    """Folder for working copies and scratch; several workers of a machine may share it."""

    @property
    def work(self) -> WorkLedger:
        return WorkLedger(self.archive, now=self.archive.now, clock=clock)

    @property
    def slots(self) -> SlotLedger:
        return SlotLedger(self.archive)

    @property
    def limits(self) -> RateLimits:
        return RateLimits(self.archive, now=self.archive.now)

    @property
    def register(self) -> WorkerLedger:
        return WorkerLedger(self.archive, now=self.archive.now)


@contextmanager
def open_group(profiles: GroupProfiles, *, output: Path) -> Iterator[Group]:
    """
    Open database and store. Raises ConfigError without a group, ArchiveError, StoreError, OutletError.

    What belongs to another group, or to a newer version, ends it before anything is written.
    """
    profiles.refresh()
    with open_archive_and_store(profiles.group, output=output) as (archive, store):
        _warn_of_connections(archive)
        yield Group(profiles=profiles, archive=archive, store=store, output=output)


def _warn_of_connections(archive: Archive) -> None:
    spare = archive.spare_connections()
    if spare is not None and spare < _CONNECTIONS:
        log.warning(
            "database server nearly out of connections: database=%s spare=%d; raise its max_connections, or run fewer "
            "workers (a process may use %d)",
            archive.label,
            spare,
            _CONNECTIONS,
        )


def open_engine(group: GroupOptions) -> Engine:
    """The engine that carries the hints of a group: threads for one machine, else the database's queue."""
    if group.is_here:
        return ThreadEngine()
    # late: the drivers are slow to load
    from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine

    return ProcrastinateEngine(group.database)


def refuse_one_process(group: GroupOptions) -> None:
    """Raise ConfigError for a group of one machine, whose hints are in the memory of one process."""
    if group.is_here:
        raise ConfigError(
            '[group] database = "here" is a group of one process: run `bulletin serve`; for several, name a '
            'PostgreSQL database ("postgresql://...")'
        )


def clock() -> datetime:
    """The clock of slots; aware, UTC."""
    return datetime.now(UTC)
