"""The kill lists of all stations, as the archive has them and as their sealed copy does."""

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
"""Names in one question; SQLite has a limit."""


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
    """What of the joined list the archive does not have so."""
    kills = {entry.key: entry for entry in read_entries(connection)}
    told = _told_still(connection, tables.own_stories.c.article_id, KillKind.OWN_STORY, joined)
    told |= _told_still(connection, tables.episodes.c.guid, KillKind.EPISODE, joined)
    return [
        entry
        for key, entry in joined.items()
        if (entry.kind is KillKind.KILL and (key in kills) == bool(entry.ended_at))
        or (key in told and not entry.ended_at)
    ]


def _told_still(connection: Connection, name: Column[str], kind: KillKind, joined: Entries) -> set[Key]:
    """Stories that were removed, and episodes that were withdrawn, of which the archive has no word."""
    names = [entry.name for entry in joined.values() if entry.kind is kind]
    station, told = name.table.c.station, set[Key]()
    for begin in range(0, len(names), _AT_ONCE):
        wanted = select(station, name).where(name.in_(names[begin : begin + _AT_ONCE]))
        if kind is KillKind.EPISODE:
            wanted = wanted.where(tables.episodes.c.withdrawn_at.is_(None))
        told |= {(kind, of, known) for of, known in connection.execute(wanted)}
    return told


def apply_changes(connection: Connection, entries: Iterable[KillEntry]) -> None:
    """Have the archive say what these do."""
    own, episodes = tables.own_stories.c, tables.episodes.c
    for entry in entries:
        if entry.kind is KillKind.OWN_STORY:
            same = (own.station == entry.station) & (own.article_id == entry.name)
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
    """Whether the archive says that there is a sealed copy of its kill list; a copy of the archive does not."""
    return bool(connection.exec_driver_sql("PRAGMA user_version").scalar())


def note_copy(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA user_version = 1")


def join_kills(station: str, kills: Iterable[Kill], sealed: Entries) -> tuple[Kill, ...]:
    """What is killed by either, in the order in which it was."""
    joined = join([to_entry(station, kill) for kill in kills], sealed).values()
    found = [
        Kill(entry=entry.name, added_at=entry.at, note=entry.note)
        for entry in joined
        if entry.kind is KillKind.KILL and entry.station == station and not entry.ended_at
    ]
    return tuple(sorted(found, key=lambda kill: (kill.added_at, kill.entry)))
