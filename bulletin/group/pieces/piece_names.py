"""Keys of pieces of work, and hints for them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bulletin.archive.ledgers.group.pieces_of_work import KINDS, PieceRecord
from bulletin.group.engines.engine_port import DELIVERY, MAIN, NETWORK, QUICK, SPEECH, URGENT, Hint, queue_in

SWAP = "swap"
"""Kind of the piece that puts a stand-by on air; it may not wait behind long pieces."""
REQUEST, URGENT_REQUEST = "request", "urgent"
"""Kinds of an editor's requests: a withdrawal or correction waits for no slot."""
CANARY = "canary"
"""Kind of the hint that only shows that the queue works."""
_LANES = {
    SWAP: QUICK,
    URGENT_REQUEST: URGENT,
    "feed": NETWORK,
    "page": NETWORK,
    "speak": SPEECH,
    "deliver": DELIVERY,
}
_FORM = "%Y%m%dT%H%M%SZ"


def slot_key(station: str, due: datetime) -> str:
    """Key of a piece for one slot of one station: "demo@20261130T070000Z"."""
    return f"{station}@{due.astimezone(UTC).strftime(_FORM)}"


def slot_of(key: str) -> tuple[str, datetime]:
    """Station and due time of such a key. Raises ValueError."""
    station, _, moment = key.partition("@")
    return station, datetime.strptime(moment, _FORM).replace(tzinfo=UTC)


def station_of(key: str) -> str:
    """Station of a piece's key; "" for a piece of several stations."""
    return key.partition("@")[0] if "@" in key else ""


def request_key(station: str, number: int) -> str:
    """Key of the piece that answers a request of an editor."""
    return f"{station}@request@{number}"


def tidy_key(station: str, day: date) -> str:
    """Key of a station's daily maintenance."""
    return f"{station}@tidy@{day.isoformat()}"


def voice_queue(label: str) -> str:
    """Queue of the sentences of a voice; only workers that have it listen there."""
    return f"voice:{label}"


def kinds_in(lane: str) -> tuple[str, ...]:
    """Kinds of pieces whose hints go through a lane."""
    return tuple(kind for kind in KINDS if _LANES.get(kind, MAIN) == lane)


def hint_of(piece: PieceRecord) -> Hint:
    """The hint of a piece: the earliest slot first, and of one slot the earlier kind."""
    minute = int(piece.due.timestamp()) // 60
    priority = -(minute * 16 + KINDS.index(piece.kind))
    voice = voice_queue(piece.needs_voice) if piece.needs_voice else ""
    queue = queue_in(_LANES.get(piece.kind, MAIN), voice)
    return Hint(kind=piece.kind, key=piece.key, priority=priority, queue=queue)
