"""Script and measured clips -> the running order, every sound in its place, and what was left out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bulletin.audio.breath import Wishes, fit, make_budget
from bulletin.audio.choice import NO_ROOM, Budget, Choice, choose_cuts, offer_all
from bulletin.audio.layout import Bed, Music, Rundown, Tune, lay_out
from bulletin.model import Left, Passage, Role, Script, Spoken, StoryScript

_HIT_S = 0.05
"""Nearer to the target than this is no news."""
_TRIES = 3
_SAFE_S = 0.02
_NOT_FIRST = "is not in the first rendition"
_KEEPS = 3.0
"""What it costs to drop a story that the first rendition tells: more than to tell several shorter."""
_LUXURIES = (
    ("the ident's voice-over", Role.IDENT, None),
    ("the closing jingle", None, Music.CLOSING),
    ("the ident", Role.IDENT, Music.IDENT),
)
"""What a bulletin can do without, in the order in which it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A bulletin that can be mixed."""

    rundown: Rundown
    aired: tuple[Passage, ...]
    """In running order."""
    dropped: tuple[Left, ...]
    notes: tuple[str, ...]


def plan_rundown(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[Music, Tune],
    *,
    target_s: float,
    gap_s: float,
    rate_hz: int,
    bend: float = 0.0,
    is_up_to: bool = False,
    bed: Bed = "headlines",
    fills: bool = False,
    only: Collection[str] | None = None,
) -> Plan:
    """
    Decide what airs and when, so that the bulletin lasts `target_s`.

    Cuts and stories first, then gaps and music, then the speech is stretched or squeezed by a share of
    `bend` at most (breath.py). When the lead alone is too long for the target, the ident's voice-over
    goes (the opening names the station too), then the closing jingle, then the ident. Notes say what
    went, and what still misses.

    - `is_up_to`: the target is only the most it may last; it is never longer, and nothing is drawn out.
    - `bed`: music under opening and headlines, under everything, or none at all, not even jingles.
    - `fills`: with too little news the bed plays on until the target; else the bulletin is shorter.
    - `only`: the ids of the stories that may air.
    """
    wishes = Wishes(
        target_s=target_s, gap_s=gap_s, rate_hz=rate_hz, bend=bend, bed=bed, is_up_to=is_up_to, fills=fills
    )
    script, others = _narrow(script, only)
    keeps = _KEEPS if only is not None else 0.0
    made = _plan(script, spoken, tunes, wishes, keeps=keeps)
    gone: list[str] = []
    for name, role, music in _LUXURIES:
        if made.rundown.duration_s <= target_s + (0.0 if is_up_to else _HIT_S):
            break
        fewer = {kind: tune for kind, tune in tunes.items() if kind is not music}
        rest = replace(spoken, clips=tuple(clip for clip in spoken.clips if clip.passage.role is not role))
        shorter = _plan(script, rest, fewer, wishes, keeps=keeps)
        if shorter.rundown.frames < made.rundown.frames:
            made, spoken, tunes = shorter, rest, fewer
            gone.append(f"without {name}: there is no time for it")
    return replace(made, dropped=(*made.dropped, *others), notes=(*gone, *made.notes))


def _narrow(script: Script, only: Collection[str] | None) -> tuple[Script, tuple[Left, ...]]:
    """The stories that may air, and the others."""
    if only is None:
        return script, ()
    kept: list[StoryScript] = [item for item in script.stories if item.story.id in only]
    others = tuple(
        Left(title=item.story.title, reason=_NOT_FIRST, article_id=item.story.best.id)
        for item in script.stories
        if item.story.id not in only
    )
    return replace(script, stories=tuple(kept)), others


def _plan(
    script: Script, spoken: Spoken, tunes: Mapping[Music, Tune], wishes: Wishes, *, keeps: float
) -> Plan:
    """The nearest that can be reached; stories drop from the end, unless only without another it is hit."""
    budget = replace(make_budget(offer_all(script, spoken), tunes, wishes), keeps=keeps)
    choice, rundown = _decide(script, spoken, tunes, wishes, budget, may_skip=False)
    if choice.dropped and not _hits(rundown, wishes):
        skipping = _decide(script, spoken, tunes, wishes, budget, may_skip=True)
        if _hits(skipping[1], wishes):
            choice, rundown = skipping
    if wishes.fills and not _hits(rundown, wishes):
        rundown = fit(choice, tunes, wishes)
    return Plan(
        rundown=rundown,
        aired=tuple(one.clip.passage for one in rundown.voiced),
        dropped=choice.dropped,
        notes=_notes(choice, rundown, wishes),
    )


def _decide(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[Music, Tune],
    wishes: Wishes,
    budget: Budget,
    *,
    may_skip: bool,
) -> tuple[Choice, Rundown]:
    """
    Choose and place; again when the budget had reckoned amiss.

    Which stings play and which words lie over music shows only when everything is placed.
    """
    tried: list[tuple[Choice, Rundown]] = []
    for _ in range(_TRIES):
        choice = choose_cuts(script, spoken, budget, may_skip=may_skip)
        rundown = fit(choice, tunes, replace(wishes, fills=False))
        tried.append((choice, rundown))
        if _hits(rundown, wishes):
            break
        natural = lay_out(choice, tunes, breath=wishes.natural, rate_hz=1000, bed=wishes.bed)
        amiss_s = natural.duration_s - budget.lasts_s(choice)
        budget = replace(budget, fixed_s=budget.fixed_s + amiss_s + _SAFE_S * wishes.is_up_to)
    return min(tried, key=lambda one: _miss_s(one[1], wishes))


def _miss_s(rundown: Rundown, wishes: Wishes) -> float:
    over_s = rundown.duration_s - wishes.target_s
    return max(0.0, over_s) if wishes.is_up_to else abs(over_s)


def _hits(rundown: Rundown, wishes: Wishes) -> bool:
    return _miss_s(rundown, wishes) <= (0.0 if wishes.is_up_to else _HIT_S)


def _notes(choice: Choice, rundown: Rundown, wishes: Wishes) -> tuple[str, ...]:
    fill_s = rundown.breath.fill_s
    if fill_s:
        return (f"there is too little news: the bed plays on for {fill_s:.1f} s before the end",)
    if _hits(rundown, wishes):
        return ()
    lasts = f"{clock(rundown.duration_s)} for a target of {clock(wishes.target_s)}"
    if rundown.duration_s > wishes.target_s:
        alone = len(choice.told) <= 1
        why = "opening, lead story and closing alone are longer" if alone else "no cut of the stories fits"
    elif any(left.reason == NO_ROOM for left in choice.dropped):
        why = "the next story would be too long"
    else:
        why = "there is too little news"
    unfilled = wishes.fills and rundown.duration_s < wishes.target_s
    return (f"{lasts}: {why}" + (", and no bed to fill the rest" if unfilled else ""),)


def clock(seconds: float) -> str:
    """117.3 -> "1:57.3"."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"
