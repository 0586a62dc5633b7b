"""Work that meets a damaged archive -> the same work again, in the new one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from typing import Any, TypeVar

from bulletin.archive.database.open_database import CorruptArchiveError

Kind = TypeVar("Kind")


def _twice(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that does its work again, in the new file, when it has met damage."""

    @wraps(method)
    def do(*args: Any, **more: Any) -> Any:
        try:
            return method(*args, **more)
        except CorruptArchiveError:
            return method(*args, **more)

    return do


def retry_after_damage(kind: type[Kind]) -> type[Kind]:
    """Every public method that a class has of its own; what hands out connections is its base's."""
    for name, method in list(vars(kind).items()):
        if isfunction(method) and not name.startswith("_"):
            setattr(kind, name, _twice(method))
    return kind
