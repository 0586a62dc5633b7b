"""What comes in: Feed -> Article -> Story."""

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
    """A feed that is a file made at a known time; it is read as if it had been made now."""

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
    """What the publisher allows, or where it says so. For the engineer, never spoken."""
    weight: float = 1.0
    """How much the editor trusts it; 1 is usual, 0 never leads."""
    category: str = "news"
    """Free word ("local", "business"); "sport", "travel" and "weather" are sections of their own."""
    language: str = "en-GB"
    """BCP 47, of the articles, unless the feed says otherwise."""
    is_private: bool = False
    """The address may be one of the station's own network (an intranet feed)."""
    fetches_pages: bool = True
    """Whether article pages may be fetched when the feed's own text is short."""
    recording: Recording | None = None
    time_zone: str = "Europe/London"
    """Of the station: what a forecast calls the morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One entry of one feed: plain text, no markup, no page furniture promised away yet."""

    id: str
    """Identity for life: guid, else canonical link, else a hash of title and day."""
    feed: str
    """Name of the feed it came from."""
    title: str
    summary: str
    """The feed's own words, plain text; paragraphs parted by a blank line."""
    text: str
    """The longest honest text known (page or feed), plain; paragraphs parted by a blank line."""
    link: str = ""
    published: datetime
    """Aware, UTC. The fetch time when the feed gave none (see `is_dated`)."""
    is_dated: bool = True
    credit: str = ""
    weight: float = 1.0
    category: str = "news"
    language: str = "en-GB"
    position: int = 0
    """Place in its feed, 0 is the first."""
    aliases: tuple[str, ...] = ()
    """Other identities under which the same entry may come back (guid, link, hash)."""
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
    """Worded by ourselves from the figures of a forecast service."""
    page_section: str = ""
    """The publisher's own section, as the page or the feed names it: "Politics", "Lifestyle"."""
    page_type: str = ""
    """The page's schema.org type: "NewsArticle", "OpinionNewsArticle", "Recipe"."""
    labels: tuple[str, ...] = ()
    """Categories that the feed gives the entry, as written."""

    @property
    def section(self) -> Section:
        """Sport, travel and weather have sections; every other category is news."""
        try:
            return Section(self.category.casefold())
        except ValueError:
            return Section.NEWS


class FeedState(StrEnum):
    """What became of one feed in one run."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    FAILED = "failed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """What one feed gave; one bad feed is data, not an exception."""

    feed: Feed
    state: FeedState
    articles: int = 0
    newest: datetime | None = None
    reason: str = ""
    """Why it failed, and what to do."""
    notes: tuple[str, ...] = ()
    """Things repaired or left out: "3 entries without a date"."""
    seconds: float = 0.0
    bytes_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What all feeds gave."""

    articles: tuple[Article, ...]
    reports: tuple[FeedReport, ...]

    @property
    def reached(self) -> int:
        """How many feeds answered at all."""
        return sum(report.state is not FeedState.FAILED for report in self.reports)

    @property
    def is_whole(self) -> bool:
        """Whether nothing failed that may go well a moment later; what is to be left alone will be then, too."""
        heard = (FeedState.OK, FeedState.UNCHANGED, FeedState.PAUSED)
        return all(report.state in heard for report in self.reports)


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
    """Articles that tell of one event, best first."""

    id: str
    """Stable while the event is in the news: the id of its earliest article."""
    articles: tuple[Article, ...]
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    is_light: bool = False
    """Fit for the end of a bulletin: the "and finally"."""
    is_soft: bool = False
    """No publisher tells it as hard news: it comes after all that is."""
    times_aired: int = 0
    """How often it has been told already; 0 too for a story that has really changed since."""
    last_said: str = ""
    """What was said of it last, as written; a story that comes back is told in fewer words."""
    said_before: tuple[str, ...] = ()
    """Every sentence that has aired of it, as written, oldest first; a story that stays is re-told with others."""

    @property
    def best(self) -> Article:
        return self.articles[0]

    @property
    def title(self) -> str:
        return self.articles[0].title

    @property
    def section(self) -> Section:
        return self.articles[0].section

    @property
    def published(self) -> datetime:
        """When the newest of its articles came out."""
        return max(article.published for article in self.articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A story or an article that was left out, and why."""

    title: str
    reason: str
    article_id: str = ""
    limit: str = ""
    """The option of [stories] that kept it out though it was fit: "per_source"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Stories in the order in which they should air, and what was left out."""

    stories: tuple[Story, ...]
    left: tuple[Left, ...] = ()
    ranked: tuple[Story, ...] = ()
    """Every story that was given a score, told or not, so that somebody can say why."""
    reserve: tuple[Story, ...] = ()
    """Stories that limits of [stories] keep out (they are in `left`), in the order in which the limits give way
    when the bulletin would be short."""
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of a story that stands for a running story -> ids of its other steps, the best first."""
    related: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Id of a story -> ids of those that a listener would take for the same affair."""
    notes: tuple[str, ...] = ()
    """What the editor should know of the day: "no hard news today ..."."""
