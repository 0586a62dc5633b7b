"""Index of bulletins with pages, one JSON file for each local day, read and written on demand."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from bulletin.model.sort_bulletins_by_time import newest_first
from bulletin.publishing.pages.bulletin_page_data import PageFacts
from bulletin.publishing.pages.page_wording import PageWords

log = logging.getLogger(__name__)

FOLDER = "days"

_DAYS_AHEAD = 2
"""A bulletin made by hand for a far hour may be in tomorrow's list."""
_GUID_DAY = re.compile(r"-(\d{8})T\d{4}Z-[0-9a-f]+\Z")
"""Day of the slot (UTC) in a guid."""
_PAGE_DAY = re.compile(r"-(\d{8})-\d{4}\b")
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
    story_ids: tuple[str, ...] = ()
    """Their ids, in the same order; empty in older lists."""
    state: Literal["out", "gone", "withdrawn", "moved"] = "out"
    """gone: its sound was deleted by [keep]; moved: its address shows its correction."""
    moved_to: str = ""
    corrects: str = ""


_ADAPTER = TypeAdapter(tuple[DayEntry, ...])


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
        story_ids=tuple(part.story_id for part in facts.stories),
        corrects=facts.corrects,
    )


@dataclass(kw_only=True, eq=False)
class DayIndex:
    """The lists of all days; changes stay in memory until the caller writes `changed`."""

    folder: Path
    words: PageWords
    facts: Callable[[], Iterable[PageFacts]]
    """Reads the facts of all existing pages; called only where a list is damaged."""
    changed: dict[date, tuple[DayEntry, ...]] = field(default_factory=dict)
    _read: dict[date, tuple[DayEntry, ...]] = field(default_factory=dict)

    def day_of(self, entry: DayEntry) -> date:
        """Local day of an entry."""
        return self.words.local_date(entry.due)

    def put(self, entry: DayEntry) -> None:
        """Add an entry, or replace the one with its guid."""
        self.drop(entry)
        day = self.day_of(entry)
        self.changed[day] = _in_order([*self.changed[day], entry])

    def drop(self, entry: DayEntry) -> None:
        """Remove an entry."""
        day = self.day_of(entry)
        self.changed[day] = tuple(other for other in self.entries(day) if other.guid != entry.guid)

    def renew(self) -> None:
        """Mark every day as changed, and add bulletins with a page that no list contains."""
        for day in self.days():
            self.changed[day] = self.entries(day)
        for entry in map(entry_of, self.facts()):
            if self.find(entry.guid) is None:
                self.put(entry)

    def find(self, guid: str) -> DayEntry | None:
        """Find an entry by its guid, which contains its slot; the time zone may have changed since."""
        return next((entry for entry in self._around(_GUID_DAY, guid) if entry.guid == guid), None)

    def of_page(self, page: str) -> DayEntry | None:
        """Find an entry by its page, whose name contains its day."""
        return next((entry for entry in self._around(_PAGE_DAY, page) if entry.page == page), None)

    def newest(self, *, until: datetime) -> Iterator[DayEntry]:
        """Published entries made before `until`, in the order of `newest_first`."""
        days = iter(self.days())
        last = [entry for day in islice(days, _DAYS_AHEAD) for entry in self._out(day, until)]
        yield from newest_first(last, lambda entry: (entry.due, entry.made))
        for day in days:
            yield from self._out(day, until)

    def _out(self, day: date, until: datetime) -> list[DayEntry]:
        entries = reversed(self.entries(day))
        return [entry for entry in entries if entry.state == "out" and entry.made <= until]

    def days(self) -> Sequence[date]:
        """Days with a list, newest first."""
        days = set(self.changed)
        for path in self.folder.glob("????-??-??.json"):
            with suppress(ValueError):
                days.add(date.fromisoformat(path.stem))
        return sorted(days, reverse=True)

    def listed_days(self, *, until: datetime) -> Sequence[date]:
        """Days to list, newest first; without future days, whose entries a fast clock dated ahead."""
        today = self.words.local_date(until)
        return [day for day in self.days() if day < today or self.listed(day, until=until)]

    def listed(self, day: date, *, until: datetime) -> tuple[DayEntry, ...]:
        """Entries of a day's page, in order of time: made before `until`, without corrected ones."""
        return tuple(entry for entry in self.entries(day) if entry.state != "moved" and entry.made <= until)

    def entries(self, day: date) -> tuple[DayEntry, ...]:
        """Entries of a day in order of time; a damaged list is rebuilt from the facts of the pages."""
        if day in self.changed:
            return self.changed[day]
        if day not in self._read:
            path = self.folder / f"{day}.json"
            try:
                self._read[day] = _ADAPTER.validate_json(path.read_bytes())
            except OSError:
                self._read[day] = ()
            except ValidationError:
                log.warning("damaged list of a day's bulletins rebuilt from their pages: list=%s", path)
                entries = map(entry_of, self.facts())
                self._read[day] = _in_order(entry for entry in entries if self.day_of(entry) == day)
        return self._read[day]

    def _around(self, pattern: re.Pattern[str], name: str) -> Iterator[DayEntry]:
        """Entries of the day that `pattern` finds in a name, and of its neighbours."""
        with suppress(ValueError):
            if match := pattern.search(name):
                day = date.fromisoformat(match[1])
                for shift in (0, -1, 1):
                    yield from self.entries(day + timedelta(days=shift))


def _in_order(entries: Iterable[DayEntry]) -> tuple[DayEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.due, entry.made, entry.guid)))


def entries_to_json(entries: Sequence[DayEntry]) -> bytes:
    """Deterministic JSON."""
    return _ADAPTER.dump_json(tuple(entries), indent=1) + b"\n"
