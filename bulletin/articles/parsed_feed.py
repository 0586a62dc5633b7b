"""Content of feeds and pages as plain data: the answers of the parser process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PART = "the rest is for subscribers"
"""Reason of a page's text that is only a beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed, before it becomes an article. All texts are plain."""

    guid: str = ""
    link: str = ""
    """Link as written; may be relative, or not an address at all."""
    title: str = ""
    summary: str = ""
    """Paragraphs separated by a blank line."""
    text: str = ""
    """Full text, where the feed has one."""
    published: datetime | None = None
    """Aware, UTC; any year at all."""
    language: str = ""
    labels: tuple[str, ...] = ()
    """Categories and tags, as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkySymbol:
    """Weather symbol of a forecast service."""

    cover: str = ""
    """ "clear", "fair", "partly", "cloudy", "fog"; empty under precipitation."""
    falls: str = ""
    """Precipitation: "rain", "drizzle", "sleet", "snow", "freezing rain"; empty when it is dry."""
    strength: str = ""
    """ "light", "heavy" or nothing."""
    is_showery: bool = False
    has_thunder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSpan:
    """Some hours of a forecast; None for values that the service does not give."""

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
    """Forecast of a service for one place."""

    service: str
    """Name for the credit: "MET Norway"."""
    licence: str
    """Address of the terms of its data."""
    spells: tuple[ForecastSpan, ...]
    """Spans in order of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One feed."""

    title: str = ""
    link: str = ""
    """Its website."""
    language: str = ""
    ttl_s: float = 0.0
    """Time to live: how long the feed asks not to be polled; 0 without one."""
    entries: tuple[FeedEntry, ...] = ()
    notes: tuple[str, ...] = ()
    """Repairs that were needed to read it."""
    forecast: Forecast | None = None
    """Forecast in place of entries, for the answer of a forecast service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """Text and metadata of an article page."""

    text: str = ""
    reason: str = ""
    """Why there is no text, or only a part."""
    section: str = ""
    """The publisher's own section: "Politics"."""
    page_type: str = ""
    """The schema.org type of the article: "OpinionNewsArticle"."""
