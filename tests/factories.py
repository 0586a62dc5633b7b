"""Things that flow, with sensible defaults."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bulletin.model import Article, Passage, Role, Sentence, StationWords, Story

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""A Tuesday morning."""


def make_article(**changes: Any) -> Article:
    """A short local story, an hour old."""
    fields: dict[str, Any] = {
        "id": "gazette:1",
        "feed": "gazette",
        "title": "Bridge over the Wex closes for repairs",
        "summary": "The bridge over the River Wex closes on Monday for six weeks of repairs.",
        "text": "The bridge over the River Wex closes on Monday for six weeks of repairs. "
        "The county council said drivers should use the A361.",
        "link": "https://gazette.example/bridge",
        "published": datetime(2026, 11, 24, 6, 0, tzinfo=UTC),
        "credit": "the Wexcombe Gazette",
    }
    return Article(**(fields | changes))


def make_story(*articles: Article, **changes: Any) -> Story:
    """One article, one story."""
    told = articles or (make_article(),)
    fields: dict[str, Any] = {"id": told[0].id, "articles": told, "score": 1.0}
    return Story(**(fields | changes))


def make_passage(text: str = "Good morning.", **changes: Any) -> Passage:
    """Words that need no conversion."""
    fields: dict[str, Any] = {"role": Role.STORY, "sentences": (Sentence(text=text, spoken=text),)}
    return Passage(**(fields | changes))


def make_words(**changes: Any) -> StationWords:
    """The demo's station."""
    fields: dict[str, Any] = {
        "id": "demo",
        "name": "Wexcombe Radio",
        "frequencies": ("103.5", "105.3"),
        "slogan": "The sound of the valley",
    }
    return StationWords(**(fields | changes))
