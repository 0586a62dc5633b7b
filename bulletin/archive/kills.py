"""The kill lists of all stations, as the archive has them and as their sealed copy does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive import tables
from bulletin.archive.kill_list import Entries, Entry, Kind, join
from bulletin.archive.records import Kill

_T = tables.kills.c


def to_entry(station: str, kill: Kill) -> Entry:
    return Entry(kind=Kind.KILL, station=station, name=kill.entry, at=kill.added_at, note=kill.note)


def removed_story(station: str, article_id: str, at: datetime) -> Entry:
    return Entry(kind=Kind.OWN_STORY, station=station, name=article_id, at=at)


def withdrawn_episode(station: str, guid: str, at: datetime) -> Entry:
    return Entry(kind=Kind.EPISODE, station=station, name=guid, at=at)


def read_entries(connection: Connection) -> list[Entry]:
    rows = connection.execute(select(_T.station, _T.entry, _T.added_at, _T.note))
    return [
        Entry(kind=Kind.KILL, station=station, name=name, at=at, note=note)
        for station, name, at, note in rows
    ]


def apply_kills(connection: Connection, entries: Iterable[Entry]) -> None:
    """Have the archive's table say what these do."""
    for entry in entries:
        if entry.kind is not Kind.KILL:
            continue
        if entry.ended_at:
            same = (_T.station == entry.station) & (_T.entry == entry.name)
            connection.execute(delete(tables.kills).where(same))
        else:
            row = {"station": entry.station, "entry": entry.name, "added_at": entry.at, "note": entry.note}
            connection.execute(insert(tables.kills).values(row).on_conflict_do_nothing())


def join_kills(station: str, kills: Iterable[Kill], sealed: Entries) -> tuple[Kill, ...]:
    """What is killed by either, in the order in which it was."""
    joined = join([to_entry(station, kill) for kill in kills], sealed).values()
    found = [
        Kill(entry=entry.name, added_at=entry.at, note=entry.note)
        for entry in joined
        if entry.kind is Kind.KILL and entry.station == station and not entry.ended_at
    ]
    return tuple(sorted(found, key=lambda kill: (kill.added_at, kill.entry)))
