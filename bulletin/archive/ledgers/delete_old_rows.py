"""Retention of an archive: old rows deleted, stored secrets hidden; SQLite uses the freed pages again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Executable,
    Table,
    and_,
    delete,
    func,
    null,
    or_,
    select,
    type_coerce,
    update,
)

from bulletin.archive.archive import Archive
from bulletin.archive.database import newsroom_tables, tables
from bulletin.archive.database.tables import TextColumn
from bulletin.model import SlotState

_T = tables
_ADDRESSES = (_T.feeds.c.url, _T.pages.c.link)
_NOTES = (
    *(_T.runs.c.error, _T.runs.c.notes, _T.runs.c.log, _T.slots.c.note),
    *(_T.outbox.c.note, _T.bulletins.c.notes, _T.considered.c.verdict),
)
_WORDS = (
    *(_T.articles.c.article, _T.bulletins.c.running_order),
    *(_T.tellings.c.names, _T.tellings.c.sources, _T.considered.c.articles),
)
_MAY_HOLD = {"bulletin_address": _ADDRESSES, "bulletin_note": _NOTES, "bulletin_words": _WORDS}
"""SQL function that hides secrets (see sqlite_engine.py) -> columns that may hold them."""


def forget(archive: Archive, station: str, *, articles: datetime, runs: datetime, records: datetime) -> int:
    """
    Delete rows older than these moments; return how many. Raises ArchiveError.

    The kill list stays, and so do the validators and pauses of a feed that is still polled.
    """
    return _apply(archive, _old(station, articles=articles, runs=runs, records=records))


def hide_secrets(archive: Archive) -> int:
    """
    Hide secrets in rows that an earlier Bulletin stored in plain text; return how many. Raises ArchiveError.

    Feeds and pages stored under such an address are deleted, and fetched again. Only a file can have such rows:
    servers are used by later versions only.
    """
    if archive.is_shared:
        return 0
    return _apply(archive, _secret_rows())


def _apply(archive: Archive, changes: Iterable[tuple[Table, ColumnElement[bool], Executable]]) -> int:
    """Run the commands whose condition holds for a row; nearly always there is none, and a read needs no lock."""
    count = select(func.count())
    due = [do for table, holds, do in changes if archive.scalar(count.select_from(table).where(holds))]
    return archive.execute(*due) if due else 0


def _secret_rows() -> Iterator[tuple[Table, ColumnElement[bool], Executable]]:
    """Rows that hold a secret, and the command that hides it, for each column that may hold one."""
    for function, column in ((name, column) for name, columns in _MAY_HOLD.items() for column in columns):
        text, table = type_coerce(column, TextColumn), column.table
        hidden = getattr(func, function)(text)
        holds = and_(or_(text.like("%=%"), text.like("%@%"), text.like("%:%")), hidden != text)
        if function == "bulletin_address":
            yield table, holds, delete(table).where(holds)
        else:
            yield table, holds, update(table).where(holds).values({column: type_coerce(hidden, column.type)})


def _old(
    station: str, *, articles: datetime, runs: datetime, records: datetime
) -> list[tuple[Table, ColumnElement[bool], Executable]]:
    t, n = tables, newsroom_tables
    closed = t.slots.c.state.in_((SlotState.DONE, SlotState.MISSED))
    mine = select(func.max(t.slots.c.due)).where(t.slots.c.station == station)
    # the last slot stays: it shows the service that the station was on air, and may have missed slots
    past = and_(t.slots.c.due < runs, t.slots.c.due < mine.scalar_subquery())
    conditions = {
        t.feeds: and_(t.feeds.c.checked_at < articles, t.feeds.c.next_poll_at < articles),
        t.pages: t.pages.c.fetched_at < articles,
        t.own_stories: t.own_stories.c.expires < articles,
        t.runs: and_(t.runs.c.station == station, t.runs.c.began_at < runs),
        t.left_out: and_(t.left_out.c.station == station, t.left_out.c.last_at < runs),
        t.slots: and_(t.slots.c.station == station, past, closed),
        t.bulletins: and_(t.bulletins.c.station == station, t.bulletins.c.at < records),
        t.aired: and_(t.aired.c.station == station, t.aired.c.last_at < records),
        t.episodes: and_(t.episodes.c.station == station, t.episodes.c.published < records),
        n.newsroom_audit: and_(
            n.newsroom_audit.c.station.in_((station, "")), n.newsroom_audit.c.at < records
        ),
        n.editor_edits: and_(n.editor_edits.c.station == station, n.editor_edits.c.made_at < records),
        n.newsroom_sessions: n.newsroom_sessions.c.expires_at < articles,
        n.newsroom_api_keys: n.newsroom_api_keys.c.used_at < articles,
    }
    deletions = [(table, old, delete(table).where(old)) for table, old in conditions.items()]
    return [*deletions, _spent_approvals(station, runs)]


def _spent_approvals(station: str, before: datetime) -> tuple[Table, ColumnElement[bool], Executable]:
    """Approved words of bulletins that have aired: the bulletin itself has them, and the record of the approval stays."""
    edits = newsroom_tables.editor_edits
    spent = and_(edits.c.station == station, edits.c.approved.is_not(None), edits.c.made_at < before)
    return edits, spent, update(edits).where(spent).values(approved=null())
