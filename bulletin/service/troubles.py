"""Open troubles <-> a file: a service that was killed says all the same when they are over."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bulletin.service.alerts import Kind, Trouble, Troubles

FILE = "alerts.json"
"""In the private folder, of all stations there."""


def read_troubles(path: Path) -> Mapping[str, Troubles]:
    """Of each station; none where there is no such file, or one that cannot be read."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        told = json.loads(path.read_bytes())
        return {
            station: {(Kind(one["kind"]), str(one["about"])): _trouble(one) for one in troubles}
            for station, troubles in told.items()
        }
    return {}


def write_troubles(path: Path, troubles: Mapping[str, Troubles]) -> None:
    """Whole or not at all. Raises nothing: a full disk is one of the troubles that must be told."""
    told = {
        station: [
            {
                "kind": kind,
                "about": about,
                "since": trouble.since.isoformat(),
                "times": trouble.times,
                "told_at": trouble.told_at.isoformat() if trouble.told_at else None,
            }
            for (kind, about), trouble in of_station.items()
        ]
        for station, of_station in troubles.items()
    }
    part = path.with_name(f"part-{os.getpid()}-{path.name}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(told, indent=1), encoding="utf-8")
        part.replace(path)


def _trouble(told: Mapping[str, str | int | None]) -> Trouble:
    told_at = told["told_at"]
    return Trouble(
        since=_moment(told["since"]),
        times=int(told["times"] or 0),
        told_at=_moment(told_at) if told_at else None,
    )


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text)).astimezone(UTC)
