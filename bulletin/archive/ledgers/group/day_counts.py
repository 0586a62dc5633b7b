"""What holds for a voice on all machines of a group: characters that it has cost today, its pause after a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database.group_tables import group_meta
from bulletin.archive.database_interface import Database
from bulletin.archive.lock_names import count_of

_T = group_meta.c


class DayCount:
    """A text in a row of the group, which one worker at a time changes. Raises ArchiveError."""

    def __init__(self, archive: Database, name: str) -> None:
        self._archive, self._name = archive, f"count {name}"

    def read(self) -> str | None:
        """The text; None: it was never written."""
        value: str | None = self._archive.scalar(select(_T.value).where(_T.name == self._name))
        return value

    @contextmanager
    def changing(self) -> Iterator[Callable[[str], None]]:
        """Wait for other workers; the block gets the function that replaces the text."""
        with self._archive.in_one_transaction(lock=count_of(self._name)) as connection:

            def put(text: str) -> None:
                new = insert(group_meta).values(name=self._name, value=text)
                connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": text}))

            yield put
