"""Draft -> Draft and Spoken: another choice of stories where no voice can read a language of the bulletin."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bulletin.errors import NoStoryError
from bulletin.model import Spoken
from bulletin.pipeline import describe_stage_results
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.speak_script_to_length import predict_length, read_aloud, shortest_s
from bulletin.pipeline.stage_timer import StageTimer
from bulletin.runtime.deadline import Deadline
from bulletin.station.build_station_object import Station

log = logging.getLogger(__name__)

_FOR_ANOTHER_DRAFT_S = 20.0
"""Least time before the deadline for another choice, its words and its speech."""

Redraft = Callable[[Sequence[str]], Draft]
"""The draft again without these languages."""


def speak_draft(
    station: Station,
    draft: Draft,
    *,
    folder: Path,
    deadline: Deadline | None,
    timer: StageTimer,
    redraft: Redraft,
) -> tuple[Draft, Spoken]:
    """
    Speak a draft to the station's length; if too little of it can be read, speak another one without that language.

    Raises NoVoiceError, AudioError, NoStoryError.
    """

    def read(draft: Draft, folder: Path) -> tuple[Draft, Spoken]:
        foreseen, spoken = timer.run(
            "speak",
            lambda: read_aloud(
                station,
                draft.foreseen,
                whole=draft.whole,
                folder=folder,
                progress=timer.listener.progress,
                deadline=deadline,
            ),
            lambda speech: describe_stage_results.summarize_speech(speech[1]),
        )
        return replace(draft, foreseen=foreseen), spoken

    draft, spoken = read(draft, folder)
    is_late = deadline is not None and deadline.left_s < _FOR_ANOTHER_DRAFT_S
    rest_s = predict_length(station, draft.foreseen.script).lasts_s
    is_short = not draft.foreseen.script.stories or rest_s < shortest_s(station.profile)
    if not spoken.unread or not is_short or is_late:
        return draft, spoken
    log.warning("stories chosen again without languages that no voice can read: %s", ", ".join(spoken.unread))
    try:
        other = redraft(spoken.unread)
    except NoStoryError:
        if draft.foreseen.script.stories:
            return draft, spoken
        raise
    other, again = read(other, folder / "other")
    return other, replace(again, attempts=(*spoken.attempts, *again.attempts))
