"""Method that meets a damaged archive -> the same call once more, on the recovered file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from typing import Any, TypeVar

from bulletin.archive.database.check_database_damage import CorruptArchiveError
from bulletin.archive.self_healing_database import DatabaseFile

Kind = TypeVar("Kind")


def _with_retry(method: Callable[..., Any]) -> Callable[..., Any]:

    @wraps(method)
    def do(*args: Any, **more: Any) -> Any:
        try:
            return method(*args, **more)
        except CorruptArchiveError:
            return method(*args, **more)

    return do


def retry_after_damage(kind: type[Kind]) -> type[Kind]:
    """Retry every public method of a class except inherited ones: `reading` and `writing` recover first."""
    for name, method in list(vars(kind).items()):
        if isfunction(method) and not name.startswith("_"):
            setattr(kind, name, _with_retry(method))
    return kind


class Ledger:
    """Rows of an archive, for one kind of work. Every public method raises ArchiveError, as the archive's do."""

    def __init__(self, archive: DatabaseFile) -> None:
        self._archive = archive

    def __init_subclass__(cls) -> None:
        retry_after_damage(cls)
