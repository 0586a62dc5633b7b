"""Breaking stories of the newsroom (`bulletin add --breaking`) that no bulletin has aired yet."""

from __future__ import annotations

from datetime import datetime

from bulletin.archive.archive import Archive
from bulletin.archive.records import BulletinRecord
from bulletin.config.load_profile import LoadedProfile
from bulletin.pipeline.on_air import on_air_kinds
from bulletin.runtime.clock_skew import latest_made


def unaired_since(archive: Archive, loaded: LoadedProfile, *, now: datetime) -> datetime | None:
    """
    When the last breaking story came for which no bulletin was begun since; None: there is none.

    A story with an embargo comes when that ends. Raises ArchiveError.
    """
    stories = archive.own_stories(loaded.id, now)
    moments = [story.not_before or story.published for story in stories if story.is_breaking]
    came = max((moment for moment in moments if moment <= now), default=None)
    last = archive.last_bulletin(loaded.id, until=latest_made(now)) if came else None
    is_aired = came and last and last.made_at >= came and _went_on_air(last, loaded)
    return None if is_aired else came


def _went_on_air(record: BulletinRecord, loaded: LoadedProfile) -> bool:
    kinds = on_air_kinds(loaded.profile)
    return not kinds or any(target["outlet"] in kinds and target["published"] for target in record.went_to)
