"""Result of one try of an outbox piece, for people and for the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bulletin.archive.ledgers.delivery_outbox import OutboxAction, OutboxItem

log = logging.getLogger(__name__)


class DeliveryOutcome(StrEnum):
    """Outcome of a try."""

    SENT = "sent"
    FAILED = "failed"
    """Failed; it is tried again."""
    GIVEN_UP = "given up"
    WAITING = "waiting"
    """Not tried: the pause after a failure is not over, or another process delivers it."""
    SKIPPED = "skipped"
    """Nothing to deliver: a newer bulletin takes its place, or it has left the public folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResult:
    """Result of one piece, or of a destination."""

    delivery: str
    result: DeliveryOutcome
    title: str = ""
    action: OutboxAction = OutboxAction.PUBLISH
    note: str = ""
    tries: int = 0
    is_lasting: bool = False
    number: int = 0
    """Number of the piece in the outbox; 0 for a destination."""

    @property
    def is_missing(self) -> bool:
        """Whether the destination lacks the bulletin."""
        return self.result in (DeliveryOutcome.FAILED, DeliveryOutcome.GIVEN_UP, DeliveryOutcome.WAITING)


Report = Callable[[DeliveryResult], None]


def result_of(
    piece: OutboxItem, result: DeliveryOutcome, *, note: str = "", tries: int = 0, is_lasting: bool = False
) -> DeliveryResult:
    """The result of a try of a piece."""
    return DeliveryResult(
        delivery=piece.delivery,
        title=piece.title,
        action=piece.action,
        result=result,
        note=note,
        tries=tries or piece.tries,
        is_lasting=is_lasting,
        number=piece.id,
    )


def summarize_waiting(pieces: Sequence[OutboxItem]) -> DeliveryResult:
    """One result for the waiting pieces of a destination: the first piece delays the others."""
    first, *others = pieces
    when = f"is tried again at {first.next_try_at:%H:%M} UTC"
    note = f"{first.note}; {when}" if first.note else "another process delivers it"
    behind = f"; {len(others)} more behind it" if others else ""
    return result_of(first, DeliveryOutcome.WAITING, note=note + behind)


def report_piece(
    piece: OutboxItem, result: DeliveryOutcome, report: Report, *, note: str = "", is_lasting: bool = False
) -> None:
    """Report and log the result of a try; failures are warnings."""
    sent = result_of(piece, result, note=note, tries=piece.tries + 1, is_lasting=is_lasting)
    has_failed = result in (DeliveryOutcome.FAILED, DeliveryOutcome.GIVEN_UP)
    facts = {"station": piece.station, "delivery": piece.delivery, "action": piece.action, "guid": piece.guid}
    facts |= {"result": result, "tries": str(sent.tries), **({"note": note} if note else {})}
    what = "delivery" if piece.action is OutboxAction.PUBLISH else "withdrawal from a destination"
    again = ", it is tried again" if result is DeliveryOutcome.FAILED else ""
    # the keys are part of the template, since a log in JSON reads them there
    text = f"{what} {result}{again}: " + " ".join(f"{name}=%s" for name in facts)
    log.log(logging.WARNING if has_failed else logging.INFO, text, *facts.values())
    report(sent)
