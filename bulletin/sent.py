"""What became of a piece of the outbox just now, for people and for the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bulletin.archive.outbox import Action, Piece

log = logging.getLogger(__name__)


class Result(StrEnum):
    """What became of a piece just now."""

    SENT = "sent"
    FAILED = "failed"
    """It is tried again."""
    GIVEN_UP = "given up"
    SKIPPED = "skipped"
    """Nothing is left to bring there: a newer one takes its place, or it lies there no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One piece, as it was worked off."""

    delivery: str
    title: str
    action: Action
    result: Result
    note: str = ""
    tries: int = 0
    is_lasting: bool = False


Report = Callable[[Sent], None]


def log_sent(piece: Piece, sent: Sent) -> None:
    """A line; louder where somebody may have to do something."""
    level = logging.WARNING if sent.result in (Result.FAILED, Result.GIVEN_UP) else logging.INFO
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
