"""Pieces that may speak -> the worker that has the station's voices."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable

from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece, Piece
from bulletin.archive.ledgers.newsroom_requests import URGENT, RequestKind
from bulletin.group.pieces.voices_of_machine import Chains
from bulletin.group.pieces.work_context import WorkContext

log = logging.getLogger(__name__)

_SPEAKING = frozenset({RequestKind.MAKE_NOW, RequestKind.PUBLISH, *URGENT})
_MOST_CLAIMS = 10
"""Claims after which any worker does a piece: voices may be spread so that each worker lacks one."""


def is_speaking(request: Piece) -> bool:
    """Whether a request of an editor may have to speak."""
    return request.payload.get("request") in _SPEAKING


def hand_to_voice(context: WorkContext, piece: ClaimedPiece) -> bool:
    """
    Give a piece back, for a worker with the station's voices; False: this one has them, or none has more.

    Raises ConfigError without a valid profile, BulletinError where the station cannot be opened.
    """
    if piece.fence > _MOST_CLAIMS:
        return False
    if voice := better_voice(context, piece):
        log.info("piece of work left to a worker with the voice %s: piece=%s/%s", voice, *piece.name)
        context.work.release(piece, needs_voice=voice)
    return bool(voice)


def better_voice(context: WorkContext, piece: ClaimedPiece) -> str:
    """Voice of the station that only another worker has, "" where this one is as good. Raises as `hand_to_voice`."""
    chains = context.chains.of(context.worker(piece.station, piece))
    return voice_elsewhere(chains, own=context.voices, others=context.voices_of_workers())


def voice_elsewhere(chains: Chains, *, own: Collection[str], others: Iterable[Collection[str]]) -> str:
    """
    A voice that reads here only on another worker; "" where this worker is as good as any.

    The first live voice of each chain reads. A worker that has them all is best, else one for the first chain.

    >>> voice_elsewhere((("hibari:demo", "tone:low"),), own={"tone:low"}, others=[{"hibari:demo"}])
    'hibari:demo'
    >>> voice_elsewhere((("hibari:demo", "tone:low"),), own={"tone:low"}, others=[{"tone:low"}])
    ''
    >>> voice_elsewhere((("a:1",), ("b:1",)), own={"a:1"}, others=[{"a:1"}, {"b:1"}])
    ''
    >>> voice_elsewhere((("a:1",), ("b:1",)), own={"a:1"}, others=[{"a:1", "b:1"}])
    'b:1'
    """
    workers = [frozenset(own), *map(frozenset, others)]
    live = frozenset[str]().union(*workers)
    wanted = [next((label for label in chain if label in live), "") for chain in chains]
    reading = list(filter(None, wanted))
    if not any(has.issuperset(reading) for has in workers):
        reading = list(filter(None, wanted[:1]))
    return next((label for label in reading if label not in own), "")
