"""The days that an article speaks of, and their names; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days that words such as "yesterday" are reckoned from, by the station's own calendar."""

    written: date
    """The day that the article came out."""
    on_air: date

    def resolve(self, word: str, part: str) -> str:
        """
        The day that `word` means, with the `part` of the day; "today" while that is still the day.

        >>> Days(written=date(2026, 11, 24), on_air=date(2026, 11, 24)).resolve("yesterday", "")
        'on Monday'
        >>> Days(written=date(2026, 11, 24), on_air=date(2026, 11, 24)).resolve("this morning", "")
        'this morning'
        """
        shift = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(word, 0)
        day = self.written + timedelta(days=shift)
        part = part or {"last night": "night", "tonight": "night"}.get(word, "")
        part = part or (word.removeprefix("this ") if word.startswith("this ") else "")
        if day == self.on_air:
            return {"": "today", "night": "tonight"}.get(part, f"this {part}")
        return f"on {DAY_NAMES[day.weekday()]} {part}".strip()
