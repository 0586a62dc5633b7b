"""Chosen -> Script that fills the length; limits of the choice are relaxed where it would be too short."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bulletin.audio.rundown.predict_stories_that_will_fit import PredictedScript
from bulletin.config.tables.output_options import OutputsOptions
from bulletin.editing.sentence_model.airable_sentence_classifier import THRESHOLDS, Thresholds
from bulletin.edits.apply_to_choice import order_by_edits
from bulletin.edits.apply_to_script import apply_to_script
from bulletin.edits.drop_killed_words import drop_killed_words
from bulletin.model import AppliedEdit, Chosen, Edit, Script, Story
from bulletin.pipeline.leave_out_lost_recordings import leave_out_lost_recordings
from bulletin.pipeline.speak_script_to_length import predict_length, shortest_s
from bulletin.rewriter.rewrite_request import Progress
from bulletin.rewriter.rewriter_factory import build_rewriting
from bulletin.runtime.deadline import Deadline
from bulletin.script.editors_words import EditorsWords
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
_Written = tuple[Script, tuple[AppliedEdit, ...]]
"""The script in the editor's order, and the results of the edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenScript:
    """A script that fills the length."""

    chosen: Chosen
    """The choice with the stories admitted, in the order of the script."""
    whole: Script
    foreseen: PredictedScript
    """The part of it to speak."""
    edits: tuple[AppliedEdit, ...] = ()
    """Results of the edits of words, lengths and order."""
    thresholds: Thresholds = THRESHOLDS[0]
    """Thresholds for sentences that were needed."""


def write_to_length(
    station: Station,
    chosen: Chosen,
    *,
    at: datetime,
    edits: Sequence[Edit] = (),
    deadline: Deadline | None = None,
    progress: Progress | None = None,
) -> WrittenScript:
    """
    Write the chosen stories, and as many of the reserve as the station's length needs.

    Each round admits missing stories and writes the whole script again, with the `edits` in it, so that the length
    is that of the editor's words; written stories are cached. An affair continues with its next
    story where its best one cannot be written. Where only repeats are left in reserve, the thresholds for sentences
    are lowered step by step. A second story of one affair is admitted only if the bulletin has less than half its
    length without it.
    """
    with open_script_cache(
        words_file(station), station=station.words, lexicon=station.lexicon
    ) as script_cache:
        write = partial(
            _write,
            station,
            at=at,
            edits=edits,
            deadline=deadline,
            progress=progress,
            script_cache=script_cache,
        )
        written = _fill_length(station, chosen, write)
    ordered = order_by_edits(written.chosen.stories, edits)
    return replace(written, chosen=replace(written.chosen, stories=ordered))


def write_candidates(
    station: Station, stories: Sequence[Story], *, at: datetime, thresholds: Thresholds
) -> Script:
    """Every story as the program writes it, with all cuts and a headline each, for the newsroom to choose from."""
    options = station.profile.script.model_copy(update={"headlines": len(stories)})
    with open_script_cache(
        words_file(station), station=station.words, lexicon=station.lexicon
    ) as script_cache:
        script = write_script(
            stories,
            station=station.words,
            at=at,
            options=options,
            lexicon=station.lexicon,
            pace_wps=station.pace_wps(),
            rewriting=build_rewriting(station.profile.script.rewriter, folder=station.state / "rewritten"),
            thresholds=thresholds,
            script_cache=script_cache,
        )
    return _drop_unused_opening(script, station.profile.outputs)


def write_frame(station: Station, *, at: datetime) -> Script:
    """The station's own words around a bulletin: ident, opening and closing, without a story."""
    with open_script_cache(
        words_file(station), station=station.words, lexicon=station.lexicon
    ) as script_cache:
        script = write_script(
            (),
            station=station.words,
            at=at,
            options=station.profile.script,
            lexicon=station.lexicon,
            script_cache=script_cache,
        )
    return _drop_unused_opening(script, station.profile.outputs)


def words_file(station: Station) -> Path:
    """The station's file of written stories."""
    return station.state / "words" / f"{station.words.id}.json"


def _fill_length(station: Station, chosen: Chosen, write: Callable[..., _Written]) -> WrittenScript:
    """The choice stays in the program's order: moves that are applied twice give another order."""
    most_steps = station.profile.stories.most_steps
    thresholds, *lower = THRESHOLDS
    while True:
        script, applied = write(chosen, thresholds=thresholds)
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
            return WrittenScript(
                chosen=chosen,
                whole=script,
                foreseen=predict_length(station, script),
                edits=applied,
                thresholds=thresholds,
            )
        count = math.ceil(max(0.0, lacking_s) / _STORY_S) + 1
        chosen = admit_reserve(chosen, count, untold=untold, most_steps=most_steps, may_repeat=may_repeat)


def _write(
    station: Station,
    chosen: Chosen,
    *,
    at: datetime,
    edits: Sequence[Edit],
    deadline: Deadline | None,
    progress: Progress | None,
    thresholds: Thresholds,
    script_cache: ScriptCache,
) -> _Written:
    rewriter = station.profile.script.rewriter
    if deadline:
        budget_s = min(rewriter.budget_s, _REWRITER_SHARE * deadline.left_s)
        rewriter = rewriter.model_copy(update={"budget_s": budget_s})
    script = write_script(
        order_by_edits(chosen.stories, edits),
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
    script = _drop_unused_opening(script, station.profile.outputs)
    own = EditorsWords(station=station.words, lexicon=station.lexicon)
    script, applied = apply_to_script(script, edits, say=own.say, split=own.split)
    script, applied = drop_killed_words(script, applied, kills=killed_entries(station))
    station.fetch_recordings(script)
    script = leave_out_lost_recordings(script, folder=station.clips)
    return script, applied


def killed_entries(station: Station) -> tuple[str, ...]:
    """
    Kill list of the station: the entries of its profile and of its archive, and those of the desk.

    Raises ArchiveError.
    """
    kills = (kill.entry for name in station.kill_lists for kill in station.archive.kills(name))
    return tuple(dict.fromkeys((*station.profile.stories.kill, *kills)))


def _drop_unused_opening(script: Script, outputs: OutputsOptions) -> Script:
    """The script without openings that no rendition uses."""
    timed = {outputs.rendition(kind).time_check for kind in outputs.make}
    if script.opening_later and timed == {False}:
        return replace(script, opening=script.opening_later, opening_later=None)
    return script if False in timed else replace(script, opening_later=None)
