"""What the archive remembers, as plain data; no database is known here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bulletin.model import Article, Left, Level, Passage, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What must be remembered of a feed to ask for it politely; times are aware UTC."""

    url: str
    """
    "host gazette.example" is what is remembered of a host, "killed " and an address of a feed that had its reader
    killed.
    """
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    checked_at: datetime | None = None
    """Of the last good answer (200 or 304)."""
    next_poll_at: datetime | None = None
    """Not asked before (ttl, max-age, Retry-After)."""
    failures: int = 0
    """In a row."""
    moved_to: str = ""
    """Where it said that it has gone for good."""
    moved_polls: int = 0
    """Good polls in a row that said so; without an address, polls in a row that said "gone" (410)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMemory:
    """The text of an article page, so that it is fetched once."""

    link: str
    text: str
    """Empty when the page held no article (`reason` says why)."""
    reason: str = ""
    section: str = ""
    """The publisher's own section of the page."""
    page_type: str = ""
    """Its schema.org type."""
    fetched_at: datetime


class Catalog(Protocol):
    """What gathering remembers from run to run."""

    def feed_memory(self, url: str) -> FeedMemory | None: ...

    def keep_feed(self, memory: FeedMemory, articles: Sequence[Article]) -> None:
        """Remember a feed and, when `articles` is not empty, replace what it held."""

    def articles_of(self, url: str) -> tuple[Article, ...]:
        """What the feed held when it was last read."""

    def pages(self, links: Collection[str]) -> Mapping[str, PageMemory]:
        """What is known of these pages, by link."""

    def keep_page(self, page: PageMemory) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Aired:
    """A story that has been on air."""

    story_id: str
    article_ids: tuple[str, ...]
    """Of every article that was part of it, aliases included."""
    title: str
    text: str
    """What was said last, as written."""
    heard: str = ""
    """Everything that was ever said of it, headlines too: to tell whether it has really changed."""
    sentences: tuple[str, ...] = ()
    """Every sentence that was ever said of it, as written, oldest first, each once."""
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRecord:
    """An episode of a station's podcast feed, enough to write the feed again."""

    guid: str
    station: str
    title: str
    published: datetime
    audio: str
    """File name within the station's folder; unique for ever."""
    media_type: str
    bytes: int
    duration_s: float
    description: str
    """Show notes, HTML of paragraphs and links only."""
    sha256: str = ""
    files: tuple[tuple[str, str, str], ...] = ()
    """Other files of it: (kind, file name, media type), kind "chapters", "transcript"..."""
    due: datetime | None = None
    """The slot that it was made for; aware UTC."""
    withdrawn_at: datetime | None = None

    @property
    def hour(self) -> datetime:
        """By which one bulletin is newer than another; aware UTC."""
        return self.due or self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """An entry of a station's kill list."""

    entry: str
    """A word or words, a link, or the id of an article."""
    added_at: datetime
    note: str = ""
    """What it stands for: the title of a story that was withdrawn."""


class EpisodeStore(Protocol):
    """What a podcast feed is written from."""

    def podcast_guid(self, station: str, feed_url: str) -> str:
        """The feed's identity for life: made of its first address, and never again."""

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

    def last_withdrawal(self, station: str, *, until: datetime) -> datetime | None:
        """When an episode was last withdrawn, before `until`."""

    def find_episode(self, station: str, guid: str) -> EpisodeRecord | None:
        """The episode of that guid, withdrawn or not."""

    def add_episode(self, record: EpisodeRecord) -> None:
        """Remember an episode; one that is known already (by guid) stays as it was published."""

    def withdraw_episode(self, station: str, guid: str, *, at: datetime) -> EpisodeRecord | None:
        """Never show an episode again. None when the station has none of that guid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinRecord:
    """A bulletin that was made: what was said, from which sentences, and how it went."""

    station: str
    at: datetime
    """The moment that its time check names."""
    title: str
    engine: str
    voice: str
    made_at: datetime
    duration_s: float
    """Decoded length of the first rendition."""
    planned_s: float
    running_order: tuple[Passage, ...]
    """What aired, with the source of every sentence."""
    dropped: tuple[Left, ...] = ()
    """What did not fit."""
    renditions: tuple[Mapping[str, str | float], ...] = ()
    """
    kind, file, media_type, duration_s, loudness_lufs, true_peak_dbtp of each; of those that were
    examined short_term_max_lufs, range_lu, mono_loss_lu and warnings too.
    """
    went_to: tuple[Mapping[str, str], ...] = ()
    """outlet, guid and published of each episode."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per stage."""
    notes: tuple[str, ...] = ()
    level: Level = Level.FRESH
    starts_s: tuple[float | None, ...] = ()
    """When each passage of the running order is heard, seconds into the first rendition; None: not known."""
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    """Story id -> the articles that its sentences came from."""
    id: int = 0
    withdrawn_at: datetime | None = None
    corrects_id: int | None = None
    """The bulletin that this one was made in place of, without a story that was withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article that something was said from."""

    article_id: str
    feed: str
    """Empty in what was recorded before feeds were."""
    credit: str
    link: str

    @property
    def name(self) -> str:
        """Who it is, for people."""
        return self.credit or self.feed or self.link or self.article_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run of the road, whatever became of it."""

    station: str
    began_at: datetime
    at: datetime | None
    """The hour that it was made for; None when it failed before that was known."""
    verdict: str
    """The level of what was made, or what kind of error ended it."""
    error: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per stage."""
    notes: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    """A line for each stage, each feed that failed, each voice that gave up."""
    bulletin_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A story that a run weighed, and what became of it."""

    station: str
    began_at: datetime
    """Of the run."""
    at: datetime | None
    """The hour that the run made a bulletin for."""
    story_id: str
    title: str
    section: str
    place: int
    """In the order in which the run would have told them, from 1; 0: it was not to be told."""
    score: float
    verdict: str
    """"aired", or why not."""
    reasons: tuple[Reason, ...]
    articles: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An article that was unfit, for one reason, over a time."""

    article_id: str
    title: str
    reason: str
    times: int
    first_at: datetime
    last_at: datetime
