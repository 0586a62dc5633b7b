"""
Script, Spoken and jingle timings -> SharedPlan: a bulletin in three parts, whose middle is the same for many stations.

The body is the stories with the stings between them; ident, opening, headlines, closing words and all music under
them are the station's own. The parts meet in short silences and on the frames of MP3, so that they can be encoded
apart. The body lasts a whole number of seconds, the most for which the station's own parts leave room: stations with
similar openings share one body, and each fills the rest with its own pauses and music, to the frame. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from bulletin.audio.formats.mp3_info_frame import FRAME
from bulletin.audio.place_sounds_on_timeline import (
    JingleKind,
    JingleTiming,
    Pacing,
    Rundown,
    RundownBuilder,
)
from bulletin.audio.rundown.drop_incomplete_speech_clips import drop_incomplete_clips
from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget, fit_layout
from bulletin.audio.rundown.plan_rundown import Plan, describe_miss, is_hit, plan_rundown
from bulletin.model import Clip, Role, Script, Spoken

_SILENT = 2 * FRAME
"""Samples of silence on each side of a joint: a frame of layer III depends on those before it."""
_STEP_S, _DRY_STEP_S = 2.0, 1.0
"""Step of the body's length: what the tail of a bed and the pauses take inaudibly; without a bed the pauses alone."""
_CLOSER_S = 0.2
"""Most by which the station's own pauses and music become shorter for a step; by the rest of it they become longer."""
_LEAST_BODY_S = 10.0
_QUIET_END_S = 0.3
"""Silence that a rundown without closing has at its end."""
_BODY_JINGLES = (JingleKind.STING, JingleKind.SPORT, JingleKind.WEATHER, JingleKind.TRAVEL)
_Timings = Mapping[JingleKind, JingleTiming]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlan:
    """A bulletin that can be mixed in three parts."""

    plan: Plan
    """The whole bulletin."""
    opening: Rundown
    body: Rundown
    """Opening and body last whole frames of MP3."""
    closing: Rundown
    own_share: float
    """Share of opening and closing in the target length."""

    @property
    def parts(self) -> tuple[Rundown, Rundown, Rundown]:
        """The parts in order, each from its own start."""
        return self.opening, self.body, self.closing


