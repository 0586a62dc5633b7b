"""Ready pieces of work -> hints in the queue, lane by lane; a full lane does not hold the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.group.engines.engine_port import DELIVERY, LANES, Engine
from bulletin.group.pieces.piece_names import (
    REQUEST,
    SWAP,
    URGENT_REQUEST,
    hint_of,
    kinds_in,
    voice_queue,
)

_FREED = ("mix", "standby", SWAP, REQUEST, URGENT_REQUEST)
"""Pieces that any worker may do when the workers with their voice are gone."""
_PATIENCE_S = 30.0
"""Time for such a worker to come back, as all do one after the other when the database was away."""
_GAP_S = 10.0
"""Time between two rounds after which the database, or this planner, was away."""
_IN_QUEUE = 200
"""The most hints in a lane: so an earlier slot does not wait behind thousands, and a lost queue is small."""
_FOR_A_PLACE = 40
"""The same where workers have many places, for each: as many short pieces as one does between two rounds."""
AGAIN = timedelta(seconds=30)
"""A hint that no worker took for so long is sent again."""
_REFILL_S = 2.0
"""Pause after which a lane is filled that is more than half full: the query for ready pieces is the costliest of a planner."""
_LOST = timedelta(seconds=3)
"""The same where the lane is empty: then the hint is lost."""
_DELIVERIES = 2
"""Deliveries to destinations of one name at a time, for each worker: slow ones leave places to the others."""


@dataclass(slots=True, kw_only=True)
class HintSender:
    """Sends hints: what the ledger has is sent again until it is done."""

    work: WorkLedger
    engine: Engine
    monotonic: Callable[[], float] = time.monotonic
    _voice_seen: dict[str, float] = field(default_factory=dict)
    """When some worker last had a voice."""
    _calm_since: float = 0.0
    """Since when this planner has seen live workers without a gap."""
    _looked_at: float = float("-inf")
    _freed_at: float = float("-inf")
    _filled_at: dict[str, float] = field(default_factory=dict)
    """Lane -> when it was filled."""

    def send(self, live: Sequence[GroupWorker]) -> None:
        """Fill the lanes for the live workers. Raises ArchiveError."""
        # no worker would take a hint for another voice
        voices = frozenset(voice for one in live for voice in one.voices)
        self._free(voices, is_any_alive=bool(live))
        kinds = self.work.kinds_waiting()
        lanes = [lane for lane in LANES if kinds.intersection(kinds_in(lane))]
        if not lanes:  # nearly always between slots
            return
        backlog = self.engine.backlog([voice_queue(voice) for voice in voices])
        most = max(_IN_QUEUE, _FOR_A_PLACE * sum(one.parallel for one in live))
        for lane in lanes:
            waiting = backlog.get(lane, 0)
            if waiting < most and (waiting <= most / 2 or self._is_refill_due(lane)):
                self._filled_at[lane] = self.monotonic()
                ready = self.work.ready(
                    limit=most - waiting,
                    again=AGAIN if waiting else _LOST,
                    voices=voices,
                    kinds=kinds_in(lane),
                    at_once=_DELIVERIES * max(1, len(live)) if lane == DELIVERY else 1,
                )
                if ready:
                    self.engine.submit(map(hint_of, ready))

    def _is_refill_due(self, lane: str) -> bool:
        return self.monotonic() >= self._filled_at.get(lane, float("-inf")) + _REFILL_S

    def _free(self, voices: Collection[str], *, is_any_alive: bool) -> None:
        """Leave the pieces of voices that are gone to any worker, when they have been gone for a while."""
        moment = self.monotonic()
        if not is_any_alive or moment > self._looked_at + _GAP_S:
            self._calm_since = moment
        self._looked_at = moment
        self._voice_seen |= dict.fromkeys(voices, moment)
        if moment >= max(self._calm_since + _PATIENCE_S, self._freed_at + _REFILL_S):
            self._freed_at = moment
            lately = [voice for voice, at in self._voice_seen.items() if moment < at + _PATIENCE_S]
            self.work.free_of_voices(_FREED, voices=lately)
