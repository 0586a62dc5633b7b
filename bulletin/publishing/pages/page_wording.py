"""PageWords: texts and date formats of the listener pages, from the language folder's pages.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.language.cldr import names_of_days
from bulletin.language.language_folders import read_page_words

_DAY = timedelta(days=1)
_COMMENT = re.compile("  // .*")
"""Comment behind a statement of a script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingSlot:
    """A slot whose bulletin will be on the page."""

    at: datetime
    """UTC."""
    text: str
    """ "next at 6am", or "next on Monday at 6am"; true at every hour, for a page without a script."""
    texts: tuple[tuple[datetime, str], ...] = ()
    """What a script shows instead until a moment: the day before "next tomorrow at 6am", then "next at 6am"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Texts and date formats of one station."""

    words: Mapping[str, str]
    dates: Mapping[str, Any]
    time_zone: str

    def clock(self, moment: datetime) -> str:
        """Local time, as in the titles of bulletins: "7am", "6.30pm"; {hour24} in a pattern is the 24-hour clock's."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        pattern = self.dates["time" if local.minute else "hour"]
        half = self.dates["pm" if local.hour >= 12 else "am"]
        hour = local.hour % 12 or 12
        return str(pattern).format(hour=hour, hour24=local.hour, minute=local.minute, half=half)

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
        return tuple(self._coming(slot, before) for before, slot in pairwise((after, *slots)))

    def length_text(self, seconds: float) -> str:
        """ "2 min 3 s"."""
        minutes, rest = divmod(round(seconds), 60)
        parts = [f"{minutes} {self.words['minutes']}"] if minutes else []
        parts += [f"{rest} {self.words['seconds']}"] if rest or not minutes else []
        return " ".join(parts)

    def _coming(self, slot: datetime, before: datetime) -> ComingSlot:
        w, clock, day = self.words, self.clock(slot), self.local_date(slot)
        today = f"{w['next_at']} {clock}"
        if day == self.local_date(before):
            return ComingSlot(at=slot, text=today)
        on_day = f"{w['next_on']} {self.weekday(day)} {w['at']} {clock}"
        tomorrow = f"{w['next_tomorrow']} {clock}"
        texts = ((self._midnight(day - _DAY), on_day), (self._midnight(day), tomorrow), (slot, today))
        return ComingSlot(at=slot, text=on_day, texts=tuple(item for item in texts if item[0] > before))

    def _midnight(self, day: date) -> datetime:
        """Begin of a local day, in UTC."""
        return datetime.combine(day, time(), ZoneInfo(self.time_zone)).astimezone(UTC)

    def _format(self, pattern: str, day: date) -> str:
        month = self.dates["months"][day.month - 1]
        fields = {"weekday": self.weekday(day), "day": day.day, "month": month, "year": day.year}
        return str(self.dates[pattern]).format(**fields)


def known_words() -> frozenset[str]:
    """Names of the texts that a station may replace."""
    return frozenset(read_page_words("en")["words"])


def load_words(
    *, own: Mapping[str, str], time_zone: str, language: str = "en-GB", folder: Path | None = None
) -> PageWords:
    """
    The words of the language's pages.toml, `folder` holds the station's own languages; `own` replaces single texts.

    A text that the file lacks, and a language without the file, have the English text.
    """
    english, table = read_page_words("en"), read_page_words(language, folder=folder)
    return PageWords(
        words={**english["words"], **table.get("words", {}), **own},
        dates={
            **english["dates"],
            **(names_of_days(language) or names_of_days("en")),
            **table.get("dates", {}),
        },
        time_zone=time_zone,
    )


def read_data(name: str) -> str:
    """Content of a packaged file: template, style sheet, script or texts."""
    return (resources.files(__package__) / "html_templates" / name).read_text(encoding="utf-8")


def squeeze(source: str) -> str:
    """
    A script or style sheet without indents and comments, which a browser does not need.

    Comments are whole lines, or stand behind two blanks.

    >>> squeeze("/* Page. */\\n.a {\\n  color: red;\\n}\\n")
    '.a {\\ncolor: red;\\n}\\n'
    >>> squeeze('  go("https://a.example");  // away\\n')
    'go("https://a.example");\\n'
    """
    lines = (_COMMENT.sub("", line).strip() for line in source.splitlines())
    kept = (line for line in lines if line and not line.startswith("//"))
    return "".join(f"{line}\n" for line in kept if not (line.startswith("/*") and line.endswith("*/")))


def squeeze_style(source: str) -> str:
    """
    A style sheet without what a browser does not need.

    >>> squeeze_style("a:hover, b { color: red; top: calc(1px + 2px); }\\n")
    'a:hover,b{color:red;top:calc(1px + 2px)}'
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
        ("}\n", "}"),
        (",\n", ","),
        ("{\n", "{"),
        (" > ", ">"),
    ):
        text = text.replace(spaced, close)
    return text
