"""A small file that is kept: written whole or not at all, by whichever thread or process."""

from __future__ import annotations

import uuid
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """
    Put `text` into `path`; who reads meanwhile gets what was there before, and nothing half is left.

    Its folder is made. Raises OSError; then the old file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"part-{uuid.uuid4().hex}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
