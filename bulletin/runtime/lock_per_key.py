"""Lock for each key, so that threads of one process do the same work once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary


class _Lock:
    """A lock that a weak dictionary can hold."""

    def __init__(self) -> None:
        self.lock = threading.RLock()


class KeyLocks:
    """
    A lock for each key that is in use.

    >>> locks = KeyLocks()
    >>> with locks.hold("a"), locks.hold("b"):
    ...     print(sorted(locks.held()))
    ['a', 'b']
    >>> locks.held()
    []
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: WeakValueDictionary[str, _Lock] = WeakValueDictionary()

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Wait until no other thread holds this key; a thread may hold a key twice."""
        with self._guard:
            mine = self._locks.get(key)
            if mine is None:
                self._locks[key] = mine = _Lock()
        with mine.lock:
            yield

    def held(self) -> list[str]:
        """Keys that are held or waited for."""
        return list(self._locks)
