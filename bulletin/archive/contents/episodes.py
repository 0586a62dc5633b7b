"""The episodes of a station's podcast, and the identity of its feed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, insert, select, update

from bulletin.archive.database import tables
from bulletin.archive.database.row_conversion import EPISODE_FIELDS, episode_from_values, episode_to_row
from bulletin.archive.records import EpisodeRecord

_PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Of podcast:guid (github.com/Podcastindex-org/podcast-namespace, docs/tags/guid)."""


def read_episodes(
    connection: Connection,
    station: str,
    *,
    limit: int | None,
    since: datetime | None,
    until: datetime | None,
    by_hour: bool,
) -> tuple[EpisodeRecord, ...]:
    table = tables.episodes
    wanted = select(*_columns()).where(table.c.station == station, table.c.withdrawn_at.is_(None))
    if since:
        wanted = wanted.where(table.c.published >= since)
    if until:
        wanted = wanted.where(table.c.published < until)
    hour = func.coalesce(table.c.due, table.c.published).desc()
    order = (hour, table.c.published.desc()) if by_hour else (table.c.published.desc(), table.c.due.desc())
    wanted = wanted.order_by(*order, table.c.id.desc()).limit(limit)
    return tuple(episode_from_values(row) for row in connection.execute(wanted))


def last_withdrawal(connection: Connection, station: str, *, until: datetime) -> datetime | None:
    gone = tables.episodes.c.withdrawn_at
    last = (
        select(gone).where(tables.episodes.c.station == station, gone < until).order_by(gone.desc()).limit(1)
    )
    return connection.execute(last).scalar()


def find_episode(connection: Connection, station: str, guid: str) -> EpisodeRecord | None:
    row = connection.execute(select(*_columns()).where(_is(station, guid))).first()
    return episode_from_values(row) if row else None


def write_episode(connection: Connection, record: EpisodeRecord) -> None:
    if find_episode(connection, record.station, record.guid) is None:
        connection.execute(insert(tables.episodes).values(**episode_to_row(record)))


def withdraw_episode(connection: Connection, station: str, guid: str, at: datetime) -> EpisodeRecord | None:
    """The time of the first withdrawal stays."""
    table = tables.episodes
    connection.execute(
        update(table).where(_is(station, guid), table.c.withdrawn_at.is_(None)).values(withdrawn_at=at)
    )
    return find_episode(connection, station, guid)


def _columns() -> Iterable[Column[Any]]:
    return (tables.episodes.c[name] for name in EPISODE_FIELDS)


def _is(station: str, guid: str) -> ColumnElement[bool]:
    return (tables.episodes.c.station == station) & (tables.episodes.c.guid == guid)


def keep_podcast_guid(connection: Connection, station: str, feed_url: str) -> str:
    """A feed that moves keeps its identity: that is what the tag is for."""
    table = tables.podcasts
    known = connection.execute(select(table.c.guid).where(table.c.station == station)).scalar()
    if known:
        return str(known)
    guid = str(uuid.uuid5(_PODCAST_NAMESPACE, feed_url.partition("://")[2].rstrip("/")))
    connection.execute(insert(table).values(station=station, guid=guid, feed_url=feed_url))
    return guid
