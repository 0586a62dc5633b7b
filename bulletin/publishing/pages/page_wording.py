"""Language -> PageWords: texts and date formats of the listener pages, from html_templates/words/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.publishing.pages.templates import read_data

_SHIPPED = ("en-GB",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Texts and date formats of one station."""

    words: Mapping[str, str]
    dates: Mapping[str, Any]
    time_zone: str

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """Filters of the templates."""
        return {
            "clock": self.clock,
            "day": self.day,
            "date_text": lambda text: self.date_text(date.fromisoformat(text)),
            "weekday": lambda text: self.weekday(date.fromisoformat(text)),
            "length_text": self.length_text,
        }

    def clock(self, moment: datetime) -> str:
        """Local time: "07:00"."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        return str(self.dates["time"]).format(hour=local.hour, minute=local.minute)

    def day(self, moment: datetime) -> str:
        """Local day: "Wednesday 25 November 2026"."""
        return self.date_text(self.local_date(moment))

    def local_date(self, moment: datetime) -> date:
        """Local date."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def date_text(self, day: date) -> str:
        """ "Wednesday 25 November 2026"."""
        month = self.dates["months"][day.month - 1]
        fields = {"weekday": self.weekday(day), "day": day.day, "month": month, "year": day.year}
        return str(self.dates["day"]).format(**fields)

    def month_text(self, day: date) -> str:
        """ "November 2026"."""
        return str(self.dates["month"]).format(month=self.dates["months"][day.month - 1], year=day.year)

    def weekday(self, day: date) -> str:
        """ "Wednesday"."""
        return str(self.dates["weekdays"][day.weekday()])

    def length_text(self, seconds: float) -> str:
        """ "2 min 3 s"."""
        minutes, rest = divmod(round(seconds), 60)
        parts = [f"{minutes} {self.words['minutes']}"] if minutes else []
        parts += [f"{rest} {self.words['seconds']}"] if rest or not minutes else []
        return " ".join(parts)


def known_words() -> frozenset[str]:
    """Names of the texts that a station may replace."""
    return frozenset(_table(_SHIPPED[0])["words"])


def load_words(language: str, *, own: Mapping[str, str], time_zone: str) -> PageWords:
    """Texts of the language or a related one, else of British English; `own` replaces single ones."""
    related = [name for name in _SHIPPED if name.partition("-")[0] == language.partition("-")[0]]
    table = _table(language if language in _SHIPPED else next(iter(related), _SHIPPED[0]))
    return PageWords(words=dict(table["words"]) | dict(own), dates=table["dates"], time_zone=time_zone)


@lru_cache(maxsize=4)
def _table(language: str) -> Mapping[str, Any]:
    return tomllib.loads(read_data(f"words/{language}.toml"))
