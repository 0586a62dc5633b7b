"""Feeds, their articles, article pages, the station's own stories and its kill list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, or_, select, type_coerce
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive import join_kill_list_with_its_copy
from bulletin.archive.database import group_tables, tables
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.database.tables import TextColumn
from bulletin.archive.database_interface import Database
from bulletin.archive.lock_names import kills_of
from bulletin.archive.record_dataclasses import EVERY_STATION, FeedMemory, Kill, PageMemory
from bulletin.archive.retry_after_archive_repair import retry_after_damage
from bulletin.language.split_sentences import storable
from bulletin.model import Article
from bulletin.runtime.redact_secrets import hide


@retry_after_damage
class CatalogArchive(Database):
    """The `Catalog` of gathering, the station's own stories and its kill list."""

    def feed_memory(self, url: str) -> FeedMemory | None:
        query = select(tables.feeds).where(tables.feeds.c.url == url)
        feeds = self.select(query, lambda row: from_row(FeedMemory, row))
        return feeds[0] if feeds else None

    def feed_memories(self, urls: Collection[str]) -> Mapping[str, FeedMemory]:
        """What is known of feeds, by address as asked for; one query for a station's hundreds of feeds."""
        urls_by_address: dict[str, list[str]] = {}
        for url in urls:
            urls_by_address.setdefault(storable(hide.address(url)), []).append(url)
        query = select(tables.feeds).where(tables.feeds.c.url.in_(urls_by_address))
        memories = self.select(query, lambda row: from_row(FeedMemory, row))
        return {url: memory for memory in memories for url in urls_by_address[memory.url]}

    def keep_feed(self, memory: FeedMemory, articles: Sequence[Article]) -> None:
        """
        Remember a feed and, when `articles` is not empty, replace its articles.

        An answer without articles (304, an error) keeps the articles of the last good one.
        """
        table, values = tables.feeds, asdict(memory)
        with self.writing() as connection:
            if hide.address(memory.url) != memory.url:  # earlier versions stored the address with its secret
                connection.execute(delete(table).where(type_coerce(table.c.url, TextColumn) == memory.url))
            # not "OR REPLACE", which would delete the feed's articles
            put = insert(table).values(values).on_conflict_do_update(index_elements=["url"], set_=values)
            connection.execute(put)
            if articles:
                _replace_articles(connection, memory.url, articles)

    def articles_of(self, url: str) -> tuple[Article, ...]:
        """The feed's articles at its last good answer, in the feed's order."""
        table = tables.articles
        query = select(table.c.article).where(table.c.feed_url == url).order_by(table.c.place)
        return self.select(query, lambda row: from_row(Article, row["article"]))

    def pages(self, links: Collection[str]) -> Mapping[str, PageMemory]:
        """Known pages by link, as asked for; one query for a feed's hundreds of links."""
        links_by_address: dict[str, list[str]] = {}
        for link in links:
            links_by_address.setdefault(storable(hide.address(link)), []).append(link)
        query = select(tables.pages).where(tables.pages.c.link.in_(links_by_address))
        pages = self.select(query, lambda row: PageMemory(**row))
        return {link: page for page in pages for link in links_by_address[page.link]}

    def keep_page(self, page: PageMemory) -> None:
        values = asdict(page)
        put = insert(tables.pages).values(values)
        self.execute(put.on_conflict_do_update(index_elements=["link"], set_=values))

    # -- the station's own stories

    def add_own_story(self, station: str, article: Article) -> None:
        """Add a story of the station's own; it replaces one with the same id."""
        row = {
            "station": station,
            "article_id": article.id,
            "published": article.published,
            "expires": article.expires,
            "is_breaking": int(article.is_breaking),
            "category": article.category,
            "section": str(article.section),
            "article": asdict(article),
        }
        put = insert(tables.own_stories).values(row)
        self.execute(put.on_conflict_do_update(index_elements=["station", "article_id"], set_=row))
        removal = join_kill_list_with_its_copy.removed_story(station, article.id, article.published)
        sealed = self.kill_list.read().entries.get(removal.key)
        if sealed and not sealed.ended_at:
            self.seal(sealed.ended(article.published))

    def own_stories(self, station: str, now: datetime) -> tuple[Article, ...]:
        """Stories that have not expired at `now`: breaking ones first, then the newest."""
        table = tables.own_stories
        query = (
            select(table.c.article)
            .where(table.c.station == station, or_(table.c.expires.is_(None), table.c.expires > now))
            .order_by(table.c.is_breaking.desc(), table.c.published.desc(), table.c.article_id)
        )
        return self.select(query, lambda row: from_row(Article, row["article"]))

    def stations_with_breaking_stories(self, now: datetime) -> frozenset[str]:
        """Stations with a breaking story of their own that has not expired at `now`."""
        table = tables.own_stories
        is_there = or_(table.c.expires.is_(None), table.c.expires > now)
        query = select(table.c.station).where(table.c.is_breaking != 0, is_there).distinct()
        return frozenset(self.select(query, lambda row: str(row["station"])))

    def remove_own_story(self, station: str, article_id: str, *, at: datetime) -> bool:
        """Remove a story; False when the station has none with that id."""
        table = tables.own_stories
        is_named = (table.c.station == station, table.c.article_id == article_id)
        removed = self.execute(delete(table).where(*is_named))
        if removed:
            self.seal(join_kill_list_with_its_copy.removed_story(station, article_id, at))
        return removed > 0

    # -- the kill list

    def kills(self, station: str) -> tuple[Kill, ...]:
        """
        Entries in force at a station, in the archive or its sealed copy: its own first, then those for all stations.

        For EVERY_STATION those for all stations alone.
        """
        found: dict[str, Kill] = {}
        names = tuple(dict.fromkeys((station, EVERY_STATION)))
        sealed = self.kill_list.read().entries
        rows = self.select(_kills_of(*names), lambda row: (str(row["station"]), _to_kill(row)))
        for name in names:
            listed = tuple(kill for owner, kill in rows if owner == name)
            for kill in join_kill_list_with_its_copy.join_kills(name, listed, sealed):
                found.setdefault(kill.entry, kill)
        return tuple(found.values())

    def add_kill(self, station: str, kill: Kill) -> None:
        """
        Add an entry; an entry that is on the list already stays unchanged.

        It waits for bulletins that are being published now, of all stations for an entry of EVERY_STATION: after it
        none with a killed story is published.
        """
        with self.in_one_transaction(lock=kills_of(station)) as connection:
            write_kill(connection, station, kill)
        self.seal(join_kill_list_with_its_copy.to_entry(station, kill))

    def remove_kill(self, station: str, entry: str, *, at: datetime) -> tuple[Kill, ...]:
        """
        Remove an entry, in upper or lower case, and return the entries removed; empty when it is not listed.

        An entry for all stations is removed for EVERY_STATION only.
        A withdrawn story has an entry for each of its ids; each alone blocks the story, so all are removed.
        """
        table = tables.kills
        with self.writing(lock=kills_of(station)) as connection:
            listed = tuple(map(_to_kill, connection.execute(_kills_of(station)).mappings()))
            named = [kill for kill in listed if kill.entry.casefold() == entry.casefold()]
            stories = {(kill.added_at, kill.note) for kill in named if kill.note}
            removed = tuple(k for k in listed if k in named or (k.added_at, k.note) in stories)
            entries = [kill.entry for kill in removed]
            connection.execute(delete(table).where(table.c.station == station, table.c.entry.in_(entries)))
        self.seal(*(join_kill_list_with_its_copy.to_entry(station, kill).ended(at) for kill in removed))
        return removed

    @property
    def doubt(self) -> str:
        """Why entries of the kill list may be missing; empty: none are."""
        return self.kill_list.read().doubt

    def trust_kills(self) -> None:
        """Clear the doubt: a person has checked that no entry is missing."""
        self.kill_list.write({}, doubt="")


