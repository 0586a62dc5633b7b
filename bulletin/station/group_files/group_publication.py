"""Publication of a station in a group: files and record become public in one transaction, or not at all."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import STANDBY
from bulletin.archive.ledgers.group.published_files import PublishedFile, PublishedFiles
from bulletin.archive.lock_names import GARBAGE, kills_of
from bulletin.errors import ArchiveError, OutletError, StoreError
from bulletin.model import Bulletin
from bulletin.publishing.move_standby_files_on_air import discard_prepared, prepared_folder
from bulletin.runtime.latest_credible_time import ON_AIR_CLOCKS_DIFFER
from bulletin.station.group_files.working_copy import WorkingCopy, check_out, find_changes, upload
from bulletin.station.output_folder import STATE
from bulletin.station.publication_port import Publication
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_DELETION_S, _LOOK_EVERY_S = 20.0, 0.2
"""Longest wait for the end of a deletion, of some twenty objects; the piece of work is tried again after it."""


class LateWorkerError(OutletError):
    """This worker has lost its piece of work to another one: its result is refused."""


def _nothing() -> None: ...


@dataclass(kw_only=True, eq=False)
class GroupPublication(Publication):
    """
    Working copy of one station for one piece of work.

    `is_mine` says, inside the transaction, whether the worker still has the piece; `finish` ends it there. `check`
    raises NoStoryError for a bulletin with a story that was killed meanwhile.
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
    finish: Callable[[], None] = _nothing
    check: Callable[[Bulletin], None] = lambda bulletin: None
    _before: dict[str, PublishedFile] = field(default_factory=dict, init=False)
    _is_finished: bool = field(default=False, init=False)

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
                check_out(self.copy, self._before, store=self.store, with_sounds=self.with_sounds)
                self.copy.mark()
            self._discard_outdated_standby()
        yield
        with self._committing(is_finishing=False):
            pass
        with _as_outlet_errors():
            self.copy.mark()

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

    @contextmanager
    def recording(self, bulletin: Bulletin) -> Iterator[None]:
        with self._committing(is_finishing=True):
            self.check(bulletin)
            yield

    @contextmanager
    def _committing(self, *, is_finishing: bool) -> Iterator[None]:
        """Upload what changed, then name it in the transaction of the block."""
        files, owner = PublishedFiles(self.archive), uuid.uuid4().hex
        with _as_outlet_errors():
            after, objects = find_changes(self.copy, self._before)
            if not is_finishing and after == self._before:
                yield
                return
            if objects:
                with self.archive.in_one_transaction(lock=GARBAGE):
                    going = files.pin(owner, objects, now=self.archive.now())
                self._wait_for_deletion(files, going)
            new = upload(objects, after, store=self.store)
            with self.archive.in_one_transaction(lock=kills_of(self.station)):
                self._wait_for_kills_of_desk()
                self._refuse_late()
                yield
                files.change(self.station, before=self._before, after=after)
                if objects:
                    files.unpin(owner)
                if is_finishing:
                    self.finish()
            self._before, self._is_finished = after, is_finishing or self._is_finished
        log.info("published files: station=%s files=%d new objects=%d", self.station, len(after), new)

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

    def _wait_for_kills_of_desk(self) -> None:
        """A kill of the desk comes before the last check, too, or after the bulletin."""
        if self.desk:
            with self.archive.writing(lock=kills_of(self.desk)):
                pass

    def _discard_outdated_standby(self) -> None:
        """Discard a prepared stand-by that is older than a kill of the desk; a kill of the station itself did so."""
        made = [file.changed_at for path, file in self._before.items() if path.startswith(STANDBY)]
        if not made or not self.desk:
            return
        killed = max((kill.added_at for kill in self.archive.kills(self.desk)), default=None)
        if killed and killed > min(made) - ON_AIR_CLOCKS_DIFFER:
            discard_prepared(self.copy.standby)

    def _refuse_late(self) -> None:
        if not self._is_finished and not self.is_mine():
            raise LateWorkerError(
                f"{self.station}: another worker has this bulletin by now, this result is not published"
            )


@contextmanager
def _as_outlet_errors() -> Iterator[None]:
    """Errors of store and archive as OutletError: nothing is published then."""
    try:
        yield
    except (StoreError, ArchiveError) as error:
        raise OutletError(f"not published: {error}", is_lasting=error.is_lasting) from error
