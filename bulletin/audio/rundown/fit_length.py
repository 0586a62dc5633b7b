"""What airs -> the rundown that lasts as long as it should: what gives way for it, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bulletin.audio.choose_cuts import CutChoice, LengthBudget, LengthSlack
from bulletin.audio.layout import (
    Bed,
    BreathPause,
    PlacedMusic,
    PlacedTune,
    Rundown,
    lay_out,
    openers_s,
    sting_lead_s,
)

LEAST_GAP_S, MOST_GAP_S = 0.4, 1.0
MOST_BEND = 0.05
"""Speech may be a twentieth slower or faster than it was spoken: few hear it."""
_EASY_GAPS_S = (0.55, 0.75)
"""Between these nobody notices; beyond them a newsreader sounds hurried, or lost."""
_LEAST_BEFORE_STING_S = 0.48
"""With a sting more time lies between two stories than the gap before it."""
_LEAST_TAIL_S, _EASY_TAIL_S, _MOST_TAIL_S = 0.8, 2.5, 4.0
_LEAST_CLOSING_S = 2.5
"""A closing jingle that must be cut keeps at least this much, or all it has."""
_EASY_BEND = 0.02
_BEND_ONCE = 0.8
"""Bending at all takes CPU, up to a quarter of what the encoder takes, and another cut or story is mostly there."""
_EASY_RUNGS = 3
"""So many things give way, of those that make it longer, before anybody notices."""
_NEAR = 0.05
"""Share of the target."""
_STEPS = 40
"""In which a length between two is found; by halves alone they leave nothing of a minute."""
_LEAST_FILL_S = 1.5
"""A bed that comes up for less than this would sound like a mistake."""
_PER_S_OVER = 4.0
"""A choice that is longer than it may be at most."""
_PER_S_UNDER = 0.03
"""A choice that is shorter than it may be at most: less than a longer telling costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthWishes:
    """How long a bulletin should last, and how it should sound."""

    target_s: float
    gap_s: float
    rate_hz: int
    bend: float = 0.0
    """Share of its length by which speech may be stretched or squeezed."""
    bed: Bed = "headlines"
    is_up_to: bool = False
    """The target is only the most that it may last."""
    fills: bool = False
    """With too little news the bed plays on until the target."""

    @property
    def target(self) -> int:
        """In frames."""
        return round(self.target_s * self.rate_hz)

    @property
    def natural(self) -> BreathPause:
        return BreathPause(gap_s=self.gap_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rung:
    """A further thing that has given way, and what that costs the listener (choice.py weighs it)."""

    breath: BreathPause
    per_s: float
    once: float


def _shrinks(tunes: Mapping[PlacedMusic, PlacedTune], wishes: LengthWishes) -> list[_Rung]:
    """
    What is shortened, in this order: all music and gaps to their bounds, and only then the speech.

    Words stay as they were read while anything else can give way: bending is heard sooner, and takes CPU.
    """
    closing = tunes.get(PlacedMusic.CLOSING)
    has_sting = PlacedMusic.STING in tunes and wishes.bed != "none"
    narrow_s = _LEAST_BEFORE_STING_S if has_sting else _EASY_GAPS_S[0]
    spare_s = max(0.0, closing.length_s - _LEAST_CLOSING_S) if closing else 0.0
    return _ladder(
        wishes.natural,
        ("tail_s", _LEAST_TAIL_S, 0.05, 0.0),
        ("gap_s", min(wishes.gap_s, _EASY_GAPS_S[0]), 0.1, 0.0),
        ("closing_cut_s", spare_s, 0.1, 0.0),
        ("gap_s", min(wishes.gap_s, narrow_s), 0.2, 0.0),
        ("gap_s", min(wishes.gap_s, LEAST_GAP_S), 0.4, 0.0),
        ("stretch", 1.0 - min(wishes.bend, _EASY_BEND), 0.1, _BEND_ONCE),
        ("stretch", 1.0 - wishes.bend, 0.6, 0.0),
    )


def _grows(wishes: LengthWishes) -> list[_Rung]:
    """What is drawn out, in this order."""
    return _ladder(
        wishes.natural,
        ("tail_s", _EASY_TAIL_S, 0.05, 0.0),
        ("gap_s", max(wishes.gap_s, _EASY_GAPS_S[1]), 0.1, 0.0),
        ("tail_s", _MOST_TAIL_S, 0.15, 0.0),
        ("gap_s", max(wishes.gap_s, MOST_GAP_S), 0.4, 0.0),
        ("stretch", 1.0 + min(wishes.bend, _EASY_BEND), 0.1, _BEND_ONCE),
        ("stretch", 1.0 + wishes.bend, 0.6, 0.0),
    )


def _ladder(breath: BreathPause, *steps: tuple[str, float, float, float]) -> list[_Rung]:
    rungs: list[_Rung] = []
    for name, value, per_s, once in steps:
        change: dict[str, Any] = {name: value}
        breath = replace(breath, **change)
        rungs.append(_Rung(breath=breath, per_s=per_s, once=once))
    return rungs


def make_budget(
    choice: CutChoice, tunes: Mapping[PlacedMusic, PlacedTune], wishes: LengthWishes
) -> LengthBudget:
    """What is left for stories, measured on a bulletin of one story; its story and headline not counted."""
    one = replace(choice, told=choice.told[:1])
    music = {} if wishes.bed == "none" else tunes
    sting = music.get(PlacedMusic.STING)

    def fixed_s(breath: BreathPause) -> float:
        made = lay_out(one, tunes, breath=breath, rate_hz=1000, bed=wishes.bed)
        clips = [clip for item in one.told for clip in (item.clip, item.headline) if clip]
        gaps_s = breath.gap_s * (len(clips) - len(one.told))
        gaps_s += (breath.gap_s + sting_lead_s(sting, breath.gap_s)) * len(one.told)
        return made.duration_s - gaps_s - breath.stretch * sum(clip.duration_s for clip in clips)

    def slacks(rungs: Sequence[_Rung]) -> tuple[LengthSlack, ...]:
        breaths = [wishes.natural, *(rung.breath for rung in rungs)]
        lasts_s = [fixed_s(breath) for breath in breaths]
        return tuple(
            LengthSlack(
                fixed_s=abs(lasts_s[n + 1] - lasts_s[n]),
                gap_s=abs(breaths[n + 1].gap_s - breaths[n].gap_s),
                share=abs(breaths[n + 1].stretch - breaths[n].stretch),
                per_s=rung.per_s,
                once=rung.once,
            )
            for n, rung in enumerate(rungs)
        )

    budget = LengthBudget(
        target_s=wishes.target_s,
        fixed_s=fixed_s(wishes.natural) + openers_s(choice, music, gap_s=wishes.gap_s),
        story_s=wishes.gap_s + sting_lead_s(sting, wishes.gap_s),
        headline_s=wishes.gap_s,
    )
    if wishes.is_up_to:
        return replace(budget, per_s_over=_PER_S_OVER, per_s_under=_PER_S_UNDER)
    return replace(budget, shrinks=slacks(_shrinks(tunes, wishes)), grows=slacks(_grows(wishes)))


def fit(choice: CutChoice, tunes: Mapping[PlacedMusic, PlacedTune], wishes: LengthWishes) -> Rundown:
    """
    Place everything so that the whole has its length, to the frame, as far as breath allows.

    Too long for that: as short as it goes. Too short: as long as it goes if that is near; else it keeps
    its natural breath, as nobody shall hear that news was wanting, and where the station wishes the bed
    plays on after the closing words.
    """
    made = lay_out(choice, tunes, breath=wishes.natural, rate_hz=wishes.rate_hz, bed=wishes.bed)
    is_long = made.frames > wishes.target
    if wishes.is_up_to and not is_long:
        return made
    natural = made
    for rung in _shrinks(tunes, wishes) if is_long else _grows(wishes):
        further = lay_out(choice, tunes, breath=rung.breath, rate_hz=wishes.rate_hz, bed=wishes.bed)
        if (further.frames <= wishes.target) if is_long else (further.frames >= wishes.target):
            return _between(made, further, choice, tunes, wishes)
        made = further
    if is_long:
        return made
    if wishes.fills:
        return _filled(natural, choice, tunes, wishes)
    return made if made.frames >= (1.0 - _NEAR) * wishes.target else natural


def longest_s(choice: CutChoice, tunes: Mapping[PlacedMusic, PlacedTune], wishes: LengthWishes) -> float:
    """How long a choice can be made to last before gaps are heard and speech drawls."""
    breath = _grows(wishes)[_EASY_RUNGS - 1].breath
    return lay_out(choice, tunes, breath=breath, rate_hz=wishes.rate_hz, bed=wishes.bed).duration_s


def _filled(
    natural: Rundown, choice: CutChoice, tunes: Mapping[PlacedMusic, PlacedTune], wishes: LengthWishes
) -> Rundown:
    """The bed plays on; without a bed, or with too little to fill, it stays as it was."""
    if wishes.bed == "none" or PlacedMusic.BED not in tunes:
        return natural
    breath = replace(wishes.natural, fill_s=_LEAST_FILL_S)
    least = lay_out(choice, tunes, breath=breath, rate_hz=wishes.rate_hz, bed=wishes.bed)
    if least.frames > wishes.target:
        return natural
    breath = replace(breath, fill_s=_LEAST_FILL_S + wishes.target_s)
    most = lay_out(choice, tunes, breath=breath, rate_hz=wishes.rate_hz, bed=wishes.bed)
    return _between(least, most, choice, tunes, wishes)


def _between(
    one: Rundown,
    other: Rundown,
    choice: CutChoice,
    tunes: Mapping[PlacedMusic, PlacedTune],
    wishes: LengthWishes,
) -> Rundown:
    """The rundown between two, one too short and one too long, that has its length."""
    for step in range(_STEPS):
        made = min((one, other), key=lambda made: abs(made.frames - wishes.target))
        # Gaps are alike, so all are rounded up at once: there is nothing nearer than half a frame for each.
        if abs(made.frames - wishes.target) <= max(1, len(made.voiced) // 2):
            break
        # Length grows with breath, but not evenly: where words lie over a jingle it may not grow at all.
        share = 0.5 if step % 2 else (wishes.target - one.frames) / (other.frames - one.frames)
        breath = _mean(one.breath, other.breath, share)
        made = lay_out(choice, tunes, breath=breath, rate_hz=wishes.rate_hz, bed=wishes.bed)
        if (made.frames > wishes.target) == (one.frames > wishes.target):
            one = made
        else:
            other = made
    made = min((one, other), key=lambda made: abs(made.frames - wishes.target))
    # Every sound's ends are rounded to a frame, so a few frames may be amiss: silence at the end.
    amiss = abs(made.frames - wishes.target)
    return replace(made, frames=wishes.target) if amiss <= 2 * len(made.voiced) + 2 else made


def _mean(one: BreathPause, other: BreathPause, share: float) -> BreathPause:
    def at(first: float, second: float) -> float:
        return first + share * (second - first)

    return BreathPause(
        gap_s=at(one.gap_s, other.gap_s),
        tail_s=at(one.tail_s, other.tail_s),
        closing_cut_s=at(one.closing_cut_s, other.closing_cut_s),
        stretch=at(one.stretch, other.stretch),
        fill_s=at(one.fill_s, other.fill_s),
    )
