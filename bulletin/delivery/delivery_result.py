"""What became of a piece of the outbox just now, for people and for the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bulletin.archive.ledgers.outbox import OutboxAction, OutboxItem

log = logging.getLogger(__name__)


class DeliveryOutcome(StrEnum):
    """What became of a piece just now."""

    SENT = "sent"
    FAILED = "failed"
    """It is tried again."""
    GIVEN_UP = "given up"
    WAITING = "waiting"
    """Not tried now: the pause after an earlier failure is not over, or another process has it in hand."""
    SKIPPED = "skipped"
    """Nothing is left to bring there: a newer one takes its place, or it lies there no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResult:
    """One piece, as it was worked off."""

    delivery: str
    title: str
    action: OutboxAction
    result: DeliveryOutcome
    note: str = ""
    tries: int = 0
    is_lasting: bool = False
    number: int = 0
    """Of the piece in the outbox; 0: of no one piece."""

    @property
    def is_missing(self) -> bool:
        """The place has not got it."""
        return self.result in (DeliveryOutcome.FAILED, DeliveryOutcome.GIVEN_UP, DeliveryOutcome.WAITING)


Report = Callable[[DeliveryResult], None]


def sent_of(
    piece: OutboxItem, result: DeliveryOutcome, *, note: str = "", tries: int = 0, is_lasting: bool = False
) -> DeliveryResult:
    """What is told of a piece."""
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


def still_waiting(pieces: Sequence[OutboxItem]) -> DeliveryResult:
    """Of one place, in order: the first holds up those behind it."""
    first, *others = pieces
    when = f"is tried again at {first.next_try_at:%H:%M} UTC"
    note = f"{first.note}; {when}" if first.note else "another process is at it"
    return sent_of(
        first, DeliveryOutcome.WAITING, note=note + (f"; {len(others)} more behind it" if others else "")
    )


def tell_piece(
    piece: OutboxItem, result: DeliveryOutcome, report: Report, *, note: str = "", is_lasting: bool = False
) -> None:
    """Of a try just now; in the log a line, louder where somebody may have to do something."""
    sent = sent_of(piece, result, note=note, tries=piece.tries + 1, is_lasting=is_lasting)
    level = (
        logging.WARNING if sent.result in (DeliveryOutcome.FAILED, DeliveryOutcome.GIVEN_UP) else logging.INFO
    )
    log.log(
        level,
        "delivery: station=%s delivery=%s action=%s guid=%s result=%s tries=%d note=%s",
        piece.station,
        sent.delivery,
        piece.action,
        piece.guid,
        sent.result,
        sent.tries,
        sent.note or "-",
    )
    report(sent)
