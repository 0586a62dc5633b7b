"""PageFacts and DayEntries -> HTML pages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bulletin.language.sentences import shorten
from bulletin.publishing.pages.day_index import DayEntry
from bulletin.publishing.pages.json_ld import describe_episode
from bulletin.publishing.pages.page_data import PageFacts
from bulletin.publishing.pages.page_wording import PageWords
from bulletin.publishing.pages.site import SiteStyle
from bulletin.publishing.pages.templates import fill_template

_DESCRIPTION_CHARS = 300


class PageWriter:
    """Writes the HTML pages of one station. Deterministic."""

    def __init__(self, site: SiteStyle, words: PageWords) -> None:
        self._site = site
        self._words = words

    def bulletin(self, facts: PageFacts) -> bytes:
        """Page of one bulletin. It names no other, so that a withdrawn one is on no other page."""
        url = f"{self._site.address}{facts.page}.html"
        return self._bulletin(facts, is_front=False, url=url, earlier=())

    def front(self, facts: PageFacts | None, earlier: Sequence[DayEntry]) -> bytes:
        """Front page: the newest bulletin, or None, and links to earlier ones."""
        return self._bulletin(facts, is_front=True, url=self._site.address, earlier=earlier)

    def player(self, facts: PageFacts | None) -> bytes:
        """Player with the newest bulletin, for embedding."""
        return self._fill("player.html", facts=facts, heading=facts.title if facts else "")

    def day(self, day: str, entries: Sequence[DayEntry]) -> bytes:
        """Page of one day, in order of time."""
        return self._fill("day.html", root="../", day=day, entries=entries)

    def days(self, days: Sequence[str]) -> bytes:
        """List of days by month; `days` are "2026-11-25", newest first."""
        months: dict[str, list[str]] = {}
        for day in days:
            months.setdefault(day[:7], []).append(day)
        named = [
            {"title": self._words.month_text(date.fromisoformat(group[0])), "days": group}
            for group in months.values()
        ]
        return self._fill("days.html", root="../", months=named)

    def _bulletin(self, facts: PageFacts | None, **fields: Any) -> bytes:
        titles = "; ".join(part.title for part in facts.stories) if facts else ""
        description = shorten(titles or self._site.title, most=_DESCRIPTION_CHARS)
        data = describe_episode(facts, site=self._site, description=description) if facts else {}
        return self._fill(
            "bulletin.html",
            facts=facts,
            heading=facts.title if facts else "",
            day=self._words.local_date(facts.due).isoformat() if facts else "",
            has_words=bool(facts and any(part.said for part in facts.parts)),
            description=description,
            data=data,
            **fields,
        )

    def _fill(self, template: str, *, root: str = "", **fields: Any) -> bytes:
        words = self._words
        return fill_template(
            template, filters=words.filters(), site=self._site, w=words.words, root=root, **fields
        )