def plan_shared_body(
    script: Script,
    spoken: Spoken,
    timings: _Timings,
    length: LengthTarget,
    *,
    only: Collection[str] | None = None,
    is_all: bool = True,
) -> SharedPlan | None:
    """
    Plan the same as `plan_rundown`, in three parts.

    None where the length cannot be met so, or not with every story that an editor approved: `plan_rundown` leaves out
    headlines or the ident, then. A bed under everything leaves no silence for a joint, so it is not planned in parts
    either.
    """
    spoken, incomplete = drop_incomplete_clips(spoken)
    has_story = any(clip.passage.role is Role.STORY for clip in spoken.clips)
    if length.bed == "whole" or not has_story:
        return None
    timings = {} if length.bed == "none" else timings
    planned = _plan_body(script, spoken, timings, length, only=only, is_all=is_all)
    if not planned:
        return None
    own, body_plan, is_full = planned
    if script.is_approved and body_plan.dropped:
        return None
    body = _place_body(body_plan.rundown)
    parts_at = partial(_lay_out_parts, own, body, timings)
    rundown = fit_layout(lambda *, pacing: _assemble(parts_at(pacing), pacing), timings, length)
    is_short = rundown.frames < length.frames and not is_full
    if not is_hit(rundown, length) and not is_short:
        return None
    opening, body, closing = parts_at(rundown.pacing)
    plan = Plan(
        rundown=rundown,
        aired=tuple(voiced.clip.passage for voiced in rundown.voiced),
        dropped=body_plan.dropped,
        notes=(),
    )
    notes = (*incomplete, *describe_miss(plan, length, is_all=is_all))
    return SharedPlan(
        plan=replace(plan, notes=notes),
        opening=opening,
        body=body,
        closing=replace(closing, frames=rundown.frames - opening.frames - body.frames),
        own_share=1.0 - body.frames / length.frames,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnParts:
    """The station's own words, and the headlines, which it reads over its own bed."""

    ident: Clip | None
    opening: Clip | None
    headlines: tuple[Clip, ...]
    closing: Clip | None

    @classmethod
    def of(cls, script: Script, spoken: Spoken, headlined: Collection[str]) -> _OwnParts:
        """Those of a script, with headlines of the stories `headlined`."""
        clips = {clip.passage: clip for clip in spoken.clips}
        heads = (item.headline for item in script.stories if item.headline and item.story.id in headlined)
        return cls(
            ident=clips.get(script.ident) if script.ident else None,
            opening=clips.get(script.opening),
            headlines=tuple(clips[head] for head in heads if head in clips),
            closing=clips.get(script.closing),
        )


def _plan_body(
    script: Script,
    spoken: Spoken,
    timings: _Timings,
    length: LengthTarget,
    *,
    only: Collection[str] | None,
    is_all: bool,
) -> tuple[_OwnParts, Plan, bool] | None:
    """The own parts, the stories between them, and whether these fill their time; None without time for a body."""
    told = replace(spoken, clips=tuple(c for c in spoken.clips if c.passage.role is Role.STORY))
    stings = {kind: timings[kind] for kind in _BODY_JINGLES if kind in timings}
    headlined = {item.story.id for item in script.stories}
    own = _OwnParts.of(script, spoken, headlined)
    while True:
        lengths = [_body_length(own, timings, length, steps_less=less) for less in (0, 1)]
        if lengths[-1].target_s < _LEAST_BODY_S:
            return None
        plans = [plan_rundown(script, told, stings, each, only=only, is_all=is_all) for each in lengths]
        # the stories may hit one length and not another
        hits = [is_hit(plan.rundown, each) for plan, each in zip(plans, lengths, strict=True)]
        plan = plans[hits.index(True) if any(hits) else 0]
        aired = {passage.story_id for passage in plan.aired}
        # only stories that air have headlines, and a single story needs none; fewer each time, so this ends
        headlined &= aired if len(aired) > 1 else set()
        again = _OwnParts.of(script, spoken, headlined)
        if again == own:
            return own, plan, any(hits)
        own = again


def _body_length(own: _OwnParts, timings: _Timings, length: LengthTarget, *, steps_less: int) -> LengthTarget:
    """Length for the stories: the whole steps that the own parts leave, without the silences at the joints."""
    rate_hz = length.rate_hz
    nothing = Rundown(rate_hz=rate_hz, frames=0, voiced=(), played=(), pacing=length.natural_pacing)
    parts = _lay_out_parts(own, nothing, timings, length.natural_pacing)
    room_s = (length.frames - sum(part.frames for part in parts)) / rate_hz
    closer_s = 0.0 if length.is_up_to else _CLOSER_S
    step_s = _STEP_S if JingleKind.BED in timings else _DRY_STEP_S
    steps = math.floor((room_s + closer_s) / step_s) - steps_less
    frames = math.floor(steps * step_s * rate_hz / FRAME) * FRAME
    # half a frame of MP3 for what is rounded
    sound_s = (frames - 2 * _SILENT - FRAME // 2) / rate_hz
    return replace(length, target_s=sound_s + _QUIET_END_S, bed="headlines", fills=False)


def _place_body(stories: Rundown) -> Rundown:
    """The stories between two silences, in whole frames of MP3."""
    frames = _whole_frames(_SILENT + _end_of(stories) + _SILENT)
    return replace(_shift(stories, _SILENT), frames=frames)


def _lay_out_parts(
    own: _OwnParts, body: Rundown, timings: _Timings, pacing: Pacing
) -> tuple[Rundown, Rundown, Rundown]:
    """
    The three parts at a pacing.

    The pause before the closing words gives back what rounds the opening up to whole frames, so that the length of
    the bulletin changes with the pacing alone.
    """
    gap = round(pacing.gap_s * body.rate_hz)
    builder = RundownBuilder(timings, pacing, body.rate_hz, is_bed_whole=False)
    builder.place_ident(own.ident)
    builder.place_opening(own.opening, own.headlines)
    opening = builder.build()
    ends_in_bed = JingleKind.BED in timings and bool(own.opening or own.headlines)
    pause = _SILENT if ends_in_bed else max(_SILENT, gap - _start_of(body))
    frames = _whole_frames(opening.frames + pause)
    rounded = frames - opening.frames - pause
    builder = RundownBuilder(timings, pacing, body.rate_hz, is_bed_whole=False)
    builder.place_closing(own.closing)
    closing = builder.build()
    # it was placed after a whole gap, a part of which is the silence at the end of the body
    earlier = min(body.frames - _end_of(body) + rounded, max(0, _start_of(closing) - _SILENT))
    closing = replace(_shift(closing, -earlier), frames=closing.frames - earlier)
    return replace(opening, frames=frames), body, closing


def _assemble(parts: Sequence[Rundown], pacing: Pacing) -> Rundown:
    """The parts one after the other."""
    starts = [0, *accumulate(part.frames for part in parts)]
    shifted = [_shift(part, start) for part, start in zip(parts, starts, strict=False)]
    return Rundown(
        rate_hz=parts[0].rate_hz,
        frames=starts[-1],
        voiced=tuple(voiced for part in shifted for voiced in part.voiced),
        played=tuple(played for part in shifted for played in part.played),
        pacing=pacing,
    )


def _shift(rundown: Rundown, frames: int) -> Rundown:
    """All sounds later by `frames`."""
    return replace(
        rundown,
        voiced=tuple(replace(v, start=v.start + frames, end=v.end + frames) for v in rundown.voiced),
        played=tuple(replace(p, start=p.start + frames, end=p.end + frames) for p in rundown.played),
    )


def _start_of(rundown: Rundown) -> int:
    """First frame with a sound; without one the end."""
    return min(
        [*(v.start for v in rundown.voiced), *(p.start for p in rundown.played)], default=rundown.frames
    )


def _end_of(rundown: Rundown) -> int:
    """End of the last sound."""
    return max([*(v.end for v in rundown.voiced), *(p.end for p in rundown.played)], default=0)


def _whole_frames(samples: int) -> int:
    return -(-samples // FRAME) * FRAME
