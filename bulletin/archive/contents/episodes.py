"""Episodes of a station's podcast, and the identity of its feed."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive import join_kill_list_with_its_copy
from bulletin.archive.database import tables
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.database_interface import Database
from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.archive.retry_after_archive_repair import retry_after_damage

_PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Namespace of podcast:guid (github.com/Podcastindex-org/podcast-namespace, docs/tags/guid)."""


@retry_after_damage
class EpisodeArchive(Database):
    """The episodes of the podcast feeds."""

    def episodes(
        self,
        station: str,
        *,
        limit: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        by_hour: bool = False,
    ) -> tuple[EpisodeRecord, ...]:
        """
        Episodes that were published from `since` on and before `until`, newest first, without withdrawn ones.

        Ordered by the moment of publication, or `by_hour` that they are for: the correction of an old bulletin is
        published late.
        """
        table = tables.episodes
        query = select(table).where(table.c.station == station, table.c.withdrawn_at.is_(None))
        if since:
            query = query.where(table.c.published >= since)
        if until:
            query = query.where(table.c.published < until)
        hour = func.coalesce(table.c.due, table.c.published).desc()
        order = (
            (hour, table.c.published.desc())
            if by_hour
            else (table.c.published.desc(), table.c.due.desc().nulls_last())
        )
        query = query.order_by(*order, table.c.id.desc()).limit(limit)
        return self.select(query, lambda row: from_row(EpisodeRecord, row))

    def last_withdrawal(self, station: str, *, until: datetime) -> datetime | None:
        """Moment of the last withdrawal before `until`."""
        table = tables.episodes.c
        last = select(func.max(table.withdrawn_at))
        moment: datetime | None = self.scalar(
            last.where(table.station == station, table.withdrawn_at < until)
        )
        return moment

    def find_episode(self, station: str, guid: str) -> EpisodeRecord | None:
        """The episode with that guid, withdrawn or not."""
        with self.reading() as connection:
            return _find_episode(connection, station, guid)

    def is_withdrawn(self, station: str, guid: str) -> bool:
        """Whether the archive has the episode as withdrawn."""
        episode = self.find_episode(station, guid)
        return episode is not None and episode.withdrawn_at is not None

    def add_episode(self, record: EpisodeRecord) -> None:
        """Remember an episode; one with a known guid stays as it was published."""
        self.execute(insert(tables.episodes).values(asdict(record)).on_conflict_do_nothing())

    def withdraw_episode(self, station: str, guid: str, *, at: datetime) -> EpisodeRecord | None:
        """Take an episode off the feed for good. None when the station has no such guid."""
        with self.writing() as connection:
            mark_withdrawn(connection, station, guid, at)
            withdrawn = _find_episode(connection, station, guid)
        if withdrawn:
            self.seal(join_kill_list_with_its_copy.withdrawn_episode(station, guid, at))
        return withdrawn

    def podcast_guid(self, station: str, feed_url: str) -> str:
        """
        Identity of the feed for life: UUIDv5 of its first address.

        A feed that moves keeps its identity, which is the purpose of the tag.
        """
        table = tables.podcasts
        guid = uuid.uuid5(_PODCAST_NAMESPACE, feed_url.partition("://")[2].rstrip("/"))
        row = {"station": station, "guid": str(guid), "feed_url": feed_url}
        query = select(table.c.guid).where(table.c.station == station)
        if (known := self.scalar(query)) is None:
            self.execute(insert(table).values(row).on_conflict_do_nothing())
            known = self.scalar(query)
        return str(known)


def mark_withdrawn(connection: Connection, station: str, guid: str, at: datetime) -> None:
    """Note the withdrawal of an episode; the moment of its first withdrawal stays."""
    is_public = tables.episodes.c.withdrawn_at.is_(None)
    connection.execute(
        update(tables.episodes).where(_has_guid(station, guid), is_public).values(withdrawn_at=at)
    )


def _find_episode(connection: Connection, station: str, guid: str) -> EpisodeRecord | None:
    row = connection.execute(select(tables.episodes).where(_has_guid(station, guid))).mappings().first()
    return from_row(EpisodeRecord, row) if row else None


def _has_guid(station: str, guid: str) -> ColumnElement[bool]:
    return (tables.episodes.c.station == station) & (tables.episodes.c.guid == guid)
