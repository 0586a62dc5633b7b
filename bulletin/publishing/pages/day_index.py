"""Index of bulletins with pages, one JSON file for each local day, read and written on demand."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from bulletin.model.newer_bulletin import newest_first
from bulletin.publishing.pages.page_data import PageFacts
from bulletin.publishing.pages.page_wording import PageWords

log = logging.getLogger(__name__)

FOLDER = "days"

_DAYS_AHEAD = 2
"""A bulletin made by hand for a far hour may be in tomorrow's list."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DUE = re.compile(r"-(\d{8}T\d{4})Z-[0-9a-f]+\Z")
"""Slot (UTC) in a guid."""
_NAMED = re.compile(r"-(\d{8})-\d{4}\b")
"""Local day in the file name of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEntry:
    """A bulletin in its day's list."""

    guid: str
    page: str
    due: datetime
    made: datetime
    title: str = ""
    """Empty for a withdrawn bulletin."""
    duration_s: float = 0.0
    stories: tuple[str, ...] = ()
    """Titles, in running order."""
    state: Literal["out", "gone", "withdrawn", "moved"] = "out"
    """gone: its sound was deleted by [keep]; moved: its address shows its correction."""
    moved_to: str = ""
    corrects: str = ""


def entry_of(facts: PageFacts) -> DayEntry:
    """Entry of a published bulletin."""
    return DayEntry(
        guid=facts.guid,
        page=facts.page,
        due=facts.due,
        made=facts.made,
        title=facts.title,
        duration_s=facts.duration_s,
        stories=tuple(part.title for part in facts.stories),
        corrects=facts.corrects,
    )


class DayIndex:
    """
    The lists of all days; changes stay in memory until the caller writes `changed`.

    `facts` reads those of all existing pages; called only where a list is damaged.
    """

    def __init__(self, folder: Path, *, words: PageWords, facts: Callable[[], Iterable[PageFacts]]) -> None:
        self.folder = folder
        self._words = words
        self._facts = facts
        self._read: dict[str, tuple[DayEntry, ...]] = {}
        self._there: set[str] | None = None
        self.changed: dict[str, tuple[DayEntry, ...]] = {}

    def day_of(self, entry: DayEntry) -> str:
        """Local day of an entry: "2026-11-25"."""
        return self._words.local_date(entry.due).isoformat()

    def put(self, entry: DayEntry) -> None:
        """Add an entry, or replace the one with its guid."""
        day = self.day_of(entry)
        others = [other for other in self.entries(day) if other.guid != entry.guid]
        self._read[day] = self.changed[day] = _in_order([*others, entry])

    def renew(self) -> None:
        """Mark every day as changed, and add bulletins with a page that no list contains."""
        for day in self.days():
            self.changed[day] = self.entries(day)
        for entry in map(entry_of, self._facts()):
            if self.find(entry.guid) is None:
                self.put(entry)

    def drop(self, entry: DayEntry) -> None:
        """Remove an entry."""
        day = self.day_of(entry)
        self._read[day] = self.changed[day] = tuple(
            other for other in self.entries(day) if other.guid != entry.guid
        )

    def find(self, guid: str) -> DayEntry | None:
        """Find an entry by its guid, which contains its slot; the time zone may have changed since."""
        if not (hour := _DUE.search(guid)):
            return None
        day = datetime.strptime(hour[1], "%Y%m%dT%H%M").replace(tzinfo=UTC).date()
        return next((entry for entry in self._around(day) if entry.guid == guid), None)

    def of_page(self, page: str) -> DayEntry | None:
        """Find an entry by its page, whose name contains its day."""
        try:
            match = _NAMED.search(page)
            day = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date() if match else None
        except ValueError:
            day = None
        return next((entry for entry in self._around(day) if entry.page == page), None) if day else None

    def moved_to(self, page: str, day: str) -> tuple[DayEntry, ...]:
        """Entries whose addresses show that page."""
        return tuple(
            entry for entry in self.entries(day) if entry.state == "moved" and entry.moved_to == page
        )

    def newest(self, *, until: datetime) -> Iterator[DayEntry]:
        """Published entries made before `until`, in the order of `newest_first`."""
        days = iter(self.days())
        last = [entry for day in islice(days, _DAYS_AHEAD) for entry in self._out(day, until)]
        yield from newest_first(last, lambda entry: (entry.due, entry.made))
        for day in days:
            yield from self._out(day, until)

    def _out(self, day: str, until: datetime) -> Iterator[DayEntry]:
        for entry in reversed(self.entries(day)):
            if entry.state == "out" and entry.made <= until:
                yield entry

    def days(self) -> Sequence[str]:
        """Days with a list, newest first."""
        if self._there is None:
            try:
                names = [entry.name for entry in os.scandir(self.folder)]
            except OSError:
                names = []
            self._there = {
                name[:-5] for name in names if name.endswith(".json") and _DATE.fullmatch(name[:-5])
            }
        return sorted(self._there | self.changed.keys(), reverse=True)

    def listed_days(self, *, until: datetime) -> Sequence[str]:
        """Days to list, newest first; without those that a clock ran ahead to."""
        today = self._words.local_date(until).isoformat()
        return [day for day in self.days() if day < today or self.listed(day, until=until)]

    def listed(self, day: str, *, until: datetime) -> tuple[DayEntry, ...]:
        """Entries of a day's page, in order of time: made before `until`, with an address of their own."""
        return tuple(entry for entry in self.entries(day) if entry.state != "moved" and entry.made <= until)

    def entries(self, day: str) -> tuple[DayEntry, ...]:
        """Entries of a day in order of time; a damaged list is rebuilt from the facts of the pages."""
        if day not in self._read:
            path = self.folder / f"{day}.json"
            try:
                self._read[day] = _adapter().validate_json(path.read_bytes())
            except OSError:
                self._read[day] = ()
            except ValidationError:
                log.warning("damaged list rebuilt from the pages: list=%s", path)
                self._read[day] = _in_order(
                    entry for entry in map(entry_of, self._facts()) if self.day_of(entry) == day
                )
        return self._read[day]

    def _around(self, day: date) -> Iterator[DayEntry]:
        for shift in (0, -1, 1):
            yield from self.entries((day + timedelta(days=shift)).isoformat())


def _in_order(entries: Iterable[DayEntry]) -> tuple[DayEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.due, entry.made, entry.guid)))


def entries_to_json(entries: Sequence[DayEntry]) -> bytes:
    """Deterministic JSON."""
    return _adapter().dump_json(tuple(entries), indent=1) + b"\n"


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[tuple[DayEntry, ...]]:
    return TypeAdapter(tuple[DayEntry, ...])
