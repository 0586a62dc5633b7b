"""Pieces of the outbox that another process or machine delivers: what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxItem, OutboxState
from bulletin.delivery.delivery_result import DeliveryOutcome, DeliveryResult, result_of, summarize_waiting
from bulletin.runtime.backoff import must_wait
from bulletin.runtime.deadline import Deadline

_LOOK_AGAIN_S = 0.5
"""Seconds between two looks at what workers of a group have delivered."""


def results_of_others(outbox: Outbox, numbers: Iterable[int]) -> Iterator[DeliveryResult]:
    """Results of pieces of one destination, by their numbers, that this process did not deliver itself."""
    waiting: list[OutboxItem] = []
    for piece in filter(None, map(outbox.find, numbers)):
        if piece.state is OutboxState.WAITING:
            waiting.append(piece)
        elif piece.state is OutboxState.GIVEN_UP:
            yield result_of(piece, DeliveryOutcome.GIVEN_UP, note=piece.note)
        elif piece.state is OutboxState.DONE and not piece.note:
            yield result_of(piece, DeliveryOutcome.SENT)
    if waiting:
        yield summarize_waiting(waiting)


def wait_for_workers(
    outbox: Outbox,
    waiting: Mapping[str, Sequence[OutboxItem]],
    *,
    clock: Callable[[], datetime],
    within_s: float,
) -> tuple[DeliveryResult, ...]:
    """
    Wait until workers of a group have tried each destination, at most `within_s` seconds; returns the results.

    `waiting` has the pieces of one station by destination.
    """
    until = Deadline.after(within_s)
    while not until.is_over and any(_is_untried(outbox, pieces, clock()) for pieces in waiting.values()):
        time.sleep(min(_LOOK_AGAIN_S, until.left_s))
    numbers = (sorted(piece.id for piece in pieces) for pieces in waiting.values())
    return tuple(result for each in numbers for result in results_of_others(outbox, each))


def _is_untried(outbox: Outbox, pieces: Collection[OutboxItem], now: datetime) -> bool:
    """Whether the first of these pieces that still waits may be tried now."""
    found = (outbox.find(number) for number in sorted(piece.id for piece in pieces))
    first = next((piece for piece in found if piece and piece.state is OutboxState.WAITING), None)
    return first is not None and not must_wait(first.next_try_at, now=now)
