"""EpisodeRecord -> SideFile (latest.json): facts about latest.mp3 for a playout, a speaker or a monitor. Pure."""

from __future__ import annotations

from datetime import timedelta

from bulletin.archive.records import EpisodeRecord
from bulletin.model import Level
from bulletin.publishing.side_file import SideFile

VALID_H = 2.0
"""Hours after its slot that a bulletin is valid; NPR One drops newscasts that are older."""


def describe_latest(record: EpisodeRecord) -> SideFile:
    """Moments in UTC."""
    return SideFile(
        station=record.station,
        title=record.title,
        guid=record.guid,
        audio=record.audio,
        made=record.published,
        due=record.hour,
        valid_until=record.hour + timedelta(hours=VALID_H),
        level=Level.FRESH,
        duration_s=round(record.duration_s, 3),
        size_bytes=record.bytes,
        sha256=record.sha256,
    )
