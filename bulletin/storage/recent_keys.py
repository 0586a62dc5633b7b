"""Keys that were in a store within the last hour: so each process asks for them once an hour."""

from __future__ import annotations

import time
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from bulletin.storage.store_interface import Store

_KEPT_S, _MOST = 3600.0, 50_000


class RecentKeys:
    """
    All users of a store in this process share them.

    Add only keys of objects that the collector of unused objects keeps for an hour at least.
    """

    def __init__(self) -> None:
        self._seen: WeakKeyDictionary[Store, dict[str, float]] = WeakKeyDictionary()

    def has(self, store: Store, key: str) -> bool:
        return time.monotonic() < self._seen.get(store, {}).get(key, float("-inf")) + _KEPT_S

    def add(self, store: Store, keys: Iterable[str]) -> None:
        seen = self._seen.setdefault(store, {})
        if len(seen) > _MOST:
            seen.clear()
        seen.update(dict.fromkeys(keys, time.monotonic()))

    def forget(self, store: Store, key: str) -> None:
        self._seen.get(store, {}).pop(key, None)
