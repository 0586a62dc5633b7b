"""Chosen stories -> a script that fills the length: where it would be short, limits of the choice give way."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bulletin.audio.rundown.predict_airtime import PredictedScript
from bulletin.config.tables.output_options import OutputsOptions
from bulletin.editing.sentence_model.model_thresholds import THRESHOLDS, Thresholds
from bulletin.model import Chosen, Script
from bulletin.pipeline.voicing import foresee, least_s
from bulletin.rewriter.rewrite_job import Progress
from bulletin.rewriter.rewriter_factory import build_rewriting
from bulletin.runtime.deadline import Deadline
from bulletin.script.write_script import write_script
from bulletin.station.station import Station
from bulletin.stories.ranking.reserve_stories import admit_reserve, find_unheard, hand_on, set_alike_aside

_REWRITER_SHARE = 0.4
"""Of the time that is left: what a rewriter may take at most."""
_STORY_S = 12.0
"""What a story of the reserve probably adds: most are told short."""
_QUICKER = 1.05
"""A voice that reads so much faster than what is known of it shall not end early either."""
_SCARCE = 0.5
"""Of the length: where there is less, one affair may be told twice; a shorter bulletin is better than that."""
_SPARE = 4
"""Stories without room; where there are so many, no story more brings the length nearer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A bulletin as words, as long as the news allows."""

    chosen: Chosen
    """With those of the reserve that were needed."""
    script: Script
    foreseen: PredictedScript


def write_to_length(
    station: Station,
    chosen: Chosen,
    *,
    at: datetime,
    deadline: Deadline | None = None,
    progress: Progress | None = None,
) -> Filled:
    """Word the chosen stories, and as many more of the reserve as the station's length wants."""

    def write(some: Chosen, thresholds: Thresholds) -> Script:
        return _write(station, some, at=at, deadline=deadline, progress=progress, thresholds=thresholds)

    return _fill(station, chosen, write)


def _fill(station: Station, chosen: Chosen, write: Callable[[Chosen, Thresholds], Script]) -> Filled:
    """
    Each round admits what is wanting and words the whole anew; what was worded before is remembered.

    An affair goes on by its next story where its best one cannot be told. Where nothing is left in reserve but
    what would be heard twice, the thresholds for sentences are lowered, step by step. A second story of an affair
    is told only where there is not half a bulletin without it.
    """
    most_steps = station.profile.stories.most_steps
    thresholds, *lower = THRESHOLDS
    while True:
        script = write(chosen, thresholds)
        untold = {left.article_id for left in script.left}
        handed_on = hand_on(chosen, untold, most_steps=most_steps)
        if handed_on.stories != chosen.stories:
            chosen = handed_on
            continue
        ahead = foresee(station, script, quicker=_QUICKER)
        least = least_s(station)
        lacking_s = least - ahead.lasts_s
        # a long ident may fill the length alone: without a story there is no bulletin
        is_short = lacking_s > 0 or not script.stories
        # what is new, though it is less sure, before what has aired
        may_repeat = thresholds not in THRESHOLDS[:2]
        waits = is_short and bool(
            find_unheard(chosen, untold=untold, most_steps=most_steps, may_repeat=may_repeat)
        )
        if is_short and not waits and lower:
            thresholds, *lower = lower
            chosen = set_alike_aside(chosen, untold=untold, most_steps=most_steps)
            continue
        if is_short and not waits and ahead.lasts_s < _SCARCE * least:
            most_steps = station.profile.stories.most_steps + 1
            waits = bool(find_unheard(chosen, untold=untold, most_steps=most_steps))
        if not waits or len(ahead.dropped) >= _SPARE:
            return Filled(chosen=chosen, script=script, foreseen=foresee(station, script))
        count = math.ceil(max(0.0, lacking_s) / _STORY_S) + 1
        chosen = admit_reserve(chosen, count, untold=untold, most_steps=most_steps, may_repeat=may_repeat)


def _write(
    station: Station,
    chosen: Chosen,
    *,
    at: datetime,
    deadline: Deadline | None,
    progress: Progress | None,
    thresholds: Thresholds,
) -> Script:
    rewriter = station.profile.script.rewriter
    if deadline:
        budget_s = min(rewriter.budget_s, _REWRITER_SHARE * deadline.left_s)
        rewriter = rewriter.model_copy(update={"budget_s": budget_s})
    script = write_script(
        chosen.stories,
        station=station.words,
        at=at,
        options=station.profile.script,
        lexicon=station.lexicon,
        pace_wps=station.pace_wps(),
        rewriting=build_rewriting(rewriter, folder=station.state / "rewritten"),
        progress=progress,
        thresholds=thresholds,
    )
    return _needed(script, station.profile.outputs)


def _needed(script: Script, outputs: OutputsOptions) -> Script:
    """Only the openings that some rendition asks for."""
    timed = {outputs.rendition(kind).time_check for kind in outputs.make}
    if script.opening_later and timed == {False}:
        return replace(script, opening=script.opening_later, opening_later=None)
    return script if False in timed else replace(script, opening_later=None)
