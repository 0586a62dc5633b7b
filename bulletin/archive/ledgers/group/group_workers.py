"""Planners and workers of a group: where they run, what they can do, when each was last heard of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bulletin.archive.database.group_tables import group_meta, group_workers
from bulletin.archive.database.rows_to_dataclasses import Row, from_row
from bulletin.archive.database_interface import Database
from bulletin.archive.lock_names import WORKERS
from bulletin.archive.retry_after_archive_repair import Ledger

_W, _M = group_workers.c, group_meta.c


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWorker:
    """A process that works for the group."""

    name: str
    """Unique in the group; a worker that is started again keeps it."""
    machine: str = ""
    home: str = ""
    """Identity of its output folder, "" of an older version: host names may be alike."""
    pid: int = 0
    version: str = ""
    """Version of the program."""
    role: str = "worker"
    """"worker", "planner", or "service" for the worker of `bulletin serve`."""
    voices: tuple[str, ...] = ()
    """Voices that it has, such as "hibari:demo"."""
    parallel: int = 1
    """Pieces that need a processor, at the same time."""
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """First voice of a profile that does not work on its machine -> stations."""
    stations: tuple[str, ...] = ()
    """Stations whose profile is valid on its machine."""
    clocks: Mapping[str, str] = field(default_factory=dict)
    """Of a planner: station -> mark of the slots that its profile has."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Station -> why its profile is invalid on its machine."""
    note: str = ""
    """Its last trouble."""
    began_at: datetime | None = None
    seen_at: datetime | None = None
    """Its last sign of life, by the clock of the database."""

    def is_at(self, machine: str, home: str) -> bool:
        """Whether it runs on that machine with that output folder, where its name is locked."""
        return self.machine == machine and self.home in ("", home)

    @property
    def does_pieces(self) -> bool:
        """Whether it takes pieces of work, as a worker and a service do."""
        return self.role != "planner"

    @property
    def plans(self) -> bool:
        """Whether it plans, as a planner and a service do."""
        return self.role != "worker"


ALIVE = timedelta(seconds=60)
"""A process that was not seen for so long has ended, or hangs. Live ones give a sign every five to ten seconds."""


class WorkerLedger(Ledger):
    """
    Rows of workers, and values of the group by name. Every method raises ArchiveError, as the archive's do.

    `now` is the clock of the database: the clocks of machines may differ.
    """

    def __init__(self, archive: Database, *, now: Callable[[], datetime]) -> None:
        super().__init__(archive)
        self._now = now

    def enter(self, worker: GroupWorker) -> GroupWorker | None:
        """Write a worker that begins, unless a live one elsewhere has its name: that is returned."""
        with self._archive.in_one_transaction(lock=WORKERS):
            for other in self.alive():
                if other.name == worker.name and not other.is_at(worker.machine, worker.home):
                    return other
            self.announce(worker)
        return None

    def announce(self, worker: GroupWorker) -> None:
        """Write a worker, or its changed abilities; an earlier one of the same name is replaced."""
        now = self._now()
        facts = {name: getattr(worker, name) for name in ("machine", "pid", "version", "role", "note")}
        abilities = {
            "home": worker.home,
            "voices": [*worker.voices],
            "parallel": worker.parallel,
            "lacking": {voice: [*stations] for voice, stations in worker.lacking.items()},
            "stations": [*worker.stations],
            "clocks": dict(worker.clocks),
            "refused": dict(worker.refused),
        }
        row = {**facts, "abilities": abilities, "began_at": worker.began_at or now, "seen_at": now}
        new = insert(group_workers).values(name=worker.name, **row)
        self._archive.execute(new.on_conflict_do_update(index_elements=["name"], set_=row))

    def seen(self, name: str, *, note: str = "") -> bool:
        """Note a sign of life and the last trouble. False: the worker was never announced, or has been forgotten."""
        change = update(group_workers).where(_W.name == name).values(seen_at=self._now(), note=note)
        return self._archive.execute(change) == 1

    def leave(self, name: str) -> None:
        """Delete a worker that stops."""
        self._archive.execute(delete(group_workers).where(_W.name == name))

    def workers(self) -> tuple[GroupWorker, ...]:
        """All workers and planners, also those long silent, by name."""
        return self._archive.select(select(group_workers).order_by(_W.name), _worker)

    def alive(self) -> tuple[GroupWorker, ...]:
        """Workers and planners that were seen lately, by name."""
        since = self._now() - ALIVE
        return tuple(one for one in self.workers() if one.seen_at and one.seen_at >= since)

    def forget(self, *, before: datetime) -> int:
        """Delete workers silent since before a moment; return how many."""
        return self._archive.execute(delete(group_workers).where(_W.seen_at < before))

    def value(self, name: str) -> str:
        """A value of the group; empty: it was never set."""
        return self._archive.scalar(select(_M.value).where(_M.name == name)) or ""

    def values(self, begin: str) -> dict[str, str]:
        """Values of the group whose names begin so."""
        query = select(_M.name, _M.value).where(_M.name.startswith(begin, autoescape=True))
        return dict(self._archive.select(query, lambda row: (str(row["name"]), str(row["value"]))))

    def claim_value(self, name: str, value: str) -> str:
        """Write a value of the group unless it was set before; return the value that it has."""
        query = select(_M.value).where(_M.name == name)
        if (known := self._archive.scalar(query)) is None:
            self._archive.execute(insert(group_meta).values(name=name, value=value).on_conflict_do_nothing())
            known = self._archive.scalar(query)
        return str(known)

    def set_value(self, name: str, value: str) -> None:
        """Write a value of the group."""
        new = insert(group_meta).values(name=name, value=value)
        self._archive.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def _worker(row: Row) -> GroupWorker:
    abilities = row["abilities"]
    if not isinstance(abilities, dict):  # of another version
        abilities = {}
    return from_row(GroupWorker, row, **abilities)
