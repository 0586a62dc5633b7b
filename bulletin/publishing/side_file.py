"""A side file (fm.json, news.json) -> what it says; nothing of one that is missing, damaged or not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any


def read_side(path: Path, *, most_bytes: int | None = None) -> Mapping[str, Any]:
    """In folders of other people a JSON file may be of any size: `most_bytes` of one that is read at all."""
    with suppress(OSError, ValueError, RecursionError):
        if most_bytes is None or path.stat().st_size <= most_bytes:
            told = json.loads(path.read_bytes())
            if isinstance(told, dict):
                return told
    return {}


def read_moment(text: object) -> datetime | None:
    """Aware; None for anything else."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment if moment and moment.tzinfo else None
    return None
