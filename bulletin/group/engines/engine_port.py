"""Port of the engine that carries hints to workers: threads on one machine, Procrastinate in a group."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

QUICK = "quick"
"""Lane of pieces that may not wait behind long ones: a stand-by that goes on air."""
URGENT = "urgent"
"""Lane of withdrawals and corrections."""
NETWORK = "network"
"""Lane of feeds and pages, which wait for servers of others. A slow one holds no processor."""
DELIVERY = "delivery"
"""Lane of deliveries, whose uploads may last for minutes."""
SPEECH = "speech"
"""Lane of sentences, whose voice may be on a slow server."""
MAIN = ""
"""Lane of pieces that need a processor."""
_AT_ONCE = {NETWORK: 6, DELIVERY: 6, QUICK: 1, URGENT: 1}
LANES = (MAIN, SPEECH, *_AT_ONCE)
"""Lanes of a worker: a full one does not hold the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A piece may be ready; the ledger knows. A hint may be lost, late or twice."""

    kind: str
    key: str
    priority: int = 0
    """Higher goes first."""
    queue: str = ""
    """Empty: for every worker; "voice:hibari:demo": for workers that have this voice. See `queue_in`."""


def queue_in(lane: str, queue: str = "") -> str:
    """
    Name of a queue in a lane.

    >>> queue_in("quick"), queue_in("quick", "voice:hibari:demo"), queue_in("", "voice:hibari:demo")
    ('quick', 'quick+voice:hibari:demo', 'voice:hibari:demo')
    """
    return "+".join(filter(None, (lane, queue)))


def count_lanes(waiting: Mapping[str, int], queues: Collection[str] | None) -> Mapping[str, int]:
    """Hints by queue -> by lane; with `queues` only those for every worker and in these queues."""
    counts = dict.fromkeys(LANES, 0)
    for name, number in waiting.items():
        lane, _, queue = name.rpartition("+") if "+" in name else ("", "", name)
        if name in LANES:
            lane, queue = name, ""
        if queues is None or queue in ("", *queues):
            counts[lane] = counts.get(lane, 0) + number
    return counts


Lanes = tuple[tuple[list[str], int], ...]
"""Queues of each lane, and how many of its pieces a worker takes at a time."""


def lanes(parallel: int, queues: Collection[str]) -> Lanes:
    """
    The lanes of a worker that listens to these queues; `parallel` is for pieces that need a processor, and for sentences.

    The lists are the lanes' own: `listen` changes them.
    """
    at_once = {MAIN: parallel, SPEECH: parallel, **_AT_ONCE}
    return tuple(
        ([lane, *(queue_in(lane, name) for name in queues)], number) for lane, number in at_once.items()
    )


def listen(running: Lanes, queues: Collection[str]) -> None:
    """Make running lanes those of other queues, at their next look."""
    for (names, _), (new, _) in zip(running, lanes(1, queues), strict=False):
        names[:] = new


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
    def backlog(self, queues: Collection[str] | None = None) -> Mapping[str, int]:
        """
        Hints of each lane that no worker has taken yet; with `queues` only those for every worker and in these queues.

        Hints for a voice whose last worker is gone must not fill the queue of the others. Raises ArchiveError.
        """

    @abstractmethod
    def run(self, handle: Handle, *, parallel: int, queues: Collection[str] = ()) -> None:
        """
        Take hints until `stop`, as many at a time as `lanes` says.

        Returns also when the queue is gone for good; the caller ends then, and is started again.
        """

    @abstractmethod
    def listen(self, queues: Collection[str]) -> None:
        """Take hints of these queues from now on, within a second or two; running pieces go on. From any thread."""

    @abstractmethod
    def stop(self) -> None:
        """End `run` after the running pieces; from any thread."""

    @abstractmethod
    def tidy(self) -> int:
        """Delete the hints that dead workers had taken; return how many. Raises ArchiveError."""

    @abstractmethod
    def close(self) -> None:
        """Close connections."""
