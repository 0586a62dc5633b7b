"""Placeholder of a sound: a sparse file of the same size that names its object in the store of a group."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_MARK = b"placeholder of object "
_BYTES = len(_MARK) + 64


def write_placeholder(path: Path, *, sha256: str, size: int) -> None:
    """Write a placeholder of an object of `size` bytes. Raises OSError."""
    with path.open("wb") as out:
        out.write(_MARK + sha256.encode("ascii"))
        out.truncate(size)


def read_placeholder(path: Path) -> str:
    """SHA-256 of the object whose placeholder the file is; "" for any other file."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(_BYTES)
        if head.startswith(_MARK) and len(head) == _BYTES:
            return head.removeprefix(_MARK).decode("ascii", "replace")
    return ""
