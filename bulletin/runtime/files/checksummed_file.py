"""Cache file with a checksum over its content and its maker: a damaged or outdated one reads as empty."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def add_checksum(body: str, *, maker: str) -> str:
    """The text to write: a line with the checksum, then `body`."""
    return f"{_checksum(body, maker)}\n{body}"


def read_checksummed(path: Path, *, maker: str) -> dict[str, Any]:
    """The JSON object in the file; empty where it is missing, damaged or another maker's."""
    try:
        checksum, _, body = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return {}
    if checksum != _checksum(body, maker):
        return {}
    content: dict[str, Any] = json.loads(body)
    return content


def _checksum(body: str, maker: str) -> str:
    return hashlib.sha256(f"{maker}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()
