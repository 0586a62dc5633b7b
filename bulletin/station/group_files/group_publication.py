"""Publication of a station in a group: files and record become public in one transaction, or not at all."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from bulletin.archive.archive import Archive
from bulletin.archive.database.postgres_errors import BusyRowsError, ConflictingWriteError
from bulletin.archive.ledgers.group.published_files import OvertakenError, PublishedFile, PublishedFiles
from bulletin.archive.lock_names import GARBAGE, kills_of
from bulletin.archive.record_dataclasses import EVERY_STATION
from bulletin.errors import ArchiveError, BulletinError, OutletError, StoreError
from bulletin.model import Bulletin
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.files.file_lock import LockedError
from bulletin.station.group_files.check_store_of_group import has_objects_of_group
from bulletin.station.group_files.working_copy import WorkingCopy, check_out, find_changes, upload
from bulletin.station.output_folder import STATE
from bulletin.station.publication_port import Publication
from bulletin.storage.recent_keys import RecentKeys
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_HIDDEN = timedelta(minutes=2)
"""A share (NFS) may hide for so long what another machine has just written."""
_DELETION_S, _LOOK_EVERY_S = 20.0, 0.2
"""Longest wait for the end of a deletion, of some twenty objects; the piece of work is tried again after it."""
_PUBLISHED = RecentKeys()
"""
Objects, by their hashes, that this process has published. Many stations have the same picture and the same style sheet;
an object that has lost its last name is kept for six hours (`collect_garbage`).
"""
_COMMITS = 4
"""Tries of the transaction: each waits ten seconds for a lock, and nobody else may keep one longer than thirty."""


class LateWorkerError(OutletError):
    """This worker has lost its piece of work to another one: its result is refused."""


class NotTakenError(OutletError):
    """Store or database of the group failed, so nothing was published: the same may succeed later."""


def _nothing() -> bool:
    return False


@dataclass(kw_only=True, eq=False)
class GroupPublication(Publication):
    """
    Working copy of one station for one piece of work.

    `is_mine` says, inside the transaction, whether the worker still has the piece. `finish` ends it there if the
    bulletin is its result, and returns whether it did. `check` may refuse a bulletin by NoStoryError. Each of them is
    called again where the transaction is repeated.
    """

    is_shared: ClassVar[bool] = True

    archive: Archive
    store: Store
    station: str
    output: Path
    desk: str = ""
    """Station whose running order this one takes, and whose kills hold for it."""
    with_sounds: bool = False
    """Fetch the sounds, too: for deliveries."""
    is_mine: Callable[[], bool] = lambda: True
    finish: Callable[[], bool] = _nothing
    check: Callable[[Bulletin], None] = lambda bulletin: None
    _before: dict[str, PublishedFile] = field(default_factory=dict, init=False)
    _lost: frozenset[str] = field(default=frozenset(), init=False)
    """Hashes of published objects that are not in the store any more."""
    _kills_of_desk: frozenset[str] = field(default=frozenset(), init=False)
    is_finished: bool = field(default=False, init=False)
    """A publication has ended the piece: what this worker still changes in the files needs no piece."""

    @property
    def copy(self) -> WorkingCopy:
        state = self.output / STATE
        return WorkingCopy(
            public=self.output / self.station,
            standby=prepared_folder(state, self.station),
            sign=state / "group" / f"{self.station}.copy",
        )

    @contextmanager
    def working(self) -> Iterator[None]:
        """
        Fetch the station's files, and publish what the block changed in them, unless it fails.

        The caller holds the publish lock of this machine. Raises OutletError, and the errors of `recording`.
        """
        with _as_outlet_errors():
            self._refuse_late()
            self._before = PublishedFiles(self.archive).of_station(self.station)
            if not self._takes_over_own_files():
                self._lost = check_out(
                    self.copy,
                    self._before,
                    store=self.store,
                    with_sounds=self.with_sounds,
                    is_lost=self._is_lost,
                )
                self.copy.mark()
            self._kills_of_desk = self._read_kills_of_desk()
        yield
        self._commit()
        with _as_outlet_errors():
            self.copy.mark()

    def _is_lost(self, file: PublishedFile) -> bool:
        """Whether an object that the store does not have, or has damaged, is lost for good."""
        is_old = self.archive.now() - file.changed_at >= _HIDDEN
        return is_old and has_objects_of_group(self.archive, self.store)

    def _takes_over_own_files(self) -> bool:
        """
        Whether the files here were published before the station joined the group: the first commit publishes them.

        Where the group has files of the station already, those here are kept beside them.
        """
        if self.copy.is_marked or not any(True for _ in self.copy.files()):
            return False
        if not self._before:
            log.info(
                "published files taken into the group: station=%s folder=%s", self.station, self.copy.public
            )
            return True
        aside = self.copy.set_aside()
        text = "files of the time before the group set aside, the group has others: station=%s folder=%s"
        log.warning(text, self.station, aside)
        return False

    def is_passing(self, error: BaseException) -> bool:
        kinds = NotTakenError | OvertakenError | LateWorkerError | LockedError | StoreError | ArchiveError
        return isinstance(error, kinds) and not error.is_lasting

    def record(self, bulletin: Bulletin, write: Callable[[], None]) -> None:
        def write_checked() -> None:
            self.check(bulletin)
            write()

        self._commit(write_checked)

    def _commit(self, write: Callable[[], None] | None = None) -> None:
        """Upload what changed, then name it in one transaction, with the record of a bulletin."""
        owner = uuid.uuid4().hex
        with _as_outlet_errors():
            after, changed = find_changes(self.copy, self._before, lost=self._lost)
            if not write and after == self._before:
                return
            objects = {name: path for name, path in changed.items() if not self._is_published(name)}
            try:
                new = self._upload(objects, after, owner=owner)
                is_ended = self._write_patiently(write, after, owner=owner)
            except (BulletinError, OSError) as error:
                if not isinstance(error, ArchiveError):
                    with suppress(ArchiveError):  # the collector does it after some hours
                        PublishedFiles(self.archive).unpin(owner)
                raise
        _PUBLISHED.add(self.store, (file.sha256 for file in after.values()))
        self._before, self.is_finished = after, self.is_finished or is_ended
        log.info("published files: station=%s files=%d new objects=%d", self.station, len(after), new)

    def _is_published(self, sha256: str) -> bool:
        return _PUBLISHED.has(self.store, sha256) and sha256 not in self._lost

    def _upload(self, objects: Mapping[str, Path], after: Mapping[str, PublishedFile], *, owner: str) -> int:
        """Store the objects, so that the collector spares them; return how many are new."""
        files = PublishedFiles(self.archive)
        if objects:
            with self.archive.in_one_transaction(shared=(GARBAGE,)):
                going = files.pin(owner, objects, now=self.archive.now())
            self._wait_for_deletion(files, going)
        return upload(objects, after, store=self.store)

    def _write_patiently(
        self, write: Callable[[], None] | None, after: Mapping[str, PublishedFile], *, owner: str
    ) -> bool:
        """The transaction, once more where it waited in vain or was ended in favour of another one."""
        for _ in range(_COMMITS - 1):
            try:
                return self._write(write, after, owner=owner)
            except (BusyRowsError, ConflictingWriteError) as error:
                log.info("publication written again: station=%s: %s", self.station, error)
        return self._write(write, after, owner=owner)

    def _write(
        self, write: Callable[[], None] | None, after: Mapping[str, PublishedFile], *, owner: str
    ) -> bool:
        """Name the files, record the bulletin, and end the piece: True where it has ended."""
        files = PublishedFiles(self.archive)
        others = [kills_of(name) for name in (EVERY_STATION, self.desk) if name]
        with self.archive.in_one_transaction(lock=kills_of(self.station), shared=others):
            self._refuse_late()
            if write:
                write()
            else:
                self._refuse_killed()
            files.change(self.station, before=self._before, after=after)
            files.unpin(owner)
            return self.finish() if write else False

    def _wait_for_deletion(self, files: PublishedFiles, objects: Collection[str]) -> None:
        """Wait until the deletion of pinned objects is over, which no other can follow. Raises StoreError."""
        until = time.monotonic() + _DELETION_S
        while objects and (objects := files.in_deletion(objects, now=self.archive.now())):
            if time.monotonic() >= until:
                raise StoreError(
                    f"store {self.store.label}: {len(objects)} unused objects are being deleted that are needed again; "
                    "see why its deletions are slow; the work is tried again"
                )
            time.sleep(_LOOK_EVERY_S)

    def _read_kills_of_desk(self) -> frozenset[str]:
        return frozenset(kill.entry for kill in self.archive.kills(self.desk)) if self.desk else frozenset()

    def _refuse_killed(self) -> None:
        """
        Refuse files that were chosen before a kill of the desk, such as a stand-by put on air.

        A kill of the station itself, or for all, changes the station's rows, so `change` refuses the files.
        """
        if self._read_kills_of_desk() - self._kills_of_desk:
            raise OvertakenError(
                f"{self.station}: the desk has killed a story meanwhile; the work is done again without it"
            )

    def _refuse_late(self) -> None:
        if not self.is_finished and not self.is_mine():
            raise LateWorkerError(
                f"{self.station}: another worker has this bulletin by now, this result is not published"
            )


@contextmanager
def _as_outlet_errors() -> Iterator[None]:
    """Errors of store and archive as OutletError: nothing is published then."""
    try:
        yield
    except (StoreError, ArchiveError) as error:
        raise NotTakenError(f"not published: {error}", is_lasting=error.is_lasting) from error
