"""Clock of a station changed by its form: slots, holidays, days off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.config.change_profile_options import Value, add_table, change_options, remove_table
from bulletin.config.toml_line_numbers import Key
from bulletin.errors import NewsroomError
from bulletin.newsroom.actions.change_profile import ProfileText, change_profile, current_profile
from bulletin.newsroom.desk import Desk

_DEFAULT_EVERY_MIN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotForm:
    """One part of the form: a [[clock.slots]] table as it shall be. Texts are lists with commas."""

    number: int | None
    """Position in the profile, from 0; None: a new one."""
    at: str
    days: str
    every_min: str
    length: str
    sections: str
    outputs: str
    is_removed: bool = False


def save_clock(desk: Desk, *, slots: Sequence[SlotForm], holidays: str, off: str, seen: str) -> ProfileText:
    """
    Save the clock in the profile; only what differs is written.

    Raises ProfileConflictError, ConfigError with lines, NewsroomError.
    """
    count = len(current_profile(desk.loaded).profile.clock.slots)
    for slot in slots:
        if slot.number is not None and not 0 <= slot.number < count:
            raise NewsroomError(
                "the slots have changed since you read them; load the page again and repeat it"
            )
    return change_profile(
        desk,
        lambda text: _changed(text, slots, holidays=holidays, off=off, count=count),
        seen=seen,
        action="save clock",
    )


def _changed(text: str, slots: Sequence[SlotForm], *, holidays: str, off: str, count: int) -> str:
    changes: dict[Key, Value | None] = {
        ("clock", "holidays"): holidays.strip() or None,
        ("clock", "off"): _list(off) or None,
    }
    for slot in slots:
        if slot.number is not None and not slot.is_removed:
            changes |= {
                ("clock", "slots", slot.number, name): value for name, value in _options(slot).items()
            }
    text = change_options(text, changes)
    for slot in slots:
        if slot.number is None and slot.at.strip() and not slot.is_removed:
            options = {name: value for name, value in _options(slot).items() if value is not None}
            text = add_table(
                text, "clock.slots", options, after=("clock", "slots", count - 1) if count else ()
            )
            count += 1
    removed = sorted(
        (slot.number for slot in slots if slot.is_removed and slot.number is not None), reverse=True
    )
    for number in removed:
        text = remove_table(text, ("clock", "slots", number))
    return text


def _options(slot: SlotForm) -> dict[str, Value | None]:
    """Options of a slot; None for one whose default holds. A wrong value stays text, for the check to name it."""
    every = slot.every_min.strip()
    number: Value = int(every) if every.isascii() and every.isdecimal() and len(every) < 9 else every
    return {
        "at": _one_or_list(slot.at) or "",
        "every_min": None if number in ("", _DEFAULT_EVERY_MIN) else number,
        "days": _one_or_list(slot.days) or None,
        "length": slot.length.strip() or None,
        "sections": _list(slot.sections) or None,
        "outputs": _list(slot.outputs) or None,
    }


def _one_or_list(text: str) -> Value:
    items = _list(text)
    return items[0] if len(items) == 1 else items


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in (item.strip() for item in text.replace("\n", ",").split(",")) if part)
