"""Script and measured clips -> the running order, every sound in its place, and what was left out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain, combinations

from bulletin.audio.choose_cuts import NO_ROOM, CutChoice, LengthBudget, choose_cuts, offer_all
from bulletin.audio.layout import Bed, PlacedMusic, PlacedTune, Rundown, lay_out
from bulletin.audio.metering.quality_report import clock
from bulletin.audio.rundown.fit_length import LengthWishes, fit, make_budget
from bulletin.audio.rundown.incomplete_clips import leave_out_broken
from bulletin.model import Cut, Left, Passage, Role, Script, Spoken, StoryScript

_HIT_S = 0.05
"""Nearer to the target than this is no news."""
_TRIES = 3
_SAFE_S = 0.02
_NOT_FIRST = "is not in the first rendition"
_KEEPS = 3.0
"""What it costs to drop a story that the first rendition tells: more than to tell several shorter."""
_LUXURIES = (
    ("the ident's voice-over", Role.IDENT, None),
    ("headlines", Role.HEADLINE, None),
    ("the closing jingle", None, PlacedMusic.CLOSING),
    ("the ident", Role.IDENT, PlacedMusic.IDENT),
)
"""What a bulletin can do without, in the order in which it goes."""
_BY_HEADLINE = "the lead is told by its headline alone: it is longer than the whole bulletin may be"
_BRIEFEST = 6
"""So many stories, from the lead on, are tried by their headlines alone where nothing else hits the length."""


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
    tunes: Mapping[PlacedMusic, PlacedTune],
    *,
    target_s: float,
    gap_s: float,
    rate_hz: int,
    bend: float = 0.0,
    is_up_to: bool = False,
    bed: Bed = "headlines",
    fills: bool = False,
    only: Collection[str] | None = None,
    is_all: bool = True,
) -> Plan:
    """
    Decide what airs and when, so that the bulletin lasts `target_s`.

    Cuts and stories first, then gaps and music, then the speech is stretched or squeezed by a share of
    `bend` at most (breath.py). What is too long even then does without the ident's voice-over (the
    opening names the station too), then the headlines, the closing jingle, the ident; a lead longer
    than the whole is told by its headline, and so is a story where only that hits the length. Clips that
    the voice broke off count as not spoken. Notes say what went, and what still misses.

    - `is_up_to`: the target is only the most it may last; it is never longer, and nothing is drawn out.
    - `bed`: music under opening and headlines, under everything, or none at all, not even jingles.
    - `fills`: with too little news the bed plays on until the target; else the bulletin is shorter.
    - `only`: the ids of the stories that may air.
    - `is_all`: these are all stories that there are, not only those that seemed worth speaking.
    """
    wishes = LengthWishes(
        target_s=target_s, gap_s=gap_s, rate_hz=rate_hz, bend=bend, bed=bed, is_up_to=is_up_to, fills=fills
    )
    spoken, broken = leave_out_broken(spoken)
    script, others = _narrow(script, only)
    keeps = _KEEPS if only is not None else 0.0
    made = _do_without(script, spoken, tunes, wishes, keeps=keeps)
    if made.rundown.frames > wishes.target and (brief := _brief(script, spoken, place=0)):
        other = _do_without(*brief, tunes, wishes, keeps=keeps)
        if other.rundown.frames < made.rundown.frames:
            made = replace(other, notes=(_BY_HEADLINE, *other.notes))
    if not wishes.is_up_to and not _hits(made.rundown, wishes):
        made = _by_headlines(script, spoken, tunes, wishes, keeps=keeps) or made
    notes = (*made.notes, *_misses(made, wishes, is_all=is_all))
    return replace(made, dropped=(*made.dropped, *others), notes=(*broken, *notes))


def _do_without(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[PlacedMusic, PlacedTune],
    wishes: LengthWishes,
    *,
    keeps: float,
) -> Plan:
    """
    Leave out luxuries when it is too long, or when that makes room for the story that makes it exact.

    As few as hit the length; else as few as bring it nearest, when it is too long.
    """
    made = _plan(script, spoken, tunes, wishes, keeps=keeps)
    is_long = made.rundown.frames > wishes.target
    if _hits(made.rundown, wishes) or not (is_long or _has_more(made.dropped)):
        return made
    tried = [made]
    said = {clip.passage.role for clip in spoken.clips}
    here = [one for one in _LUXURIES if one[1] in said or one[2] in tunes]
    for gone in chain.from_iterable(combinations(here, count + 1) for count in range(len(here))):
        roles, music = {role for _, role, _ in gone}, {music for _, _, music in gone}
        rest = tuple(clip for clip in spoken.clips if clip.passage.role not in roles)
        fewer = {kind: tune for kind, tune in tunes.items() if kind not in music}
        other = _plan(script, replace(spoken, clips=rest), fewer, wishes, keeps=keeps)
        notes = tuple(f"without {name}, for want of time" for name, _, _ in gone)
        tried.append(replace(other, notes=(*notes, *other.notes)))
        if _hits(other.rundown, wishes):
            return tried[-1]
    return min(tried, key=lambda plan: _regret(plan.rundown, wishes)) if is_long else made


def _by_headlines(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[PlacedMusic, PlacedTune],
    wishes: LengthWishes,
    *,
    keeps: float,
) -> Plan | None:
    """
    A plan that hits the length because one or two stories are told by their headlines alone, if there is one.

    Of a short bulletin without music and with a slow voice, opening and closing are the most, and no cut
    of a story may fit into what is left.
    """
    # The lead last: of it listeners want most.
    places = [*range(1, min(len(script.stories), _BRIEFEST)), 0]
    for told in chain.from_iterable(combinations(places, count) for count in (1, 2)):
        brief: tuple[Script, Spoken] | None = script, spoken
        for place in told:
            brief = _brief(*brief, place=place) if brief else None
        if not brief:
            continue
        made = _plan(*brief, tunes, wishes, keeps=keeps)
        if _hits(made.rundown, wishes):
            aired = {passage.story_id for passage in made.aired}
            names = (brief[0].stories[place].story for place in sorted(told))
            notes = tuple(
                f'"{story.title}" is told by its headline alone: no cut of it fits'
                for story in names
                if story.id in aired
            )
            return replace(made, notes=(*notes, *made.notes))
    return None


def _brief(script: Script, spoken: Spoken, *, place: int) -> tuple[Script, Spoken] | None:
    """The same with one story that is told by its headline, if it has one."""
    item = script.stories[place] if place < len(script.stories) else None
    head = next((clip for clip in spoken.clips if item and clip.passage == item.headline), None)
    if not item or not head:
        return None
    told = replace(head.passage, role=Role.STORY, cut=Cut.SHORT, title=item.cuts[0].title)
    brief = replace(item, cuts=(told,), headline=None)
    return (
        replace(script, stories=(*script.stories[:place], brief, *script.stories[place + 1 :])),
        replace(spoken, clips=(*spoken.clips, replace(head, passage=told))),
    )


def _has_more(dropped: tuple[Left, ...]) -> bool:
    return any(left.reason == NO_ROOM for left in dropped)


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
    script: Script,
    spoken: Spoken,
    tunes: Mapping[PlacedMusic, PlacedTune],
    wishes: LengthWishes,
    *,
    keeps: float,
) -> Plan:
    """The nearest that can be reached; stories drop from the end, unless only without another it is hit."""
    budget = replace(make_budget(offer_all(script, spoken), tunes, wishes), keeps=keeps)
    choice, rundown = _decide(script, spoken, tunes, wishes, budget, may_skip=False)
    is_lead_too_long = len(choice.told) == 1 and rundown.frames > wishes.target
    if choice.dropped and not _hits(rundown, wishes) and not is_lead_too_long:
        skipping = _decide(script, spoken, tunes, wishes, budget, may_skip=True)
        if _hits(skipping[1], wishes):
            choice, rundown = skipping
    if wishes.fills and not _hits(rundown, wishes):
        rundown = fit(choice, tunes, wishes)
    return Plan(
        rundown=rundown,
        aired=tuple(one.clip.passage for one in rundown.voiced),
        dropped=choice.dropped,
        notes=(),
    )


def _decide(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[PlacedMusic, PlacedTune],
    wishes: LengthWishes,
    budget: LengthBudget,
    *,
    may_skip: bool,
) -> tuple[CutChoice, Rundown]:
    """
    Choose and place; again when the budget had reckoned amiss.

    Which stings play and which words lie over music shows only when everything is placed.
    """
    tried: list[tuple[CutChoice, Rundown]] = []
    for _ in range(_TRIES):
        choice = choose_cuts(script, spoken, budget, may_skip=may_skip)
        if tried and choice == tried[-1][0]:
            break
        rundown = fit(choice, tunes, replace(wishes, fills=False))
        tried.append((choice, rundown))
        if _hits(rundown, wishes):
            break
        natural = lay_out(choice, tunes, breath=wishes.natural, rate_hz=1000, bed=wishes.bed)
        amiss_s = natural.duration_s - budget.lasts_s(choice)
        budget = replace(budget, fixed_s=budget.fixed_s + amiss_s + _SAFE_S * wishes.is_up_to)
    return min(tried, key=lambda one: _miss_s(one[1], wishes))


def _miss_s(rundown: Rundown, wishes: LengthWishes) -> float:
    over_s = rundown.duration_s - wishes.target_s
    return max(0.0, over_s) if wishes.is_up_to else abs(over_s)


def _regret(rundown: Rundown, wishes: LengthWishes) -> float:
    """Too long is worse: an automation cuts off the end."""
    miss_s = _miss_s(rundown, wishes)
    return 3.0 * miss_s if rundown.frames > wishes.target else miss_s


def _hits(rundown: Rundown, wishes: LengthWishes) -> bool:
    return _miss_s(rundown, wishes) <= (0.0 if wishes.is_up_to else _HIT_S)


def _misses(plan: Plan, wishes: LengthWishes, *, is_all: bool) -> tuple[str, ...]:
    """In words, what is amiss with a plan's length."""
    rundown = plan.rundown
    fill_s = rundown.breath.fill_s
    if fill_s:
        return (f"there is too little news: the bed plays on for {fill_s:.1f} s before the end",)
    if _hits(rundown, wishes):
        return ()
    lasts = f"{clock(rundown.duration_s)} for a target of {clock(wishes.target_s)}"
    if rundown.duration_s > wishes.target_s:
        alone = sum(passage.role is Role.STORY for passage in plan.aired) <= 1
        why = "opening, lead story and closing alone are longer" if alone else "no cut of the stories fits"
        return (f"{lasts}: {why}",)
    if is_all and not _has_more(plan.dropped):
        why, remedy = "there is too little news", ""
    else:
        why = "no choice of stories, cuts and headlines comes nearer, with gaps spread and speech bent"
        remedy = '; another length, or "up to" it, leaves more to choose from'
    return (f"{lasts}: {why}" + (", and no bed to fill the rest" if wishes.fills else remedy),)
