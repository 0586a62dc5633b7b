"""Answers of the parser process <-> bytes: JSON, so that a process taken over by hostile input can send data only."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def pack(value: object) -> bytes:
    """A value of `feed_document` as JSON in UTF-8: dates in ISO 8601, half a surrogate pair as a question mark."""
    return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def unpack(kind: Any, data: bytes) -> Any:
    """
    The value of type `kind` that was packed; dates are aware.

    Raises ValueError for JSON of another shape.
    """
    return _adapter(kind).validate_json(data, strict=True)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is none of the types of feed_document")


@lru_cache(maxsize=8)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # imported late: the parser process never unpacks, and is started for every run
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
