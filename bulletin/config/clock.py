"""When a station goes on air: its slots, as times of its own clock on days of its own calendar."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bulletin.config.fields import Options, Seconds, listed
from bulletin.config.outputs import Kind

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_GROUPS = ("daily", "weekdays", "weekends", "holidays")
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d|24:00"


def _times(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not re.fullmatch(rf"({_TIME})(-({_TIME}))?", value):
            raise ValueError(f'"{value}" is no time; write "07:00", or "06:00-19:00" for every hour of it')
    return values


def _days(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        first, _, last = value.partition("-")
        if value in _DAY_GROUPS or value in WEEKDAYS or (first in WEEKDAYS and last in WEEKDAYS):
            continue
        _date(value)
    return values


def _dates(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        _date(value)
    return values


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(
            f'"{value}" is no day; write "daily", "weekdays", "weekends", "holidays", "sat", "mon-thu" '
            'or a date, "2026-12-24"'
        ) from error


class SlotOptions(Options):
    """Bulletins that are alike: when they are due, how long they last, what is in them."""

    at: Annotated[tuple[str, ...], BeforeValidator(listed), AfterValidator(_times)] = Field(min_length=1)
    """Times on air: "07:00", or "06:00-19:00", both ends included; one over midnight ends on the next day."""
    every_min: int = Field(default=60, ge=5, le=24 * 60)
    """Minutes between two bulletins of a stretch "06:00-09:00"."""
    days: Annotated[tuple[str, ...], BeforeValidator(listed), AfterValidator(_days)] = ("daily",)
    """ "daily", "weekdays", "weekends", "mon", "mon-thu", "holidays", "2026-12-24"."""
    length: Annotated[Seconds, Field(ge=30, le=600)] | None = None
    """By default the station's."""
    sections: tuple[Literal["news", "sport", "weather", "travel"], ...] = (
        "news",
        "sport",
        "weather",
        "travel",
    )
    """What may be in it, from whatever the feeds have."""
    outputs: tuple[Kind, ...] = ()
    """Which renditions go out; by default all that the station makes."""


class ClockOptions(Options):
    """The station's clock."""

    slots: tuple[SlotOptions, ...] = ()
    """None: only bulletins on demand."""
    holidays: Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")] = ""
    """Whose public holidays the day "holidays" means: "GB-ENG", "IE", "US-NY" (ISO 3166)."""
    off: Annotated[tuple[str, ...], BeforeValidator(listed), AfterValidator(_dates)] = ()
    """Dates without any bulletin: "2026-12-25"."""
    margin_s: float = Field(default=60.0, ge=0, le=1800)
    """Seconds before its time that a bulletin must be ready."""
