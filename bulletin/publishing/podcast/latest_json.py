"""Episode -> latest.json: what latest.mp3 is, for whoever polls it (a playout, a speaker, a monitor). Pure."""

from __future__ import annotations

import json
from datetime import timedelta

from bulletin.archive.records import EpisodeRecord

VALID_H = 2.0
"""Hours after its slot; NPR One drops a newscast that is older, and so should who polls."""


def describe_latest(record: EpisodeRecord) -> str:
    """Times in UTC, ISO 8601; `sha256` tells whether latest.mp3 has been replaced already."""
    due = record.hour
    data = {
        "station": record.station,
        "title": record.title,
        "guid": record.guid,
        "audio": record.audio,
        "made": record.published.isoformat(),
        "due": due.isoformat(),
        "valid_until": (due + timedelta(hours=VALID_H)).isoformat(),
        "level": "fresh",
        "duration_s": round(record.duration_s, 3),
        "bytes": record.bytes,
        "sha256": record.sha256,
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
