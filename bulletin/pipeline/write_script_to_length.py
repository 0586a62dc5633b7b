"""Chosen -> Script that fills the length; limits of the choice are relaxed where it would be too short."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bulletin.audio.rundown.predict_stories_that_will_fit import PredictedScript
from bulletin.config.tables.output_options import OutputsOptions
from bulletin.editing.sentence_model.airable_sentence_classifier import THRESHOLDS, Thresholds
from bulletin.model import Chosen, Script
from bulletin.pipeline.speak_script_to_length import predict_length, shortest_s
from bulletin.rewriter.rewrite_request import Progress
from bulletin.rewriter.rewriter_factory import build_rewriting
from bulletin.runtime.deadline import Deadline
from bulletin.script.script_cache import ScriptCache, open_script_cache
from bulletin.script.write_script import write_script
from bulletin.station.build_station_object import Station
from bulletin.stories.ranking.choose_reserve_stories import (
    admit_reserve,
    find_unheard,
    hand_on,
    set_alike_aside,
)

_REWRITER_SHARE = 0.4
"""Share of the remaining time that the rewriter may take."""
_STORY_S = 12.0
"""Expected length of a story from the reserve: most are short."""
_QUICKER = 1.05
"""The script must fill the length even if the voice reads this much faster than in earlier runs."""
_SCARCE = 0.5
"""Share of the length below which one affair may have two stories; above it a short bulletin is better."""
_SPARE = 4
"""Dropped stories with which a further one does not improve the length."""


def write_to_length(
    station: Station,
    chosen: Chosen,
    *,
    at: datetime,
    deadline: Deadline | None = None,
    progress: Progress | None = None,
) -> tuple[Chosen, Script, PredictedScript]:
    """
    Write the chosen stories, and as many of the reserve as the station's length needs.

    Returns the choice with the stories admitted, the whole script, and the part of it to speak. Each round admits
    missing stories and writes the whole script again; written stories are cached. An affair continues with its next
    story where its best one cannot be written. Where only repeats are left in reserve, the thresholds for sentences
    are lowered step by step. A second story of one affair is admitted only if the bulletin has less than half its
    length without it.
    """
    file = station.state / "words" / f"{station.words.id}.json"
    with open_script_cache(file, station=station.words, lexicon=station.lexicon) as script_cache:
        write = partial(
            _write, station, at=at, deadline=deadline, progress=progress, script_cache=script_cache
        )
        return _fill_length(station, chosen, write)


def _fill_length(
    station: Station, chosen: Chosen, write: Callable[..., Script]
) -> tuple[Chosen, Script, PredictedScript]:
    most_steps = station.profile.stories.most_steps
    thresholds, *lower = THRESHOLDS
    while True:
        script = write(chosen, thresholds=thresholds)
        untold = {rejected.article_id for rejected in script.left}
        handed_on = hand_on(chosen, untold, most_steps=most_steps)
        if handed_on.stories != chosen.stories:
            chosen = handed_on
            continue
        ahead = predict_length(station, script, quicker=_QUICKER)
        target_s = shortest_s(station.profile)
        lacking_s = target_s - ahead.lasts_s
        # a long ident may fill the length alone, but a bulletin needs a story
        is_short = lacking_s > 0 or not script.stories
        # new stories with less certain sentences come before repeats
        may_repeat = thresholds not in THRESHOLDS[:2]
        waits = is_short and bool(
            find_unheard(chosen, untold=untold, most_steps=most_steps, may_repeat=may_repeat)
        )
        if is_short and not waits and lower:
            thresholds, *lower = lower
            chosen = set_alike_aside(chosen, untold=untold, most_steps=most_steps)
            continue
        if is_short and not waits and ahead.lasts_s < _SCARCE * target_s:
            most_steps = station.profile.stories.most_steps + 1
            waits = bool(find_unheard(chosen, untold=untold, most_steps=most_steps))
        if not waits or len(ahead.dropped) >= _SPARE:
            return chosen, script, predict_length(station, script)
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
    script_cache: ScriptCache,
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
        script_cache=script_cache,
    )
    return _drop_unused_opening(script, station.profile.outputs)


def _drop_unused_opening(script: Script, outputs: OutputsOptions) -> Script:
    """The script without openings that no rendition uses."""
    timed = {outputs.rendition(kind).time_check for kind in outputs.make}
    if script.opening_later and timed == {False}:
        return replace(script, opening=script.opening_later, opening_later=None)
    return script if False in timed else replace(script, opening_later=None)
