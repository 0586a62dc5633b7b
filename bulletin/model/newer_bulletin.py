"""Which of two bulletins is the newer: one rule for feed, pages, latest, playout, speaker, pull and deliveries. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

AHEAD_MOST = timedelta(minutes=45)
"""A slot's work begins no longer before its hour (lead time and margin)."""

Times = tuple[datetime, datetime]
"""The hour that a bulletin is for, and when it was made."""

_T = TypeVar("_T")


def is_newer(one: Times, other: Times) -> bool:
    """
    By the hour, whenever it was made: that of eleven, made again at half past twelve, stays older than that of twelve.

    One that was made by hand for a far hour (`make --at`) goes by when it was made: the slots before that hour must
    not be kept back by it. Two for one hour are equally new.
    """
    return _moment(one) > _moment(other)


def newest_first(items: Iterable[_T], times: Callable[[_T], Times]) -> list[_T]:
    """In that order; of two that are equally new the one made last comes first."""
    return sorted(items, key=lambda item: (_moment(times(item)), times(item)[1]), reverse=True)


def _moment(times: Times) -> datetime:
    """By which it is compared: one moment for each, so that the order is one order."""
    due, made = times
    return made if due - made > AHEAD_MOST else due
