"""Id of a story or article -> the story, from the rows that name it; in milliseconds in a large archive."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, or_, select

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.ledgers.search_aired_stories import KnownStory

_MOST_ROUNDS = 8
"""Regroupings followed: an article may join a story that has been joined by another."""


def find_story_by_id(archive: Archive, station: str, story_id: str) -> KnownStory | None:
    """
    The story with that id, past ones too; None where the archive does not know it. Raises ArchiveError.

    `find_stories` also finds words and links, and reads the whole archive.
    """
    ids, titles, ended = {story_id}, dict[str, datetime](), False
    with archive.reading() as connection:
        for _ in range(_MOST_ROUNDS):
            if ended:
                break
            before = len(ids)
            for row_ids, title, seen_at in (
                *_aired(connection, station, ids),
                *_weighed(connection, station, ids),
            ):
                ids |= row_ids
                titles[title] = max(seen_at, titles.get(title, seen_at))
            ended = len(ids) == before
    if not titles:
        return None
    title = max(titles, key=lambda title: titles[title])
    return KnownStory(
        title=title, id=story_id, ids=frozenset(ids), seen_at=titles[title], titles=frozenset(titles)
    )


Row = tuple[set[str], str, datetime]


def _aired(connection: Connection, station: str, ids: Collection[str]) -> list[Row]:
    story, article = tables.aired.c, tables.aired_articles.c
    has_article = select(article.aired_id).where(article.article_id.in_(ids))
    query = select(story.id, story.story_id, story.title, story.last_at).where(
        story.station == station, or_(story.story_id.in_(ids), story.id.in_(has_article))
    )
    rows = connection.execute(query).all()
    articles = select(article.aired_id, article.article_id).where(
        article.aired_id.in_([row.id for row in rows])
    )
    members: dict[int, set[str]] = {row.id: {row.story_id} for row in rows}
    for aired_id, article_id in connection.execute(articles):
        members[aired_id].add(article_id)
    return [(members[row.id], row.title, row.last_at) for row in rows]


def _weighed(connection: Connection, station: str, ids: Collection[str]) -> list[Row]:
    table, runs = tables.considered, tables.runs
    query = (
        select(table.c.story_id, table.c.title, table.c.articles, runs.c.began_at)
        .join(runs)
        .where(table.c.station == station, table.c.story_id.in_(ids))
    )
    return [
        ({row.story_id, *(article["article_id"] for article in row.articles)}, row.title, row.began_at)
        for row in connection.execute(query)
    ]
