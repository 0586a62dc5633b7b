"""Atomic write of a small text file, by any thread or process."""

from __future__ import annotations

import uuid
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """
    Replace the content of `path` by `text`: readers see the old content or the new one, never a part.

    Makes the folder. Raises OSError; then the old file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"part-{uuid.uuid4().hex}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