def write_kill(connection: Connection, station: str, kill: Kill) -> None:
    """Add an entry to the kill list unless it is there; the stand-bys that a group has prepared are discarded."""
    files = group_tables.published_files.c
    prepared = delete(group_tables.published_files).where(
        files.path.startswith(group_tables.STANDBY, autoescape=True)
    )
    connection.execute(prepared if station == EVERY_STATION else prepared.where(files.station == station))
    row = {"station": station, **asdict(kill)}
    connection.execute(insert(tables.kills).values(row).on_conflict_do_nothing())


def _kills_of(*stations: str) -> Select[Any]:
    table = tables.kills
    return select(table).where(table.c.station.in_(stations)).order_by(table.c.added_at, table.c.entry)


def _to_kill(row: RowMapping) -> Kill:
    return Kill(entry=row["entry"], added_at=row["added_at"], note=row["note"])


def _replace_articles(connection: Connection, url: str, articles: Sequence[Article]) -> None:
    connection.execute(delete(tables.articles).where(tables.articles.c.feed_url == url))
    rows = [
        {
            "feed_url": url,
            "place": position,
            "article_id": article.id,
            "published": article.published,
            "article": asdict(article),
        }
        for position, article in enumerate(articles)
    ]
    connection.execute(insert(tables.articles), rows)
