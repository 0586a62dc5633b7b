"""Breaking stories of the station's own that are on air in no bulletin yet."""

from __future__ import annotations

from datetime import datetime

from bulletin.archive.archive import Archive
from bulletin.archive.records import BulletinRecord
from bulletin.config.load_profile import LoadedProfile
from bulletin.pipeline.on_air import on_air_kinds
from bulletin.runtime.clock_skew import latest_made


def untold_since(archive: Archive, loaded: LoadedProfile, *, now: datetime) -> datetime | None:
    """
    When the last breaking story (`bulletin stories add --breaking`) came that no bulletin was begun for since; else None.

    One with an embargo comes when that ends. Raises ArchiveError.
    """
    own = archive.own_stories(loaded.id, now)
    moments = [story.not_before or story.published for story in own if story.is_breaking]
    came = max((moment for moment in moments if moment <= now), default=None)
    last = archive.last_bulletin(loaded.id, until=latest_made(now)) if came else None
    is_told = came and last and last.made_at >= came and _went_on_air(last, loaded)
    return None if is_told else came


def _went_on_air(record: BulletinRecord, loaded: LoadedProfile) -> bool:
    kinds = on_air_kinds(loaded.profile)
    return not kinds or any(to["outlet"] in kinds and to["published"] for to in record.went_to)
