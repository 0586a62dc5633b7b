"""Method that meets a damaged file or a conflict on a server -> the same call once more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from typing import Any, TypeVar

from bulletin.archive.database.check_database_damage import CorruptArchiveError
from bulletin.archive.database.postgres_errors import ConflictingWriteError
from bulletin.archive.database_interface import Database

log = logging.getLogger(__name__)

Kind = TypeVar("Kind")


_TRIES = 3
"""Tries of a method whose transaction the server ended in favour of another one."""


def _with_retry(method: Callable[..., Any]) -> Callable[..., Any]:

    @wraps(method)
    def do(held: Any, /, *args: Any, **more: Any) -> Any:
        for _ in range(_TRIES - 1):
            try:
                return method(held, *args, **more)
            except CorruptArchiveError:
                if _database(held).is_in_transaction:
                    raise  # the earlier steps of the transaction are lost
                break
            except ConflictingWriteError as error:
                log.info("archive method repeated: %s", error)
        return method(held, *args, **more)

    return do


def _database(held: Any) -> Database:
    return held if isinstance(held, Database) else held._archive


def retry_after_damage(kind: type[Kind]) -> type[Kind]:
    """Retry every public method of a class except inherited ones: `reading` and `writing` recover first."""
    for name, method in list(vars(kind).items()):
        if isfunction(method) and not name.startswith("_"):
            setattr(kind, name, _with_retry(method))
    return kind


class Ledger:
    """Rows of an archive, for one kind of work. Every public method raises ArchiveError, as the archive's do."""

    def __init__(self, archive: Database) -> None:
        self._archive = archive

    def __init_subclass__(cls) -> None:
        retry_after_damage(cls)
