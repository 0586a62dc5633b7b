"""PageFacts and DayEntries -> HTML pages, by Jinja with autoescape: text from feeds never becomes markup. Pure."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.util import cache_from_source
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined
from jinja2.bccache import Bucket

from bulletin.language.split_sentences import shorten
from bulletin.publishing.clean_text_for_feeds import plain_line
from bulletin.publishing.pages.bulletin_page_data import PageFacts
from bulletin.publishing.pages.front_page import FrontPage
from bulletin.publishing.pages.json_bulletin_lists_by_day import DayEntry
from bulletin.publishing.pages.page_wording import read_data
from bulletin.publishing.pages.site_style import SiteStyle
from bulletin.publishing.pages.waveform_paths import bars_path, music_path
from bulletin.publishing.podcast_urls import web_link

_DESCRIPTION_CHARS = 300


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Writes the HTML pages of one station. Deterministic."""

    site: SiteStyle

    def bulletin(self, facts: PageFacts) -> bytes:
        """Page of one bulletin. It names no other, so that a withdrawn one is on no other page."""
        url = f"{self.site.address}{facts.page}.html"
        return self._bulletin(facts, is_front=False, url=url, front=None)

    def front(self, front: FrontPage) -> bytes:
        """Front page: the newest bulletin, if there is one, links to earlier ones, and when the next one comes."""
        return self._bulletin(front.facts, is_front=True, url=self.site.address, front=front)

    def player(self, facts: PageFacts | None) -> bytes:
        """Player with the newest bulletin, for embedding."""
        return self._fill("player.html", facts=facts, is_front=False, front=None, has_words=False)

    def day(self, day: date, entries: Sequence[DayEntry]) -> bytes:
        """Page of one day, in order of time."""
        return self._fill("day.html", root="../", is_front=False, day=day, entries=entries)

    def days(self, days: Sequence[date]) -> bytes:
        """List of days by month, newest first."""
        months = [list(group) for _, group in groupby(days, lambda day: (day.year, day.month))]
        return self._fill("days.html", root="../", is_front=False, months=months)

    def _bulletin(self, facts: PageFacts | None, **fields: Any) -> bytes:
        titles = "; ".join(part.title for part in facts.stories) if facts else ""
        description = shorten(titles or self.site.title, most=_DESCRIPTION_CHARS)
        return self._fill(
            "bulletin.html",
            facts=facts,
            has_words=True,
            day=self.site.words.local_date(facts.due) if facts else None,
            description=description,
            **fields,
        )

    def _fill(self, template: str, *, root: str = "", **fields: Any) -> bytes:
        """Render a page; a missing field is an error."""
        words = self.site.words
        page = _environment().get_template(template)
        return page.render(site=self.site, words=words, w=words.words, root=root, **fields).encode(
            "utf-8", "replace"
        )


class _TemplateCache(FileSystemBytecodeCache):
    """Compiled templates beside our compiled modules, since compiling takes 0.04 s of every run."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # a folder that cannot be used only costs the time
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(read_data),
        # every page is HTML, also from a template with another suffix
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=(
            None if sys.dont_write_bytecode else _TemplateCache(str(Path(cache_from_source(__file__)).parent))
        ),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "iso": to_iso,
        "minutes": _minutes,
        "bars_path": bars_path,
        "music_path": music_path,
        "line": plain_line,
        "web_link": web_link,
    }
    return environment


def to_iso(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minutes(seconds: float) -> str:
    """ "2:03"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
