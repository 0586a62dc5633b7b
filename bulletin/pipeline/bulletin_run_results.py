"""Draft (a bulletin as text) and Run (a published bulletin): the results of `make_bulletin`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bulletin.audio.rundown.predict_stories_that_will_fit import PredictedScript
from bulletin.model import AppliedEdit, Bulletin, Chosen, Episode, Gathered, Script, Section, Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """What a draft was asked to be; another choice of stories is drafted by the same request."""

    due: datetime
    """The moment that the time check announces; aware, UTC."""
    edits_at: datetime
    """The edits are those of the slot at or after this moment."""
    again: bool = False
    """Aired stories count as new."""
    sections: tuple[Section, ...] = tuple(Section)
    must_be_approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A bulletin as text."""

    request: DraftRequest
    gathered: Gathered
    chosen: Chosen
    whole: Script
    """The whole script."""
    foreseen: PredictedScript
    """The part to be spoken: a little more than fits, because only spoken text can be measured."""
    timings: Mapping[str, float]
    """Seconds per stage."""
    log: tuple[str, ...] = ()
    """A summary of each stage, for the run record."""
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
