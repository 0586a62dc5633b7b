"""
Ledger of published files: which object each public name of a station has.

Readers see the files of whole publications only, since all names of a publication change in one transaction. Objects
themselves are in the store, named by their content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, RowMapping, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from bulletin.archive.database.group_tables import STANDBY, objects_in_deletion, published_files
from bulletin.archive.retry_after_archive_repair import Ledger
from bulletin.errors import OutletError

_T, _D = published_files.c, objects_in_deletion.c
_BATCH = 200
_PINNED = ".pinned"
"""Station of rows that keep an object while a publication is under way; no station's id begins with a dot."""
_REPLACED = "replaced"
"""Owner of the pins of objects that have lost their last name at a station."""
DELETION_ENDS = timedelta(minutes=10)
"""A deletion without a recorded end is over by then: its process has died, or its store failed."""
Item = TypeVar("Item")


class OvertakenError(OutletError):
    """Another machine has published the station's files meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """Content of a public name."""

    path: str
    """Relative to the station's public folder: "days/2026-11-30.html"."""
    sha256: str
    bytes: int
    media_type: str
    changed_at: datetime


class PublishedFiles(Ledger):
    """Rows of published files of an archive. Every method raises ArchiveError, as the archive's do."""

    def of_station(self, station: str) -> dict[str, PublishedFile]:
        """Files of a station by their path."""
        rows = self._archive.select(select(published_files).where(_T.station == station), _file)
        return {file.path: file for file in rows}

    def find(self, station: str, path: str) -> PublishedFile | None:
        """The file of that name."""
        query = select(published_files).where(_T.station == station, _T.path == path)
        return next(iter(self._archive.select(query, _file)), None)

    def stations(self) -> tuple[str, ...]:
        """Stations that have published something."""
        query = select(_T.station).where(_T.station != _PINNED).distinct().order_by(_T.station)
        return self._archive.select(query, lambda row: str(row["station"]))

    def versions(self) -> dict[str, tuple[object, ...]]:
        """Station -> a sum of its files, which nearly always differs after a publication."""
        sums = (
            func.count(),
            func.sum(_T.bytes),
            func.max(_T.changed_at),
            func.max(_T.sha256),
            func.min(_T.sha256),
        )
        query = select(_T.station, *sums).where(_T.station != _PINNED).group_by(_T.station)
        return {str(row[0]): row[1:] for row in self._archive.select(query, lambda row: tuple(row.values()))}

    def change(
        self, station: str, *, before: Mapping[str, PublishedFile], after: Mapping[str, PublishedFile]
    ) -> None:
        """
        Replace the files `before` by those `after`: a part of the caller's transaction.

        The caller holds the station's lock of the kill list. Raises OvertakenError where the station's files are not those
        `before` any more. Only a prepared stand-by may be gone, which a kill has discarded meanwhile, if `after` has
        nothing of it: a withdrawal itself adds such kills.
        """
        with self._archive.writing() as connection:
            rows = connection.execute(select(published_files).where(_T.station == station)).mappings()
            now = {file.path: file for file in map(_file, rows)}
            lost = {path for path in before.keys() - now.keys() if path.startswith(STANDBY)}
            used = {before[path].sha256 for path in lost} & {file.sha256 for file in after.values()}
            before = {path: file for path, file in before.items() if path not in lost}
            if used or now != before:
                raise OvertakenError(
                    f"{station}: another machine has published meanwhile; the work is done again from its files"
                )
            self._keep_replaced(connection, station, before=before, after=after)
            gone = sorted(before.keys() - after.keys())
            for some in _batches(gone):
                connection.execute(delete(published_files).where(_T.station == station, _T.path.in_(some)))
            changed = [
                _row(station, file) for path, file in sorted(after.items()) if before.get(path) != file
            ]
            _put(connection, changed, replaced=("sha256", "bytes", "media_type", "changed_at"))

    def _keep_replaced(
        self,
        connection: Connection,
        station: str,
        *,
        before: Mapping[str, PublishedFile],
        after: Mapping[str, PublishedFile],
    ) -> None:
        """Pin the objects that lose their names: a listener or mirror may have read those a moment ago."""
        now = self._archive.now()
        lost = {file.sha256 for file in before.values()} - {file.sha256 for file in after.values()}
        rows = [_pin_row(f"{_REPLACED}/{station}", sha256, now) for sha256 in sorted(lost)]
        _put(connection, rows, replaced=("changed_at",))

    def pin(self, owner: str, hashes: Collection[str], *, now: datetime) -> frozenset[str]:
        """
        Keep objects from being deleted until `unpin`, before the caller looks whether they exist.

        Returns those whose deletion has begun: the caller waits until it is over (`in_deletion`), then stores them
        anew. The caller holds the lock GARBAGE, so an object is pinned before others look for garbage, or the caller
        sees that its deletion has begun.
        """
        rows = [_pin_row(owner, sha256, now) for sha256 in sorted(set(hashes))]
        with self._archive.writing() as connection:
            _put(connection, rows)
        return self.in_deletion(hashes, now=now)

    def unpin(self, owner: str) -> None:
        """Delete the pins of an owner."""
        pins = _T.path.startswith(f"{owner}/", autoescape=True)
        self._archive.execute(delete(published_files).where(_T.station == _PINNED, pins))

    def unpin_older(self, than: datetime) -> None:
        """Delete pins of publications that were interrupted, and of objects that lost their names before."""
        self._archive.execute(delete(published_files).where(_T.station == _PINNED, _T.changed_at < than))

    def begin_deletion(self, owner: str, hashes: Collection[str], *, now: datetime) -> frozenset[str]:
        """
        Those objects that no published file names, that are not pinned, and that no other process deletes. The caller may delete them after its transaction.

        The caller holds the lock GARBAGE, deletes them well within DELETION_ENDS, and ends with `end_deletion`.
        """
        with self._archive.writing() as connection:
            connection.execute(delete(objects_in_deletion).where(_D.begun_at < now - DELETION_ENDS))
            unused = sorted(set(hashes) - self.named(hashes) - self.in_deletion(hashes, now=now))
            rows = [{"sha256": sha256, "owner": owner, "begun_at": now} for sha256 in unused]
            if rows:
                connection.execute(insert(objects_in_deletion), rows)
        return frozenset(unused)

    def end_deletion(self, owner: str) -> None:
        """The objects of an owner are gone, or stay: no request to delete one is under way any more."""
        self._archive.execute(delete(objects_in_deletion).where(_D.owner == owner))

    def in_deletion(self, hashes: Iterable[str], *, now: datetime) -> frozenset[str]:
        """Those objects whose deletion has begun and may not be over."""
        found: set[str] = set()
        for some in _batches(sorted(set(hashes))):
            query = select(_D.sha256).where(_D.sha256.in_(some), _D.begun_at >= now - DELETION_ENDS)
            found.update(self._archive.select(query, lambda row: str(row["sha256"])))
        return frozenset(found)

    def named(self, hashes: Iterable[str]) -> frozenset[str]:
        """Those objects that a public name or a pin keeps."""
        found: set[str] = set()
        for some in _batches(sorted(set(hashes))):
            query = select(_T.sha256).where(_T.sha256.in_(some)).distinct()
            found.update(self._archive.select(query, lambda row: str(row["sha256"])))
        return frozenset(found)


def _batches(items: list[Item]) -> Iterable[list[Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _put(
    connection: Connection, rows: Sequence[Mapping[str, object]], *, replaced: Sequence[str] = ()
) -> None:
    """Insert rows; of those that exist the columns `replaced` change. A statement of many values is compiled anew each time."""
    statement = insert(published_files)
    if replaced:
        new = {name: statement.excluded[name] for name in replaced}
        statement = statement.on_conflict_do_update(index_elements=["station", "path"], set_=new)
    else:
        statement = statement.on_conflict_do_nothing()
    if rows:
        connection.execute(statement, rows)


def _row(station: str, file: PublishedFile) -> dict[str, object]:
    names = ("path", "sha256", "bytes", "media_type", "changed_at")
    return {"station": station, **{name: getattr(file, name) for name in names}}


def _pin_row(owner: str, sha256: str, now: datetime) -> dict[str, object]:
    path = f"{owner}/{sha256}"
    return _row(_PINNED, PublishedFile(path=path, sha256=sha256, bytes=0, media_type="", changed_at=now))


def _file(row: RowMapping) -> PublishedFile:
    return PublishedFile(
        **{name: row[name] for name in ("path", "sha256", "bytes", "media_type", "changed_at")}
    )
