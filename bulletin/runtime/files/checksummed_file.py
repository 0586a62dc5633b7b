"""A file <-> what an earlier run found out, sealed with all that it depends on: it is right, or it is not there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def add_checksum(body: str, *, maker: str) -> str:
    """What to write down: the body below a line that tells a damaged one, and one of another maker."""
    return f"{_seal(body, maker)}\n{body}"


def read_checksummed(path: Path, *, maker: str) -> dict[str, Any]:
    """The JSON object in it; an empty one where the file is missing, damaged or another maker's."""
    try:
        told, _, body = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return {}
    if told != _seal(body, maker):
        return {}
    known: dict[str, Any] = json.loads(body)
    return known


def _seal(body: str, maker: str) -> str:
    return hashlib.sha256(f"{maker}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()
