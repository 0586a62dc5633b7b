"""CutChoice and LengthTarget -> Rundown of that length: gaps, music and speech give way, in this order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import pairwise
from typing import Any

from bulletin.audio.choose_stories_that_fit import CutChoice, LengthBudget, LengthSlack
from bulletin.audio.place_sounds_on_timeline import (
    Bed,
    JingleKind,
    JingleTiming,
    Pacing,
    Rundown,
    extra_sting_s,
    lay_out_rundown,
    sting_ramp_s,
)

LEAST_GAP_S, MOST_GAP_S = 0.4, 1.0
MOST_BEND = 0.05
"""Largest stretch of speech, as a share of its length: few listeners notice it."""
_EASY_GAPS_S = (0.55, 0.75)
"""Inaudible changes of gaps; beyond them a newsreader sounds hurried, or lost."""
_LEAST_BEFORE_STING_S = 0.48
"""Shortest easy gap before a sting, which separates two stories too."""
_LEAST_TAIL_S, _EASY_TAIL_S, _MOST_TAIL_S = 0.8, 2.5, 4.0
_LEAST_CLOSING_S = 2.5
"""Shortest closing jingle after a cut."""
_EASY_BEND = 0.02
_BEND_ONCE = 0.8
"""Cost of any stretch: it takes up to a quarter of the encoder's CPU, and another cut or story mostly helps too."""
_EASY_STEPS = 3
"""Steps of _longer_steps that are inaudible."""
_NEAR = 0.05
"""Largest shortfall that is stretched out, as a share of the target."""
_STEPS = 40
"""Most steps of the search for a length between two; halving alone would exhaust a minute."""
_LEAST_FILL_S = 1.5
"""Shortest bed alone that does not sound like a mistake."""
_PER_S_OVER = 4.0
"""Cost of each second over an "up to" length."""
_PER_S_UNDER = 0.03
"""Cost of each second under an "up to" length: less than a longer cut costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthTarget:
    """Target length of a bulletin, and its usual pacing."""

    target_s: float
    gap_s: float
    rate_hz: int
    bend: float = 0.0
    """Largest stretch of speech, either way, as a share of its length."""
    bed: Bed = "headlines"
    is_up_to: bool = False
    """The target is a maximum: nothing is drawn out."""
    fills: bool = False
    """With too little news the bed plays on alone until the target."""

    @property
    def frames(self) -> int:
        """The target in frames."""
        return round(self.target_s * self.rate_hz)

    @property
    def natural_pacing(self) -> Pacing:
        return Pacing(gap_s=self.gap_s)


_PacingStep = tuple[Pacing, float, float]
"""Pacing after one more change, cost of each second gained, and cost of the change itself (choose_stories_that_fit.py weighs them)."""


def _shorter_steps(timings: Mapping[JingleKind, JingleTiming], length: LengthTarget) -> list[_PacingStep]:
    """
    Order of shortening: all music and gaps to their bounds, only then the speech.

    Speech is stretched last, since that is noticed first and takes CPU.
    """
    closing = timings.get(JingleKind.CLOSING)
    has_sting = JingleKind.STING in timings and length.bed != "none"
    narrow_s = _LEAST_BEFORE_STING_S if has_sting else _EASY_GAPS_S[0]
    spare_s = max(0.0, closing.length_s - _LEAST_CLOSING_S) if closing else 0.0
    return _pacing_steps(
        length.natural_pacing,
        ("tail_s", _LEAST_TAIL_S, 0.05, 0.0),
        ("gap_s", min(length.gap_s, _EASY_GAPS_S[0]), 0.1, 0.0),
        ("closing_cut_s", spare_s, 0.1, 0.0),
        ("gap_s", min(length.gap_s, narrow_s), 0.2, 0.0),
        ("gap_s", min(length.gap_s, LEAST_GAP_S), 0.4, 0.0),
        ("stretch", 1.0 - min(length.bend, _EASY_BEND), 0.1, _BEND_ONCE),
        ("stretch", 1.0 - length.bend, 0.6, 0.0),
    )


def _longer_steps(length: LengthTarget) -> list[_PacingStep]:
    """Order of drawing out."""
    return _pacing_steps(
        length.natural_pacing,
        ("tail_s", _EASY_TAIL_S, 0.05, 0.0),
        ("gap_s", max(length.gap_s, _EASY_GAPS_S[1]), 0.1, 0.0),
        ("tail_s", _MOST_TAIL_S, 0.15, 0.0),
        ("gap_s", max(length.gap_s, MOST_GAP_S), 0.4, 0.0),
        ("stretch", 1.0 + min(length.bend, _EASY_BEND), 0.1, _BEND_ONCE),
        ("stretch", 1.0 + length.bend, 0.6, 0.0),
    )


def _pacing_steps(pacing: Pacing, *changes: tuple[str, float, float, float]) -> list[_PacingStep]:
    """Changes as (field, value, cost per second, cost of the change), each on top of the ones before."""
    steps: list[_PacingStep] = []
    for name, value, per_s, once in changes:
        change: dict[str, Any] = {name: value}
        pacing = replace(pacing, **change)
        steps.append((pacing, per_s, once))
    return steps


def make_length_budget(
    choice: CutChoice, timings: Mapping[JingleKind, JingleTiming], length: LengthTarget
) -> LengthBudget:
    """Time left for stories: measured on a rundown of one story, without that story and its headline."""
    single = replace(choice, stories=choice.stories[:1])
    music = {} if length.bed == "none" else timings
    sting = music.get(JingleKind.STING)

    def fixed_s(pacing: Pacing) -> float:
        rundown = lay_out_rundown(single, timings, pacing=pacing, rate_hz=1000, bed=length.bed)
        clips = [clip for item in single.stories for clip in (item.clip, item.headline) if clip]
        gaps_s = pacing.gap_s * (len(clips) - len(single.stories))
        gaps_s += (pacing.gap_s + sting_ramp_s(sting, pacing.gap_s)) * len(single.stories)
        return rundown.duration_s - gaps_s - pacing.stretch * sum(clip.duration_s for clip in clips)

    def slacks(steps: Sequence[_PacingStep]) -> tuple[LengthSlack, ...]:
        pacings = [length.natural_pacing, *(pacing for pacing, _, _ in steps)]
        seconds = [fixed_s(pacing) for pacing in pacings]
        return tuple(
            LengthSlack(
                fixed_s=abs(second_s - first_s),
                gap_s=abs(after.gap_s - before.gap_s),
                share=abs(after.stretch - before.stretch),
                per_s=per_s,
                once=once,
            )
            for (_, per_s, once), (before, after), (first_s, second_s) in zip(
                steps, pairwise(pacings), pairwise(seconds), strict=True
            )
        )

    budget = LengthBudget(
        target_s=length.target_s,
        fixed_s=fixed_s(length.natural_pacing) + extra_sting_s(choice, music, gap_s=length.gap_s),
        story_s=length.gap_s + sting_ramp_s(sting, length.gap_s),
        headline_s=length.gap_s,
    )
    if length.is_up_to:
        return replace(budget, per_s_over=_PER_S_OVER, per_s_under=_PER_S_UNDER)
    return replace(
        budget, shrinks=slacks(_shorter_steps(timings, length)), grows=slacks(_longer_steps(length))
    )


LayOut = Callable[..., Rundown]
"""The rundown of a choice at a `pacing`."""


def fit_length(
    choice: CutChoice, timings: Mapping[JingleKind, JingleTiming], length: LengthTarget
) -> Rundown:
    """
    Lay out a choice so that it hits its length to the frame, as far as the pacing allows.

    A choice that is too long for that becomes as short as possible. A choice that is too short becomes as long
    as possible if that is near the target; else it keeps its natural pacing, since listeners shall not
    notice a lack of news, and with `fills` the bed plays on after the closing words.
    """
    lay_out = partial(lay_out_rundown, choice, timings, rate_hz=length.rate_hz, bed=length.bed)
    return fit_layout(lay_out, timings, length)


def fit_layout(lay_out: LayOut, timings: Mapping[JingleKind, JingleTiming], length: LengthTarget) -> Rundown:
    """`fit_length` for sounds that `lay_out` places."""
    rundown = natural = lay_out(pacing=length.natural_pacing)
    is_long = natural.frames > length.frames
    if length.is_up_to and not is_long:
        return natural
    for pacing, _, _ in _shorter_steps(timings, length) if is_long else _longer_steps(length):
        further = lay_out(pacing=pacing)
        if (further.frames <= length.frames) if is_long else (further.frames >= length.frames):
            return _interpolate(rundown, further, lay_out, length)
        rundown = further
    if is_long:
        return rundown
    if length.fills and length.bed != "none" and JingleKind.BED in timings:
        return _fill(natural, lay_out, length)
    is_near = rundown.frames >= (1.0 - _NEAR) * length.frames and not length.fills
    return rundown if is_near else natural


def longest_easy_s(
    choice: CutChoice, timings: Mapping[JingleKind, JingleTiming], length: LengthTarget
) -> float:
    """Longest duration of a choice at an inaudible change of pacing."""
    pacing, _, _ = _longer_steps(length)[_EASY_STEPS - 1]
    rundown = lay_out_rundown(choice, timings, pacing=pacing, rate_hz=length.rate_hz, bed=length.bed)
    return rundown.duration_s


def _fill(natural: Rundown, lay_out: LayOut, length: LengthTarget) -> Rundown:
    """The bed plays on until the target; a shortfall that is too small for that stays."""
    least = lay_out(pacing=replace(length.natural_pacing, fill_s=_LEAST_FILL_S))
    if least.frames > length.frames:
        return natural
    most = lay_out(pacing=replace(length.natural_pacing, fill_s=_LEAST_FILL_S + length.target_s))
    return _interpolate(least, most, lay_out, length)


def _interpolate(first: Rundown, second: Rundown, lay_out: LayOut, length: LengthTarget) -> Rundown:
    """Search between two rundowns, one too short and one too long, for a rundown that hits the target."""

    def miss(rundown: Rundown) -> int:
        return abs(rundown.frames - length.frames)

    for step in range(_STEPS):
        nearest = min((first, second), key=miss)
        # All gaps are alike and are rounded together, so half a frame for each is the best there is.
        if miss(nearest) <= max(1, len(nearest.voiced) // 2):
            break
        # Length does not grow evenly with the pacing: where words lie over a jingle it may not grow at all.
        share = 0.5 if step % 2 else (length.frames - first.frames) / (second.frames - first.frames)
        between = lay_out(pacing=_mean_pacing(first.pacing, second.pacing, share))
        if (between.frames > length.frames) == (first.frames > length.frames):
            first = between
        else:
            second = between
    nearest = min((first, second), key=miss)
    # The ends of each sound are rounded to a frame; silence makes up for the few frames that are missing.
    is_rounding = miss(nearest) <= 2 * len(nearest.voiced) + 2
    return replace(nearest, frames=length.frames) if is_rounding else nearest


def _mean_pacing(first: Pacing, second: Pacing, share: float) -> Pacing:
    def at(name: str) -> float:
        start, end = getattr(first, name), getattr(second, name)
        return float(start + share * (end - start))

    return Pacing(**{field.name: at(field.name) for field in fields(Pacing)})
