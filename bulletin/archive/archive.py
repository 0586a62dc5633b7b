"""The archive of one machine: what was seen, aired and made. Import it late: SQLAlchemy is slow to load."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bulletin.archive import kill_lists
from bulletin.archive.contents import aired_stories, catalog, episodes
from bulletin.archive.database_file import DatabaseFile
from bulletin.archive.records import Aired, BulletinRecord, EpisodeRecord, FeedMemory, Kill, PageMemory
from bulletin.archive.retry_on_damage import retry_after_damage
from bulletin.model import Article, Bulletin, Episode


@retry_after_damage
class Archive(DatabaseFile):
    """
    What was seen, aired and made; fit for several threads and processes at once.

    It is a `Catalog` for gathering and an `EpisodeStore` for the podcast. Every method raises
    ArchiveError, with the file and the remedy, when the database does not do as told. One that meets damage
    sets the file aside, as `open` does, and does its work in the new one: a run goes on.
    """

    # -- what gathering remembers (Catalog)

    def feed_memory(self, url: str) -> FeedMemory | None:
        with self.reading() as connection:
            return catalog.read_feed(connection, url)

    def keep_feed(self, memory: FeedMemory, articles: Sequence[Article]) -> None:
        """Remember a feed and, when `articles` is not empty, replace what it held."""
        with self.writing() as connection:
            catalog.write_feed(connection, memory, articles)

    def articles_of(self, url: str) -> tuple[Article, ...]:
        """What the feed held when it was last read, in its order."""
        with self.reading() as connection:
            return catalog.read_articles(connection, url)

    def pages(self, links: Collection[str]) -> Mapping[str, PageMemory]:
        """What is known of these pages, by link: one question for a feed's hundreds."""
        with self.reading() as connection:
            return catalog.read_pages(connection, links)

    def keep_page(self, page: PageMemory) -> None:
        with self.writing() as connection:
            catalog.write_page(connection, page)

    # -- the station's own stories

    def add_own_story(self, station: str, article: Article) -> None:
        """Take in a story that no feed brings; the same id again replaces it."""
        with self.writing() as connection:
            catalog.write_own_story(connection, station, article)
        gone = kill_lists.removed_story(station, article.id, article.published)
        if gone.key in (known := self.kill_list.read().entries) and not known[gone.key].ended_at:
            self.seal(known[gone.key].ended(article.published))

    def own_stories(self, station: str, now: datetime) -> tuple[Article, ...]:
        """Those that have not expired: breaking ones first, then the newest."""
        with self.reading() as connection:
            return catalog.read_own_stories(connection, station, now)

    def remove_own_story(self, station: str, article_id: str, *, at: datetime) -> bool:
        """Say whether there was one of that id."""
        with self.writing() as connection:
            was_there = catalog.delete_own_story(connection, station, article_id)
        if was_there:
            self.seal(kill_lists.removed_story(station, article_id, at))
        return was_there

    # -- the kill list

    def kills(self, station: str) -> tuple[Kill, ...]:
        """The station's kill list, in the order in which it was written: what the archive or its copy has."""
        with self.reading() as connection:
            known = catalog.read_kills(connection, station)
        return kill_lists.join_kills(station, known, self.kill_list.read().entries)

    def add_kill(self, station: str, kill: Kill) -> None:
        """Put an entry on the list; one that stands on it already stays as it is."""
        with self.writing() as connection:
            catalog.write_kill(connection, station, kill)
        self.seal(kill_lists.to_entry(station, kill))

    def remove_kill(self, station: str, entry: str, *, at: datetime) -> tuple[Kill, ...]:
        """Say what was taken off the list: of a withdrawn story all its ids; nothing where it did not stand there."""
        with self.writing() as connection:
            gone = catalog.delete_kill(connection, station, entry)
        self.seal(*(kill_lists.to_entry(station, kill).ended(at) for kill in gone))
        return gone

    @property
    def doubt(self) -> str:
        """Why entries of the kill list may be missing; empty: none are."""
        return self.kill_list.read().doubt

    def trust_kills(self) -> None:
        """Somebody has looked through the list, and nothing is missing."""
        self.kill_list.write({}, doubt="")

    # -- what was on air

    def aired(self, station: str, *, since: datetime) -> Mapping[str, Aired]:
        """
        What was on air at `since` or later, each story under several keys.

        The keys are the story's own id and the id and aliases of every article that was ever part
        of it, so that a story is found again though it is called after another article today. Where
        two stories claim a key, a story's own id goes before, then the one aired last.
        """
        with self.reading() as connection:
            return aired_stories.read_aired(connection, station, since)

    def record_bulletin(
        self,
        station: str,
        bulletin: Bulletin,
        episodes: Sequence[Episode] = (),
        *,
        made_at: datetime,
        timings: Mapping[str, float],
        corrects_id: int | None = None,
    ) -> None:
        """
        Remember a bulletin, where it went, and that its stories have aired at `made_at`: all or nothing.

        `timings` are seconds per stage. The same station and `made_at` again change nothing. The stories of
        a stand-by, and of a correction of another bulletin, do not count as told once more.
        """
        with self.writing() as connection:
            aired_stories.write_bulletin(
                connection,
                station,
                bulletin,
                episodes,
                made_at=made_at,
                timings=timings,
                corrects_id=corrects_id,
            )

    def put_on_air(self, station: str, guids: Collection[str], *, at: datetime) -> None:
        """What was recorded as prepared (`Episode.is_prepared`) is on air since that moment."""
        with self.writing() as connection:
            aired_stories.put_on_air(connection, station, guids, at)

    def last_bulletin(self, station: str, *, until: datetime | None = None) -> BulletinRecord | None:
        """The newest hour's, whenever it was made; with `until` without those that a clock made which ran ahead."""
        with self.reading() as connection:
            return aired_stories.read_last_bulletin(connection, station, until=until)

    def bulletins(self, station: str) -> tuple[BulletinRecord, ...]:
        """All that it made, newest first."""
        with self.reading() as connection:
            return aired_stories.read_bulletins(connection, station)

    def days_of_work(self) -> tuple[datetime, ...]:
        """When bulletins were made, of any station: the first and the last of each day, in order."""
        with self.reading() as connection:
            return aired_stories.read_days_of_work(connection)

    def run_times(self, station: str, *, limit: int) -> tuple[float, ...]:
        """Seconds that the last runs took, newest first."""
        with self.reading() as connection:
            return aired_stories.read_run_times(connection, station, limit)

    # -- the podcast (EpisodeStore)

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
        What has gone out and has not been withdrawn, newest first; `until` itself does not belong to it.

        By when it was published, or by the hour that it is for: the correction of an old bulletin is new.
        """
        with self.reading() as connection:
            return episodes.read_episodes(
                connection, station, limit=limit, since=since, until=until, by_hour=by_hour
            )

    def last_withdrawal(self, station: str, *, until: datetime) -> datetime | None:
        """When an episode was last withdrawn, before `until`."""
        with self.reading() as connection:
            return episodes.last_withdrawal(connection, station, until=until)

    def find_episode(self, station: str, guid: str) -> EpisodeRecord | None:
        """The episode of that guid, withdrawn or not."""
        with self.reading() as connection:
            return episodes.find_episode(connection, station, guid)

    def add_episode(self, record: EpisodeRecord) -> None:
        """Remember an episode; one that is known already (by guid) stays as it was published."""
        with self.writing() as connection:
            episodes.write_episode(connection, record)

    def withdraw_episode(self, station: str, guid: str, *, at: datetime) -> EpisodeRecord | None:
        """Never list an episode again. None when the station has none of that guid."""
        with self.writing() as connection:
            gone = episodes.withdraw_episode(connection, station, guid, at)
        if gone:
            self.seal(kill_lists.withdrawn_episode(station, guid, at))
        return gone

    def podcast_guid(self, station: str, feed_url: str) -> str:
        """The feed's identity for life, UUIDv5 of the address that it had first."""
        with self.writing() as connection:
            return episodes.keep_podcast_guid(connection, station, feed_url)
