"""What the worker answers <-> bytes: JSON, so that whoever takes the worker over can send nothing but data."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def pack(value: object) -> bytes:
    """A value of `document.py` as JSON in UTF-8: dates in ISO 8601, half a surrogate pair as a question mark."""
    return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def unpack(kind: Any, data: bytes) -> Any:
    """
    The value of type `kind` that was packed; dates are aware.

    Raises ValueError for whatever has another shape.
    """
    return _adapter(kind).validate_json(data, strict=True)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is none of the types of document.py")


@lru_cache(maxsize=8)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # imported late: the worker never unpacks, and is started for every run
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
