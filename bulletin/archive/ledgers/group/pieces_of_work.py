"""Pieces of work of a group: what a planner adds to the ledger, and what a worker holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

PieceKey = tuple[str, str]
"""Kind and key of a piece."""


class PieceState(StrEnum):
    """Progress of a piece."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    """Given up: its deadline has passed, or another try cannot help. What needs it goes on without it."""


UNSPOKEN = "unspoken"
"""Result of a sentence that its voice could not speak."""


def host_key(host: str) -> str:
    """Key of the limit of a host, which is asked by one worker at a time."""
    return f"host:{host}"


MOST_LOST = 5
"""Claims without an end after which a piece is given up, and not opened again: it kills its process."""
KINDS = ("urgent", "swap", "feed", "page", "draft", "speak", "mix", "request", "deliver", "standby", "tidy")
"""Kinds of pieces; of those due at the same time the earlier kind goes first."""

OF_SLOTS = ("draft", "mix", "standby", "swap")
"""Kinds of pieces that belong to one slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of work to plan."""

    kind: str
    key: str
    due: datetime
    """The slot that it is for, the earliest of several; decides the order."""
    deadline: datetime | None = None
    """After this moment by the clock of who plans it, or has claimed it, it is given up; None: never."""
    station: str = ""
    """Empty: for several stations."""
    needs_voice: str = ""
    """Voice that a worker must have, such as "hibari:demo"."""
    limit_key: str = ""
    """Only so many pieces of one key are in work at a time: "host:example.org"; see `WorkLedger.ready`."""
    payload: Mapping[str, Any] = field(default_factory=dict)
    pause: timedelta = timedelta(0)
    """Time before a new piece is tried."""
    reopens: bool = False
    """A piece of that key that has ended is to be done again, as a sentence that has left the cache."""

    @property
    def name(self) -> PieceKey:
        """Its key in the ledger."""
        return self.kind, self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRecord(Piece):
    """A piece as it is in the ledger."""

    state: PieceState
    owner: str
    fence: int
    attempts: int
    lost: int = 0
    """Claims without an end, one after the other: their workers died."""
    result: str
    note: str
    made_at: datetime
    lease_until: datetime | None
    """End of the lease; of a waiting piece: not tried again before."""
    sent_at: datetime | None
    begun_at: datetime | None = None
    """Start of the last try."""
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedPiece(PieceRecord):
    """A piece that a worker holds; `fence` proves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One piece waits for another."""

    of: PieceKey
    needs: PieceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MorePieces:
    """Pieces that a finished piece brings, and what they wait for."""

    pieces: tuple[Piece, ...] = ()
    needs: tuple[Need, ...] = ()
    is_part: bool = False
    """What needs the finished piece needs these pieces, too: a feed is not read before its pages are."""


NO_MORE = MorePieces()
