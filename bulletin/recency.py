"""Which of two bulletins is the newer: one rule for feed, pages, latest, playout, speaker, pull and deliveries. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cmp_to_key
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
    if _is_far(one) or _is_far(other):
        return one[1] > other[1]
    return one[0] > other[0]


def newest_first(items: Iterable[_T], times: Callable[[_T], Times]) -> list[_T]:
    """In that order; of two that are equally new the one made last comes first."""

    def compare(one: _T, other: _T) -> int:
        a, b = times(one), times(other)
        if is_newer(a, b) or is_newer(b, a):
            return 1 if is_newer(a, b) else -1
        return (a[1] > b[1]) - (a[1] < b[1])

    return sorted(items, key=cmp_to_key(compare), reverse=True)


def _is_far(times: Times) -> bool:
    due, made = times
    return due - made > AHEAD_MOST
