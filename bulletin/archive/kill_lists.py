"""Kill lists of the archive <-> entries of the sealed copy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database import tables
from bulletin.archive.records import Kill
from bulletin.archive.sealed_kill_list import Entries, Key, KillEntry, KillKind, join

_T = tables.kills.c
_AT_ONCE = 500
"""Names in one query; SQLite limits them."""


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
    kills = {entry.key: entry for entry in read_entries(connection)}
    public = _still_public(connection, tables.own_stories.c.article_id, KillKind.OWN_STORY, joined)
    public |= _still_public(connection, tables.episodes.c.guid, KillKind.EPISODE, joined)
    return [
        entry
        for key, entry in joined.items()
        if (entry.kind is KillKind.KILL and (key in kills) == bool(entry.ended_at))
        or (key in public and not entry.ended_at)
    ]


def _still_public(connection: Connection, name: Column[str], kind: KillKind, joined: Entries) -> set[Key]:
    """Removed stories and withdrawn episodes that the archive still has as public."""
    names = [entry.name for entry in joined.values() if entry.kind is kind]
    station, public = name.table.c.station, set[Key]()
    for begin in range(0, len(names), _AT_ONCE):
        query = select(station, name).where(name.in_(names[begin : begin + _AT_ONCE]))
        if kind is KillKind.EPISODE:
            query = query.where(tables.episodes.c.withdrawn_at.is_(None))
        public |= {(kind, owner, known) for owner, known in connection.execute(query)}
    return public


def apply_changes(connection: Connection, entries: Iterable[KillEntry]) -> None:
    """Apply entries of the joined list to the archive."""
    own_stories, episodes = tables.own_stories.c, tables.episodes.c
    for entry in entries:
        if entry.kind is KillKind.OWN_STORY:
            same = (own_stories.station == entry.station) & (own_stories.article_id == entry.name)
            connection.execute(delete(tables.own_stories).where(same))
        elif entry.kind is KillKind.EPISODE:
            same = (episodes.station == entry.station) & (episodes.guid == entry.name)
            connection.execute(update(tables.episodes).where(same).values(withdrawn_at=entry.at))
        elif entry.ended_at:
            same = (_T.station == entry.station) & (_T.entry == entry.name)
            connection.execute(delete(tables.kills).where(same))
        else:
            row = {"station": entry.station, "entry": entry.name, "added_at": entry.at, "note": entry.note}
            connection.execute(insert(tables.kills).values(row).on_conflict_do_nothing())


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
