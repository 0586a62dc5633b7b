"""Open troubles of a station <-> a file: a service that was killed says all the same when they are over."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bulletin.service.alerts import Kind, Trouble, Troubles
from bulletin.whole import write_whole

FOLDER = "alerts"
"""In the private folder, a file for each station: other services may keep other stations of that folder."""


def read_troubles(path: Path) -> Troubles:
    """None where there is no such file, or one that cannot be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        return {
            (Kind(one["kind"]), str(one["about"])): Trouble(
                since=_moment(one["since"]),
                times=int(one["times"]),
                told_at=_moment(one["told_at"]) if one["told_at"] else None,
            )
            for one in json.loads(path.read_bytes())
        }
    return {}


def write_troubles(path: Path, troubles: Troubles) -> None:
    """Whole or not at all. Raises nothing: a full disk is one of the troubles that must be told."""
    told = [
        {
            "kind": kind,
            "about": about,
            "since": trouble.since.isoformat(),
            "times": trouble.times,
            "told_at": trouble.told_at.isoformat() if trouble.told_at else None,
        }
        for (kind, about), trouble in troubles.items()
    ]
    with suppress(OSError):
        write_whole(path, json.dumps(told, indent=1))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
