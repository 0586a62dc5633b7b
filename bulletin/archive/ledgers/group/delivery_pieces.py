"""Destinations of a station -> the pieces of work that bring what it has published there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bulletin.archive.ledgers.group.pieces_of_work import Piece

_GRACE = timedelta(hours=1)
"""Deadline of a delivery after its due time. A missed one is planned again while bulletins wait in the outbox."""


def delivery_pieces(deliveries: Iterable[tuple[str, str]], *, due: datetime) -> Iterator[Piece]:
    """A piece for each station and destination; it works off the outbox, and is opened again for each try."""
    for station, delivery in deliveries:
        yield Piece(
            kind="deliver",
            key=f"{station}@deliver@{delivery}",
            due=due,
            deadline=due + _GRACE,
            station=station,
            limit_key=f"delivery:{delivery}",
            payload={"delivery": delivery},
            reopens=True,
        )
