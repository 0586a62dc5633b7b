"""Draft (a bulletin as text) and Run (a published bulletin): the results of `make_bulletin`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.audio.rundown.predict_stories_that_will_fit import PredictedScript
from bulletin.model import AppliedEdit, Bulletin, Chosen, Episode, Gathered, Script, Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A bulletin as text."""

    gathered: Gathered
    chosen: Chosen
    whole: Script
    """The whole script."""
    foreseen: PredictedScript
    """The part to be spoken: a little more than fits, because only spoken text can be measured."""
    timings: Mapping[str, float]
    """Seconds per stage."""
    notes: tuple[str, ...] = ()
    """Notes for the editor: a damaged archive was set aside, an edit needs a look."""
    edits: tuple[AppliedEdit, ...] = ()
    """What became of each edit of the newsroom."""

    @property
    def script(self) -> Script:
        """The text to be spoken."""
        return self.foreseen.script


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A published bulletin, and how it was made."""

    draft: Draft
    spoken: Spoken
    bulletin: Bulletin
    episodes: tuple[Episode, ...]
    timings: Mapping[str, float]
    """Seconds per stage, the draft's included."""
