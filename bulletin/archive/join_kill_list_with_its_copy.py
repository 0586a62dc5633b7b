"""Kill lists of the archive <-> entries of the sealed copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database import tables
from bulletin.archive.kill_list_safety_copy import Entries, Key, KillEntry, KillKind, join
from bulletin.archive.record_dataclasses import Kill

_T = tables.kills.c
_COLUMNS: Mapping[KillKind, Column[str]] = {
    KillKind.KILL: tables.kills.c.entry,
    KillKind.OWN_STORY: tables.own_stories.c.article_id,
    KillKind.EPISODE: tables.episodes.c.guid,
}


def to_entry(station: str, kill: Kill) -> KillEntry:
    return KillEntry(kind=KillKind.KILL, station=station, name=kill.entry, at=kill.added_at, note=kill.note)


def removed_story(station: str, article_id: str, at: datetime) -> KillEntry:
    return KillEntry(kind=KillKind.OWN_STORY, station=station, name=article_id, at=at)


def withdrawn_episode(station: str, guid: str, at: datetime) -> KillEntry:
    return KillEntry(kind=KillKind.EPISODE, station=station, name=guid, at=at)


def read_entries(connection: Connection) -> list[KillEntry]:
    rows = connection.execute(select(_T.station, _T.entry, _T.added_at, _T.note))
    return [
        KillEntry(kind=KillKind.KILL, station=station, name=name, at=at, note=note)
        for station, name, at, note in rows
    ]


def find_changes(connection: Connection, joined: Entries) -> list[KillEntry]:
    """Entries of the joined list that the archive lacks or contradicts."""
    present = {key for kind in KillKind for key in _public(connection, kind, joined)}
    return [
        entry
        for key, entry in joined.items()
        if (key in present and not entry.ended_at and entry.kind is not KillKind.KILL)
        or (entry.kind is KillKind.KILL and (key in present) == bool(entry.ended_at))
    ]


def _public(connection: Connection, kind: KillKind, joined: Entries) -> Iterator[Key]:
    """Entries of a kind whose kill, story or public episode the archive has."""
    column = _COLUMNS[kind]
    query = select(column.table.c.station, column).where(column.in_([e.name for e in joined.values()]))
    if kind is KillKind.EPISODE:
        query = query.where(tables.episodes.c.withdrawn_at.is_(None))
    for station, name in connection.execute(query):
        yield kind, station, name


def apply_changes(connection: Connection, entries: Iterable[KillEntry]) -> None:
    """Apply entries of the joined list to the archive."""
    for entry in entries:
        column = _COLUMNS[entry.kind]
        same = (column.table.c.station == entry.station) & (column == entry.name)
        if entry.kind is KillKind.EPISODE:
            connection.execute(update(tables.episodes).where(same).values(withdrawn_at=entry.at))
        elif entry.kind is KillKind.KILL and not entry.ended_at:
            row = {"station": entry.station, "entry": entry.name, "added_at": entry.at, "note": entry.note}
            connection.execute(insert(tables.kills).values(row).on_conflict_do_nothing())
        else:
            connection.execute(delete(column.table).where(same))


def knows_copy(connection: Connection) -> bool:
    """Whether the archive notes that its kill list has a sealed copy; copies of the archive do not."""
    return bool(connection.exec_driver_sql("PRAGMA user_version").scalar())


def note_copy(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA user_version = 1")


def join_kills(station: str, kills: Iterable[Kill], sealed: Entries) -> tuple[Kill, ...]:
    """Entries of the archive or its sealed copy, oldest first."""
    joined = join([to_entry(station, kill) for kill in kills], sealed).values()
    kills_of_station = [
        Kill(entry=entry.name, added_at=entry.at, note=entry.note)
        for entry in joined
        if entry.kind is KillKind.KILL and entry.station == station and not entry.ended_at
    ]
    return tuple(sorted(kills_of_station, key=lambda kill: (kill.added_at, kill.entry)))
