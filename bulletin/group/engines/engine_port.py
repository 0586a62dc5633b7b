"""Port of the engine that carries hints to workers: threads on one machine, Procrastinate in a group."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

QUICK = "quick"
"""Queue of pieces that may not wait behind long ones: a stand-by that goes on air."""
NETWORK = "network"
"""Queue of pieces that wait for servers of others: feeds, pages, deliveries. A slow one holds no processor."""
_NETWORK_AT_ONCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A piece may be ready; the ledger knows. A hint may be lost, late or twice."""

    kind: str
    key: str
    priority: int = 0
    """Higher goes first."""
    queue: str = ""
    """Empty: for every worker; "voice:hibari:demo": for workers that have this voice."""


def is_counted(name: str, queues: Collection[str] | None) -> bool:
    """Whether hints of a queue count as backlog."""
    return queues is None or name in ("", NETWORK, QUICK, *queues)


def lanes(parallel: int, queues: Collection[str]) -> tuple[tuple[tuple[str, ...], int], ...]:
    """
    The queues of a worker, and how many pieces of each group of queues it takes at a time.

    `parallel` is for pieces that need a processor; "" is the queue of those that every worker can do.
    """
    return ((("", *queues), parallel), ((NETWORK,), _NETWORK_AT_ONCE), ((QUICK,), 1))


Handle = Callable[[Hint], None]
"""Does what a hint is about. Raises nothing."""


class Engine(ABC):
    """
    Carries hints; keeps nothing that matters.

    A failure of the queue is an ArchiveError: the queue of a group is in its database.
    """

    @abstractmethod
    def submit(self, hints: Iterable[Hint]) -> None:
        """Send hints. Raises ArchiveError; then the next round of a planner sends them again."""

    @abstractmethod
    def backlog(self, queues: Collection[str] | None = None) -> int:
        """
        Hints that no worker has taken yet; with `queues` only those for every worker and in these queues.

        Hints for a voice whose last worker is gone must not fill the queue of the others. Raises ArchiveError.
        """

    @abstractmethod
    def run(self, handle: Handle, *, parallel: int, queues: Collection[str] = ()) -> None:
        """
        Take hints until `stop`, as many at a time as `lanes` says.

        Returns also when the queue is gone for good; the caller ends then, and is started again.
        """

    @abstractmethod
    def stop(self) -> None:
        """End `run` after the running pieces; from any thread."""

    @abstractmethod
    def tidy(self) -> int:
        """Delete the hints that dead workers had taken; return how many. Raises ArchiveError."""

    @abstractmethod
    def close(self) -> None:
        """Close connections."""
