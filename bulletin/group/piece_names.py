"""Keys of pieces of work, and hints for them."""

from __future__ import annotations

from datetime import UTC, datetime

from bulletin.archive.ledgers.group.pieces_of_work import KINDS, PieceRecord
from bulletin.group.engine_port import QUICK, Hint

SWAP = "swap"
"""Kind of the piece that puts a stand-by on air; it may not wait behind long pieces."""
CANARY = "canary"
"""Kind of the hint that only shows that the queue works."""
_FORM = "%Y%m%dT%H%M%SZ"


def slot_key(station: str, due: datetime) -> str:
    """Key of a piece for one slot of one station: "demo@20261130T070000Z"."""
    return f"{station}@{due.astimezone(UTC).strftime(_FORM)}"


def slot_of(key: str) -> tuple[str, datetime]:
    """Station and due time of such a key. Raises ValueError."""
    station, _, moment = key.partition("@")
    return station, datetime.strptime(moment, _FORM).replace(tzinfo=UTC)


def voice_queue(label: str) -> str:
    """Queue of the sentences of a voice; only workers that have it listen there."""
    return f"voice:{label}"


def hint_of(piece: PieceRecord) -> Hint:
    """The hint of a piece: the earliest slot first, and of one slot the earlier kind."""
    minute = int(piece.due.timestamp()) // 60
    priority = -(minute * 16 + KINDS.index(piece.kind))
    queue = QUICK if piece.kind == SWAP else voice_queue(piece.needs_voice) if piece.needs_voice else ""
    return Hint(kind=piece.kind, key=piece.key, priority=priority, queue=queue)
