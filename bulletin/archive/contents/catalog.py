"""Feeds, their articles, article pages and the station's own stories: what gathering remembers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, type_coerce, update

from bulletin.archive.database import tables
from bulletin.archive.database.column_types import TextColumn
from bulletin.archive.database.row_conversion import article_from_row, article_to_row
from bulletin.archive.records import FeedMemory, Kill, PageMemory
from bulletin.language.sentences import storable
from bulletin.model import Article
from bulletin.runtime.redaction import hide

_AT_ONCE = 500
"""Links in one question; SQLite has a limit."""


def read_feed(connection: Connection, url: str) -> FeedMemory | None:
    row = connection.execute(select(tables.feeds).where(tables.feeds.c.url == url)).mappings().first()
    return FeedMemory(**row) if row else None


def write_feed(connection: Connection, memory: FeedMemory, articles: Sequence[Article]) -> None:
    """An answer without articles (304, an error) leaves those of the last good one in place."""
    if hide.address(memory.url) != memory.url:  # an earlier Bulletin wrote it down as it is
        plain = type_coerce(tables.feeds.c.url, TextColumn) == memory.url
        connection.execute(delete(tables.feeds).where(plain))
    values = asdict(memory)
    changed = connection.execute(
        update(tables.feeds).where(tables.feeds.c.url == memory.url).values(**values)
    ).rowcount
    if not changed:
        connection.execute(insert(tables.feeds).values(**values))
    if not articles:
        return
    connection.execute(delete(tables.articles).where(tables.articles.c.feed_url == memory.url))
    rows = [
        {
            "feed_url": memory.url,
            "place": place,
            "article_id": article.id,
            "published": article.published,
            "article": article_to_row(article),
        }
        for place, article in enumerate(articles)
    ]
    connection.execute(insert(tables.articles), rows)


def read_articles(connection: Connection, url: str) -> tuple[Article, ...]:
    table = tables.articles
    found = connection.execute(
        select(table.c.article).where(table.c.feed_url == url).order_by(table.c.place)
    ).scalars()
    return tuple(article_from_row(row) for row in found)


def read_pages(connection: Connection, links: Collection[str]) -> dict[str, PageMemory]:
    """Under the links as they were asked for, whatever of them can be stored."""
    asked: dict[str, list[str]] = {}
    for link in links:
        asked.setdefault(storable(hide.address(link)), []).append(link)
    found: dict[str, PageMemory] = {}
    names = list(asked)
    for begin in range(0, len(names), _AT_ONCE):
        wanted = tables.pages.c.link.in_(names[begin : begin + _AT_ONCE])
        for row in connection.execute(select(tables.pages).where(wanted)).mappings():
            found |= dict.fromkeys(asked[row["link"]], PageMemory(**row))
    return found


def write_page(connection: Connection, page: PageMemory) -> None:
    connection.execute(delete(tables.pages).where(tables.pages.c.link == page.link))
    connection.execute(insert(tables.pages).values(**asdict(page)))


def read_own_stories(connection: Connection, station: str, now: datetime) -> tuple[Article, ...]:
    table = tables.own_stories
    found = connection.execute(
        select(table.c.article)
        .where(table.c.station == station, or_(table.c.expires.is_(None), table.c.expires > now))
        .order_by(table.c.is_breaking.desc(), table.c.published.desc(), table.c.article_id)
    ).scalars()
    return tuple(article_from_row(row) for row in found)


def write_own_story(connection: Connection, station: str, article: Article) -> None:
    delete_own_story(connection, station, article.id)
    connection.execute(
        insert(tables.own_stories).values(
            station=station,
            article_id=article.id,
            published=article.published,
            expires=article.expires,
            is_breaking=int(article.is_breaking),
            category=article.category,
            section=str(article.section),
            article=article_to_row(article),
        )
    )


def read_kills(connection: Connection, station: str) -> tuple[Kill, ...]:
    table = tables.kills
    found = connection.execute(
        select(table.c.entry, table.c.added_at, table.c.note)
        .where(table.c.station == station)
        .order_by(table.c.added_at, table.c.entry)
    )
    return tuple(Kill(entry=entry, added_at=added_at, note=note) for entry, added_at, note in found)


def write_kill(connection: Connection, station: str, kill: Kill) -> None:
    table = tables.kills
    same = (table.c.station == station) & (table.c.entry == kill.entry)
    if not connection.execute(select(table.c.entry).where(same)).first():
        connection.execute(insert(table).values(station=station, **asdict(kill)))


def delete_kill(connection: Connection, station: str, entry: str) -> tuple[Kill, ...]:
    """
    Take an entry off, however it is written, and say what went.

    A withdrawn story stands there under all its ids; any of them keeps it off the air, so they go together.
    """
    listed = read_kills(connection, station)
    named = [kill for kill in listed if kill.entry.casefold() == entry.casefold()]
    stories = {(kill.added_at, kill.note) for kill in named if kill.note}
    gone = tuple(kill for kill in listed if kill in named or (kill.added_at, kill.note) in stories)
    table = tables.kills
    entries = [kill.entry for kill in gone]
    connection.execute(delete(table).where(table.c.station == station, table.c.entry.in_(entries)))
    return gone


def delete_own_story(connection: Connection, station: str, article_id: str) -> bool:
    table = tables.own_stories
    gone = connection.execute(
        delete(table).where(table.c.station == station, table.c.article_id == article_id)
    )
    return gone.rowcount > 0
