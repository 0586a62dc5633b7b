"""Atomic write of a file, by any thread or process."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Replace the content of `path` by `text`, as `atomic_file` does. Makes the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as part:
        part.write_text(text, encoding="utf-8")


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """
    Give the name of a part file beside `path`, which takes its place when the block ends without an error.

    Readers see the old content or the new one, never a part. Raises OSError; then the old file stays.
    """
    part = path.with_name(f"part-{uuid.uuid4().hex[:12]}-{path.name}")
    try:
        yield part
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
