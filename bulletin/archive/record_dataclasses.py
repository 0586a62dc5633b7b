"""Records of the archive, as plain data without a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bulletin.model import Article, Left, Level, Passage, Reason

EVERY_STATION = "*"
"""Station of entries of the kill list that hold for all stations, also for those that come later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """Validators and pauses of a feed, for polite polling; times are aware UTC."""

    url: str
    """
    Address of the feed. "host gazette.example" is the record of a host; "killed " and an address that of a feed
    whose reader was killed.
    """
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    checked_at: datetime | None = None
    """Time of the last good answer (200 or 304)."""
    next_poll_at: datetime | None = None
    """Earliest next request (ttl, max-age, Retry-After)."""
    failures: int = 0
    """Failures in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMemory:
    """Text of an article page, which is fetched once."""

    link: str
    text: str
    """Empty for a page without an article (see `reason`)."""
    reason: str = ""
    section: str = ""
    """The publisher's own section of the page."""
    page_type: str = ""
    """Its schema.org type."""
    fetched_at: datetime


class Catalog(Protocol):
    """Memory of gathering from run to run."""

    def feed_memory(self, url: str) -> FeedMemory | None: ...

    def feed_memories(self, urls: Collection[str]) -> Mapping[str, FeedMemory]:
        """What is known of feeds, by address."""

    def keep_feed(self, memory: FeedMemory, articles: Sequence[Article]) -> None:
        """Remember a feed and, when `articles` is not empty, replace its articles."""

    def articles_of(self, url: str) -> tuple[Article, ...]:
        """Articles of the feed at its last good answer."""

    def pages(self, links: Collection[str]) -> Mapping[str, PageMemory]:
        """Known pages by link."""

    def keep_page(self, page: PageMemory) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Aired:
    """A story that has been on air."""

    story_id: str
    article_ids: tuple[str, ...]
    """Ids and aliases of all its articles."""
    title: str
    text: str
    """Its latest aired text, as written."""
    heard: str = ""
    """Everything that aired of it, headlines too, to decide whether it has really changed."""
    sentences: tuple[str, ...] = ()
    """Every sentence that aired of it, as written, oldest first, each once."""
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
    """File name in the station's folder; never used again."""
    media_type: str
    bytes: int
    duration_s: float
    description: str
    """Show notes, HTML of paragraphs and links only."""
    sha256: str = ""
    files: tuple[tuple[str, str, str], ...] = ()
    """Other files of it: (kind, file name, media type), kind "chapters", "transcript"..."""
    due: datetime | None = None
    """Its slot; aware UTC."""
    withdrawn_at: datetime | None = None

    @property
    def hour(self) -> datetime:
        """Hour by which bulletins are ordered; aware UTC."""
        return self.due or self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """An entry of a station's kill list."""

    entry: str
    """A word or words, a link, or the id of an article."""
    added_at: datetime
    note: str = ""
    """Title of the withdrawn story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinRecord:
    """A finished bulletin: its words with their sources, and its making."""

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
    """Aired passages, with the source of every sentence."""
    dropped: tuple[Left, ...] = ()
    """Stories that did not fit."""
    renditions: tuple[Mapping[str, str | int | float], ...] = ()
    """
    kind, file, media_type, duration_s, loudness_lufs, true_peak_dbtp of each; examined renditions also have
    short_term_max_lufs, range_lu, mono_loss_lu and warnings.
    """
    went_to: tuple[Mapping[str, str], ...] = ()
    """outlet, guid and published of each episode; withdrawn, if a killed story withdrew it."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per stage."""
    notes: tuple[str, ...] = ()
    level: Level = Level.FRESH
    starts_s: tuple[float | None, ...] = ()
    """Start of each passage in the first rendition, in seconds; None: unknown."""
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    """Story id -> source articles of its sentences."""
    id: int = 0
    withdrawn_at: datetime | None = None
    corrects_id: int | None = None
    """Id of the bulletin that this one corrects, without a withdrawn story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Source article of aired sentences."""

    article_id: str
    feed: str
    """Empty in old records."""
    credit: str
    link: str

    @property
    def name(self) -> str:
        """Name for people."""
        return self.credit or self.feed or self.link or self.article_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run of `bulletin make` or the service, successful or not."""

    station: str
    began_at: datetime
    at: datetime | None
    """Hour of its bulletin; None when it failed before that was known."""
    verdict: str
    """Level of its bulletin, or kind of its error."""
    error: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per stage."""
    notes: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    """A line for each stage, failed feed and failed voice."""
    bulletin_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A story that a run weighed, with its verdict."""

    station: str
    began_at: datetime
    """Start of the run."""
    at: datetime | None
    """Hour of the run's bulletin."""
    story_id: str
    title: str
    section: str
    place: int
    """Position in the run's order, from 1; 0: not chosen."""
    score: float
    verdict: str
    """"aired", or why not."""
    reasons: tuple[Reason, ...]
    articles: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An article that was left out for one reason, over some time."""

    article_id: str
    title: str
    reason: str
    times: int
    first_at: datetime
    last_at: datetime
