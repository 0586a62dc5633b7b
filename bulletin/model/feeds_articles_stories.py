"""Input of a bulletin: Feed -> Article -> Story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Section(StrEnum):
    """The part of a bulletin that a story belongs to, in the order in which they air."""

    NEWS = "news"
    SPORT = "sport"
    WEATHER = "weather"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A feed that is a file made at a known time; its dates move with the clock."""

    made_at: datetime
    """Aware, UTC. Every date of the feed is moved by (now - made_at)."""
    pages: Path | None = None
    """Folder with the article pages as `<last part of the link>.html`, read instead of the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address to read articles from."""

    url: str
    """http(s) address, or the absolute path of a file."""
    name: str
    """Short, unique within the station: "gazette"."""
    credit: str = ""
    """The publisher, as it is credited in words: "the Wexcombe Gazette". Empty: not credited."""
    terms: str = ""
    """Terms of the publisher, or their address. For the engineer, never spoken."""
    weight: float = 1.0
    """The editor's trust in it; 1 is usual, 0 never leads."""
    category: str = "news"
    """Free word ("local", "business"); "sport", "travel" and "weather" are separate sections."""
    language: str = "en-GB"
    """BCP 47, of the articles, unless the feed says otherwise."""
    is_private: bool = False
    """The address may be one of the station's own network (an intranet feed)."""
    fetches_pages: bool = True
    """Whether article pages may be fetched when the feed's own text is short."""
    recording: Recording | None = None
    time_zone: str = "Europe/London"
    """The station's, for the words of a forecast: "this morning"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedClip:
    """A recorded voice: an imported sound in the folder of clips, with what is known about it."""

    sha256: str
    """Hash of the stored WAV file, which is named after it."""
    duration_s: float
    words: str = ""
    """What is said in it, for transcript and captions; the editor's words or a recogniser's."""
    speaker: str = ""
    """Name for the chapter: "Siân Jones, mayor of Llandeilo"."""
    credit: str = ""
    """Who recorded it, for the show notes."""
    rights: str = ""
    """Rights note: "used by permission"; for the show notes and the run record."""
    source_name: str = ""
    """Name of the imported file."""
    notes: tuple[str, ...] = ()
    """Changes at its import: "cut at a breath after 38.2 of 61.0 s"."""

    @property
    def file_name(self) -> str:
        """Name of the sound in the folder of clips."""
        return f"{self.sha256}.wav"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedClip:
    """A recording in a story, with the newsreader's words around it; the three air together or not at all."""

    recording: RecordedClip
    before: str = ""
    """Words that lead into it: "The mayor said:"."""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One entry of one feed, as plain text; boilerplate of the page may still be in it."""

    id: str
    """Permanent identity: guid, else canonical link, else a hash of title and day."""
    feed: str
    """Name of the feed it came from."""
    title: str
    summary: str
    """The feed's own words, plain text; paragraphs separated by a blank line."""
    text: str
    """The longest text of page or feed, plain; paragraphs separated by a blank line."""
    link: str = ""
    published: datetime
    """Aware, UTC. The fetch time when the feed gave none (see `is_dated`)."""
    is_dated: bool = True
    credit: str = ""
    weight: float = 1.0
    category: str = "news"
    language: str = "en-GB"
    position: int = 0
    """Position in its feed, from 0."""
    aliases: tuple[str, ...] = ()
    """Other identities of the same entry (guid, link, hash)."""
    expires: datetime | None = None
    """Aware, UTC: never spoken afterwards (the station's own stories)."""
    not_before: datetime | None = None
    """Aware, UTC: an embargo, never spoken earlier."""
    is_breaking: bool = False
    is_local: bool = False
    """Written or marked by the station itself."""
    from_page: bool = False
    """`text` was taken from the article's page."""
    is_forecast: bool = False
    """Written by Bulletin from the figures of a forecast service."""
    page_section: str = ""
    """The publisher's own section, as the page or the feed names it: "Politics", "Lifestyle"."""
    page_type: str = ""
    """The page's schema.org type: "NewsArticle", "OpinionNewsArticle", "Recipe"."""
    labels: tuple[str, ...] = ()
    """Categories that the feed gives the entry, as written."""
    clip: AttachedClip | None = None
    """A recorded voice that an editor attached."""

    @property
    def section(self) -> Section:
        """Sport, travel and weather have sections; every other category is news."""
        try:
            return Section(self.category.casefold())
        except ValueError:
            return Section.NEWS


class FeedState(StrEnum):
    """Outcome of one feed in one run."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    FAILED = "failed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """Result of reading one feed; a bad feed is data, not an exception."""

    feed: Feed
    state: FeedState
    articles: int = 0
    newest: datetime | None = None
    reason: str = ""
    """Why it failed, with the remedy."""
    notes: tuple[str, ...] = ()
    """Repairs and omissions: "3 entries without a date"."""
    seconds: float = 0.0
    bytes_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Result of reading all feeds."""

    articles: tuple[Article, ...]
    reports: tuple[FeedReport, ...]

    @property
    def reached(self) -> int:
        """Number of feeds that answered."""
        return sum(report.state is not FeedState.FAILED for report in self.reports)

    @property
    def is_complete(self) -> bool:
        """Whether a retry would bring nothing more: no feed has failed, and a paused one stays paused."""
        complete = (FeedState.OK, FeedState.UNCHANGED, FeedState.PAUSED)
        return all(report.state in complete for report in self.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One term of a story's score."""

    name: str
    """ "freshness", "sources", "place" ..."""
    value: float
    note: str = ""
    """For the editor: "3 sources", "published 2 h ago"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles about one event, best first."""

    id: str
    """Stable while the event is in the news: the id of its earliest article."""
    articles: tuple[Article, ...]
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    is_light: bool = False
    """Suitable for the end of a bulletin: the "and finally"."""
    is_soft: bool = False
    """No publisher has it as hard news: it airs after all hard news."""
    times_aired: int = 0
    """Number of airings; 0 also for a story that has really changed since."""
    last_said: str = ""
    """Its latest aired text, as written; a repeated story is shorter."""
    said_before: tuple[str, ...] = ()
    """Every aired sentence of it, as written, oldest first; a repeat uses other sentences."""

    @property
    def best(self) -> Article:
        return self.articles[0]

    @property
    def clip(self) -> AttachedClip | None:
        """The recorded voice attached to the best of its articles that has one."""
        return next((article.clip for article in self.articles if article.clip), None)

    @property
    def title(self) -> str:
        return self.articles[0].title

    @property
    def section(self) -> Section:
        return self.articles[0].section

    @property
    def published(self) -> datetime:
        """Date of its newest article."""
        return max(article.published for article in self.articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A story or an article that was left out, with the reason."""

    title: str
    reason: str
    article_id: str = ""
    limit: str = ""
    """The limit of [stories] that excluded a usable story: "per_source"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Stories in running order, and those left out."""

    stories: tuple[Story, ...]
    left: tuple[Left, ...] = ()
    ranked: tuple[Story, ...] = ()
    """Every story with a score, chosen or not, for `bulletin why`."""
    reserve: tuple[Story, ...] = ()
    """Stories excluded by limits of [stories] (also in `left`), in the order in which the limits are relaxed
    when the bulletin would be short."""
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of the story that represents a running story -> ids of its other steps, the best first."""
    related: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Id of a story -> ids of stories that a listener would take for the same affair."""
    notes: tuple[str, ...] = ()
    """Notes for the editor: "no hard news today ..."."""
