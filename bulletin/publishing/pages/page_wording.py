"""PageWords: texts and date formats of the listener pages, from html_templates/words/en-GB.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

_SOON = timedelta(hours=12)
"""A time of day needs no day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingSlot:
    """A slot whose bulletin will be on the page."""

    at: datetime
    """UTC."""
    text: str
    """ "next at 06:00", or "next on Monday, 06:00" after a long break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Texts and date formats of one station."""

    words: Mapping[str, str]
    dates: Mapping[str, Any]
    time_zone: str

    def clock(self, moment: datetime) -> str:
        """Local time: "07:00"."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        return str(self.dates["time"]).format(hour=local.hour, minute=local.minute)

    def local_date(self, moment: datetime) -> date:
        """Local date."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def date_text(self, day: date) -> str:
        """ "Wednesday 25 November 2026"."""
        return self._format("day", day)

    def month_text(self, day: date) -> str:
        """ "November 2026"."""
        return self._format("month", day)

    def weekday(self, day: date) -> str:
        """ "Wednesday"."""
        return str(self.dates["weekdays"][day.weekday()])

    def coming(self, slots: Sequence[datetime], *, after: datetime) -> tuple[ComingSlot, ...]:
        """The slots after `after`, in order, each with the text that a page shows until it has come."""
        return tuple(
            ComingSlot(at=slot, text=self._next_text(slot, before))
            for before, slot in pairwise((after, *slots))
        )

    def length_text(self, seconds: float) -> str:
        """ "2 min 3 s"."""
        minutes, rest = divmod(round(seconds), 60)
        parts = [f"{minutes} {self.words['minutes']}"] if minutes else []
        parts += [f"{rest} {self.words['seconds']}"] if rest or not minutes else []
        return " ".join(parts)

    def _next_text(self, moment: datetime, before: datetime) -> str:
        if moment - before <= _SOON:
            return f"{self.words['next_at']} {self.clock(moment)}"
        return f"{self.words['next_on']} {self.weekday(self.local_date(moment))}, {self.clock(moment)}"

    def _format(self, pattern: str, day: date) -> str:
        month = self.dates["months"][day.month - 1]
        fields = {"weekday": self.weekday(day), "day": day.day, "month": month, "year": day.year}
        return str(self.dates[pattern]).format(**fields)


def known_words() -> frozenset[str]:
    """Names of the texts that a station may replace."""
    return frozenset(_table()["words"])


def load_words(*, own: Mapping[str, str], time_zone: str) -> PageWords:
    """British English; `own` replaces single texts."""
    table = _table()
    return PageWords(words=dict(table["words"]) | dict(own), dates=table["dates"], time_zone=time_zone)


def read_data(name: str) -> str:
    """Content of a packaged file: template, style sheet, script or texts."""
    return (resources.files(__package__) / "html_templates" / name).read_text(encoding="utf-8")


def squeeze(source: str) -> str:
    """
    A script or style sheet without indents and comments of whole lines, which a browser does not need.

    >>> squeeze("/* Page. */\\n.a {\\n  color: red;\\n}\\n")
    '.a {\\ncolor: red;\\n}\\n'
    """
    lines = (line.strip() for line in source.splitlines())
    kept = (line for line in lines if line and not line.startswith("//"))
    return "".join(f"{line}\n" for line in kept if not (line.startswith("/*") and line.endswith("*/")))


def squeeze_style(source: str) -> str:
    """
    A style sheet without what a browser does not need.

    >>> squeeze_style("a:hover, b { color: red; top: calc(1px + 2px); }\\n")
    'a:hover,b{color:red;top:calc(1px + 2px)}\\n'
    """
    text = squeeze(source)
    for spaced, close in (
        (": ", ":"),
        ("; ", ";"),
        (", ", ","),
        (" {", "{"),
        ("{ ", "{"),
        (";}", "}"),
        (";\n", ";"),
    ):
        text = text.replace(spaced, close)
    return text


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return tomllib.loads(read_data("words/en-GB.toml"))
