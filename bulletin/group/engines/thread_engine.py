"""Engine of one process: hints in a priority queue, handled by threads; it remembers nothing."""

from __future__ import annotations

import heapq
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import count
from threading import Condition, Thread

from bulletin.group.engines.engine_port import Engine, Handle, Hint, Lanes, count_lanes, lanes, listen

log = logging.getLogger(__name__)


class ThreadEngine(Engine):
    """
    Hints in memory: the highest priority first, of equal ones the oldest.

    A process that ends loses them, and the ledger sends again what is not done, as with every engine.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._number = count()
        self._waiting: dict[str, list[tuple[int, int, Hint]]] = defaultdict(list)
        """Heap of each queue: priority, order of arrival, hint."""
        self._lanes: Lanes = ()
        self._is_stopped = False

    def submit(self, hints: Iterable[Hint]) -> None:
        with self._changed:
            for hint in hints:
                heapq.heappush(self._waiting[hint.queue], (-hint.priority, next(self._number), hint))
            self._changed.notify_all()

    def backlog(self, queues: Collection[str] | None = None) -> Mapping[str, int]:
        with self._changed:
            return count_lanes({name: len(heap) for name, heap in self._waiting.items()}, queues)

    def run(self, handle: Handle, *, parallel: int, queues: Collection[str] = ()) -> None:
        self._lanes = lanes(parallel, queues)
        names_of_threads = [names for names, number in self._lanes for _ in range(number)]
        threads = [
            Thread(target=self._work, args=(handle, names), name=f"pieces-{number}", daemon=True)
            for number, names in enumerate(names_of_threads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def listen(self, queues: Collection[str]) -> None:
        with self._changed:
            listen(self._lanes, queues)
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def tidy(self) -> int:
        return 0  # a dead worker's hints died with it

    def close(self) -> None:
        self.stop()

    def _work(self, handle: Handle, queues: Collection[str]) -> None:
        while hint := self._take(queues):
            try:
                handle(hint)
            except Exception:  # a mistake of the handler must not end the thread; the ledger sends again
                log.exception("piece of work failed by a mistake in Bulletin: %s %s", hint.kind, hint.key)

    def _take(self, queues: Collection[str]) -> Hint | None:
        """The next hint of these queues, when there is one; None at the end."""
        with self._changed:
            while not self._is_stopped:
                if heaps := [heap for name in queues if (heap := self._waiting.get(name))]:
                    return heapq.heappop(min(heaps, key=lambda heap: heap[0]))[2]
                self._changed.wait()
        return None
