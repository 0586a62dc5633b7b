"""A feed as its standard has it, already plain: what the worker hands back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PART = "the rest is for subscribers"
"""Why a page's text is only a beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, before it becomes an article. All words are plain text."""

    guid: str = ""
    link: str = ""
    """As written; may be relative, or no address at all."""
    title: str = ""
    summary: str = ""
    """Paragraphs parted by a blank line."""
    text: str = ""
    """The entry's full text where the feed carries one."""
    published: datetime | None = None
    """Aware, UTC; any year at all."""
    language: str = ""
    labels: tuple[str, ...] = ()
    """Categories and tags, as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkySymbol:
    """What the sky does; from a forecast service's code."""

    cover: str = ""
    """ "clear", "fair", "partly", "cloudy", "fog"; empty under rain."""
    falls: str = ""
    """ "rain", "drizzle", "sleet", "snow", "freezing rain"; empty when it is dry."""
    strength: str = ""
    """ "light", "heavy" or nothing."""
    is_showery: bool = False
    has_thunder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSpan:
    """Some hours of a forecast; what the service does not say is None."""

    start: datetime
    """Aware, UTC."""
    hours: int
    sky: SkySymbol | None = None
    temperature_c: float | None = None
    wind_mps: float | None = None
    gust_mps: float | None = None
    wind_from_deg: float | None = None
    """0 is north, 90 east."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a forecast service says of one place."""

    service: str
    """As it wants to be credited: "MET Norway"."""
    licence: str
    """Where it says what may be done with its data."""
    spells: tuple[ForecastSpan, ...]
    """In the order of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One feed."""

    title: str = ""
    link: str = ""
    """Its website."""
    language: str = ""
    ttl_s: float = 0.0
    """How long it asks to be left alone; 0 when it says nothing."""
    entries: tuple[FeedEntry, ...] = ()
    notes: tuple[str, ...] = ()
    """What had to be mended to read it."""
    forecast: Forecast | None = None
    """In place of entries, when it is no feed but a forecast service's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What an article page gave."""

    text: str = ""
    reason: str = ""
    """Why there is no text, or only a part of it."""
    section: str = ""
    """The publisher's own section: "Politics"."""
    page_type: str = ""
    """The schema.org type of the article: "OpinionNewsArticle"."""
    is_final: bool = True
    """Whether another try would give the same: not where time, memory or a library was wanting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHint:
    """A feed that a page points to."""

    url: str
    title: str = ""
