"""Clock: slots of a station, in its own time zone and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from bulletin.config.option_types import Options, Seconds, listed, matching, refusing
from bulletin.config.tables.output_options import Kind

DAY_MIN = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SectionName = Literal["news", "sport", "weather", "travel"]
_DAY_GROUPS = ("daily", "weekdays", "weekends", "holidays")
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d|24:00"


_DAY_REMEDY = (
    '{} is not a valid day; write "daily", "weekdays", "weekends", "holidays", "sat", "mon-thu" '
    'or a date, "2026-12-24"'
)


def _is_no_day(value: str) -> bool:
    first, _, last = value.partition("-")
    is_weekday = value in WEEKDAYS or (first in WEEKDAYS and last in WEEKDAYS)
    return not (value in _DAY_GROUPS or is_weekday or date.fromisoformat(value))


Time = Annotated[
    str,
    matching(
        rf"({_TIME})(-({_TIME}))?",
        '{} is not a valid time; write "07:00", or "06:00-19:00" for every hour of it',
    ),
]
Day = Annotated[str, refusing(_is_no_day, _DAY_REMEDY)]
Date = Annotated[str, refusing(lambda value: not date.fromisoformat(value), _DAY_REMEDY)]


class SlotOptions(Options):
    """Slots of one kind: times, days, length, sections and outputs."""

    at: Annotated[tuple[Time, ...], BeforeValidator(listed)] = Field(min_length=1)
    """Times on air: "07:00", or "06:00-19:00", both ends included; a span over midnight ends on the next day."""
    every_min: int = Field(default=60, ge=5, le=24 * 60)
    """Minutes between two bulletins of a span "06:00-09:00"."""
    days: Annotated[tuple[Day, ...], BeforeValidator(listed)] = ("daily",)
    """ "daily", "weekdays", "weekends", "mon", "mon-thu", "holidays", "2026-12-24"."""
    length: Annotated[Seconds, Field(ge=30, le=600)] | None = None
    """Length of these bulletins; by default the station's."""
    sections: tuple[SectionName, ...] = get_args(SectionName)
    """Sections that these bulletins may have."""
    outputs: tuple[Kind, ...] = ()
    """Renditions to publish; by default all that the station makes."""

    def minutes(self) -> Iterator[int]:
        """Minutes after midnight; more than 24 hours for the end of a span over midnight."""
        for text in self.at:
            first, _, last = text.partition("-")
            start = _minute(first)
            end = _minute(last) if last else start
            yield from range(start, end + 1 if end >= start else end + DAY_MIN + 1, self.every_min)


def is_weekday(number: int, name: str) -> bool:
    """Whether a weekday (Monday is 0) belongs to `name`; always False for holidays and dates."""
    if name == "daily":
        return True
    if name in ("weekdays", "weekends"):
        return (number < 5) is (name == "weekdays")
    first, _, last = name.partition("-")
    if first not in WEEKDAYS:
        return False
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return start <= number <= end if start <= end else number >= start or number <= end


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


class ClockOptions(Options):
    """The station's clock."""

    slots: tuple[SlotOptions, ...] = ()
    """Slots of the station; without any, bulletins are made only on demand."""
    holidays: Annotated[
        str,
        matching(
            r"([A-Z]{2}(-[A-Z0-9]{1,3})?)?", 'write a country, "IE", or a country and its part, "GB-ENG"'
        ),
    ] = ""
    """Country of the public holidays for the day "holidays": "GB-ENG", "IE", "US-NY" (ISO 3166)."""
    off: Annotated[tuple[Date, ...], BeforeValidator(listed)] = ()
    """Dates without any bulletin: "2026-12-25"."""
    margin_s: float = Field(default=60.0, ge=0, le=1800)
    """Seconds before its time that a bulletin must be ready."""
    between_slots: bool = True
    """Make bulletins between slots: for a breaking story (`bulletin stories add story.txt --breaking`), and for a pull with a maximum age."""
