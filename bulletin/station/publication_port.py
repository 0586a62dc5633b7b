"""Port around the record of a publication: nothing on one machine, a transaction of the group on many."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar

from bulletin.model import Bulletin


class Publication:
    """
    Publication of one run: on one machine published files are recorded as they stand.

    A group replaces it (`dataclasses.replace(station, publication=...)`).
    """

    is_shared: ClassVar[bool] = False
    """Other machines add to the kill list at the same time, so it is read again within `record`."""

    def working(self) -> AbstractContextManager[None]:
        """
        Surround every change of the public folder, within the publish lock.

        A group fetches the station's files before, and publishes afterwards what was changed, unless the block failed.
        Raises OutletError; then nothing is published.
        """
        return nullcontext()

    def is_passing(self, error: BaseException) -> bool:
        """
        Whether the same work is to be tried again, or left to another machine, instead of something lesser.

        In a group: store or database failed for a while, another machine has published meanwhile, or another process
        of this one hangs in a publication.
        """
        return False

    def record(self, bulletin: Bulletin, write: Callable[[], None]) -> None:
        """
        Record a bulletin whose files are written, by calling `write`.

        A group uploads the files, begins a transaction, refuses a late worker and a killed story, and names the
        files to listeners in the transaction that records the bulletin; where the database ends it in favour of
        another one, `write` is called again. Raises OutletError or NoStoryError (not ArchiveError, after which
        published files stand unrecorded); then nothing is published.
        """
        write()


ONE_MACHINE = Publication()
