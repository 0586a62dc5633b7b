"""What a run has in hand: a bulletin as words, then the bulletin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.audio.rundown.predict_airtime import PassageKey, PredictedScript
from bulletin.model import Bulletin, Chosen, Episode, Gathered, Left, Script, Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A bulletin as words."""

    gathered: Gathered
    chosen: Chosen
    whole: Script
    """All that was written."""
    foreseen: PredictedScript
    """What of it may air: a little more than fits, since only the spoken words can be measured."""
    timings: Mapping[str, float]
    """Seconds per stage."""
    notes: tuple[str, ...] = ()
    """What must be told: a damaged archive was set aside."""

    @property
    def script(self) -> Script:
        """What is worth speaking."""
        return self.foreseen.script

    @property
    def dropped(self) -> tuple[Left, ...]:
        """Stories that cannot fit."""
        return self.foreseen.dropped

    @property
    def lasts_s(self) -> float:
        """How long the bulletin will probably be."""
        return self.foreseen.lasts_s

    @property
    def passages_s(self) -> Mapping[PassageKey, float]:
        """How long each passage of the script will probably be."""
        return self.foreseen.passages_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A bulletin that was made, and how."""

    draft: Draft
    spoken: Spoken
    bulletin: Bulletin
    episodes: tuple[Episode, ...]
    timings: Mapping[str, float]
    """Seconds per stage, the draft's included."""
