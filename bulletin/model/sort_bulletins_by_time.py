"""Order of bulletins: one rule for feed, pages, latest, playout, speaker, pull and deliveries. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

AHEAD_MOST = timedelta(minutes=45)
"""Work on a slot begins this long before its hour at most (lead time and margin)."""

Times = tuple[datetime, datetime]
"""Hour of a bulletin, and when it was made."""

_T = TypeVar("_T")


def is_newer(times: Times, other: Times) -> bool:
    """
    Whether `times` belong to a later hour: a bulletin of 11:00 remade at 12:30 is older than that of 12:00.

    A bulletin made by hand for a far hour (`make --at`) counts by its time of making, so it does not hold
    back the slots before that hour. Two bulletins for one hour are equally new.
    """
    return _moment(times) > _moment(other)


def newest_first(items: Iterable[_T], times: Callable[[_T], Times]) -> list[_T]:
    """Sort by `is_newer`; of two equally new items the one made last comes first."""
    return sorted(items, key=lambda item: (_moment(times(item)), times(item)[1]), reverse=True)


def _moment(times: Times) -> datetime:
    """The one moment by which a bulletin is compared, so that the order is total."""
    due, made = times
    return made if due - made > AHEAD_MOST else due
