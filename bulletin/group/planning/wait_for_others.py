"""Slots due at the same time -> how long each waits for the others, on the workers that are alive. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.archive.ledgers.group.group_workers import GroupWorker


@dataclass(slots=True, kw_only=True)
class WaitForOthers:
    """
    Work that is due together, over the places of live workers.

    A slow voice of few machines is counted over these machines: the others do not speak with it.
    """

    places: int = 1
    places_of_voice: Mapping[str, int] = field(default_factory=dict)
    _all: dict[datetime, timedelta] = field(default_factory=lambda: defaultdict(timedelta))
    _of_voice: dict[tuple[datetime, str], timedelta] = field(default_factory=lambda: defaultdict(timedelta))

    @classmethod
    def on(cls, workers: Iterable[GroupWorker]) -> WaitForOthers:
        """With the places of these workers; one where there are none."""
        total, of_voice = 0, defaultdict[str, int](int)
        for worker in workers:
            total += worker.parallel
            for voice in worker.voices:
                of_voice[voice] += worker.parallel
        return cls(places=max(1, total), places_of_voice=of_voice)

    def add(self, due: datetime, *, takes: timedelta, voice: str) -> None:
        """Count the bulletin of a slot; `takes` is the time for which it keeps one place from others."""
        self._all[due] += takes
        self._of_voice[due, voice] += takes

    def of(self, due: datetime, *, takes: timedelta, voice: str) -> timedelta:
        """How long a bulletin that was counted waits for the others."""
        same_voice = (self._of_voice[due, voice] - takes) / self._places_of(voice)
        return max((self._all[due] - takes) / self.places, same_voice)

    def longest(self) -> timedelta:
        """The longest wait of any bulletin that was counted."""
        waits = [takes / self._places_of(voice) for (_, voice), takes in self._of_voice.items()]
        waits += [takes / self.places for takes in self._all.values()]
        return max(waits, default=timedelta(0))

    def _places_of(self, voice: str) -> int:
        return self.places_of_voice.get(voice) or self.places
