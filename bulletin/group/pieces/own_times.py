"""
Seconds that the pieces of a slot took on all machines, as stages of its run: the next lead is learnt from them.

Draft and mix are timed by the worker that does them. What other workers did for them is in the ledger: feeds and pages
before the draft, sentences before the mix.
"""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.piece_times import PieceTimes, seconds_of
from bulletin.archive.ledgers.group.pieces_of_work import Piece

READING = "feeds"
"""Stage: feeds and pages that the draft waited for."""
SPEECH, SHARED_SPEECH = "sentences", "shared sentences"
"""Stages: sentences that this draft asked for first, and those that another station's draft had asked for."""


def reading_times(archive: Archive, draft: Piece) -> dict[str, float]:
    """The stage before a draft; none where it waited for nothing. Raises ArchiveError."""
    return _known({READING: seconds_of(PieceTimes(archive).of_needs(*draft.name))})


def speech_times(archive: Archive, mix: Piece) -> dict[str, float]:
    """The stages between draft and mix. Raises ArchiveError."""
    times = PieceTimes(archive).of_needs(*mix.name)
    # a draft and the sentences that it brings have the same moment: one transaction
    asked_at = PieceTimes(archive).ended_at("draft", mix.key)
    own_s = seconds_of(tuple(one for one in times if one.made_at == asked_at))
    return _known({SPEECH: own_s, SHARED_SPEECH: seconds_of(times) - own_s})


def finishing_s(stages: Mapping[str, float]) -> float:
    """Seconds of a run from the draft on."""
    return sum(stages.values()) - stages.get(READING, 0.0)


def workers_s(stages: Mapping[str, float]) -> float:
    """Seconds for which a run kept workers from other bulletins: reading holds no processor."""
    return finishing_s(stages) - stages.get(SHARED_SPEECH, 0.0)


def _known(stages: Mapping[str, float]) -> dict[str, float]:
    return {stage: round(seconds, 3) for stage, seconds in stages.items() if seconds > 0.0}
