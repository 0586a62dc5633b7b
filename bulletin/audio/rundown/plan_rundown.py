"""Script, Spoken and jingle timings -> Plan: rundown, aired passages and dropped stories. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

from bulletin.audio.choose_stories_that_fit import (
    NO_ROOM,
    CutChoice,
    LengthBudget,
    choose_cuts,
    leave_out,
    take_longest_cuts,
)
from bulletin.audio.metering.quality_report import clock
from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming, Rundown, lay_out_rundown
from bulletin.audio.rundown.drop_incomplete_speech_clips import drop_incomplete_clips
from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget, fit_length, make_length_budget
from bulletin.model import Cut, Left, Passage, Role, Script, Spoken

_HIT_S = 0.05
"""Largest difference from the target that counts as a hit."""
_TRIES = 3
_SAFE_S = 0.02
_NOT_FIRST = "is not in the first rendition"
_DROP_COST = 3.0
"""Extra cost of dropping a story of the first rendition: more than several shorter cuts."""
_Extra = tuple[str, Role | None, JingleKind | None]
_EXTRAS: tuple[_Extra, ...] = (
    ("the ident's voice-over", Role.IDENT, None),
    ("headlines", Role.HEADLINE, None),
    ("the closing jingle", None, JingleKind.CLOSING),
    ("the ident", Role.IDENT, JingleKind.IDENT),
)
"""Parts that a bulletin can lose, in the order in which they go; approved headlines go after all the others."""
_LEAD_BY_HEADLINE = "only the headline of the lead airs: its shortest cut is longer than the whole bulletin"
_HEADLINE_STORIES = 6
"""Stories, from the lead on, that are tried as headlines only when nothing else hits the length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A bulletin that can be mixed."""

    rundown: Rundown
    aired: tuple[Passage, ...]
    """Passages in running order."""
    dropped: tuple[Left, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    """Everything that a rundown is planned from."""

    script: Script
    spoken: Spoken
    timings: Mapping[JingleKind, JingleTiming]
    length: LengthTarget
    drop_cost: float
    """Extra cost of each dropped story."""
    is_approved: bool
    """An editor approved these words for this rendition: no story is dropped and no headline left out, if possible."""

    def hits(self, rundown: Rundown) -> bool:
        return is_hit(rundown, self.length)


def plan_rundown(
    script: Script,
    spoken: Spoken,
    timings: Mapping[JingleKind, JingleTiming],
    length: LengthTarget,
    *,
    only: Collection[str] | None = None,
    is_all: bool = True,
) -> Plan:
    """
    Decide what airs and when, so that the bulletin hits its length.

    Stories and cuts are chosen first; then gaps and music give way, then the speech is stretched
    (fit_rundown_to_length.py). A bulletin that is still too long loses the ident's voice-over (the opening names the
    station too), the headlines, the closing jingle and the ident, in this order; headlines that an editor approved
    go last. Of a lead longer than the whole bulletin only the headline airs, and so of another story where nothing
    else hits the length.
    Incomplete clips count as not spoken. Notes name the omitted parts and the missed length.

    `only`: ids of the stories that may air. `is_all`: the script holds all available stories, not only the
    stories worth speaking.
    """
    spoken, incomplete = drop_incomplete_clips(spoken)
    script, excluded = _select_stories(script, only)
    material = _Material(
        script=script,
        spoken=spoken,
        timings=timings,
        length=length,
        drop_cost=_DROP_COST if only is not None else 0.0,
        is_approved=script.is_approved and only is None,
    )
    best = _plan_without_extras(material)
    if best.rundown.frames > length.frames and (shorter := _use_headline(material, 0)):
        other = _plan_without_extras(shorter)
        if other.rundown.frames < best.rundown.frames:
            best = replace(other, notes=(_LEAD_BY_HEADLINE, *other.notes))
    if not length.is_up_to and not material.hits(best.rundown):
        best = _plan_with_headline_stories(material) or best
    notes = (*best.notes, *describe_miss(best, length, is_all=is_all))
    return replace(best, dropped=(*best.dropped, *excluded), notes=(*incomplete, *notes))


def _plan_without_extras(material: _Material) -> Plan:
    """
    Leave out extras of a bulletin that is too long, or where that makes room for a story that hits the length.

    The fewest extras that hit the length; if none do, the extras that bring a long bulletin nearest to it.
    """
    plan = _plan(material)
    is_long = plan.rundown.frames > material.length.frames
    has_more = any(left.reason == NO_ROOM for left in plan.dropped)
    if _is_good(plan, material) or not (is_long or has_more):
        return plan
    plans = [plan]
    for cut in _extras_to_cut(material):
        roles, kinds = {role for _, role, _ in cut}, {kind for _, _, kind in cut}
        clips = tuple(clip for clip in material.spoken.clips if clip.passage.role not in roles)
        timings = {kind: timing for kind, timing in material.timings.items() if kind not in kinds}
        plan = _plan(replace(material, spoken=replace(material.spoken, clips=clips), timings=timings))
        notes = tuple(f"without {name}, for want of time" for name, _, _ in cut)
        plans.append(replace(plan, notes=(*notes, *plan.notes)))
        if _is_good(plan, material):
            return plans[-1]
    if hits := [plan for plan in plans if material.hits(plan.rundown)]:
        return min(hits, key=lambda plan: len(plan.dropped))
    return min(plans, key=lambda plan: _regret(plan.rundown, material.length)) if is_long else plans[0]


def _is_good(plan: Plan, material: _Material) -> bool:
    """Whether the plan hits the length, with every story that an editor approved."""
    return material.hits(plan.rundown) and not (material.is_approved and plan.dropped)


def _extras_to_cut(material: _Material) -> Sequence[tuple[_Extra, ...]]:
    """The extras to leave out at one try, the fewest first; approved headlines only when nothing else helps."""
    roles_spoken = {clip.passage.role for clip in material.spoken.clips}
    extras = [extra for extra in _EXTRAS if extra[1] in roles_spoken or extra[2] in material.timings]
    cuts = list(chain.from_iterable(combinations(extras, count + 1) for count in range(len(extras))))
    if material.is_approved:
        cuts.sort(key=lambda cut: any(role is Role.HEADLINE for _, role, _ in cut))
    return cuts


def _plan_with_headline_stories(material: _Material) -> Plan | None:
    """
    A plan that hits the length with only the headlines of one or two stories; None when there is none.

    In a short bulletin without music and with a slow voice, opening and closing take most of the time, and
    no cut of a story may fit into the rest.
    """
    stories = material.script.stories
    # The lead last: listeners want it most.
    indices = [*range(1, min(len(stories), _HEADLINE_STORIES)), 0]
    for chosen in chain.from_iterable(combinations(indices, count) for count in (1, 2)):
        shorter: _Material | None = material
        for index in chosen:
            shorter = _use_headline(shorter, index) if shorter else None
        if not shorter:
            continue
        plan = _plan(shorter)
        if material.hits(plan.rundown):
            aired = {passage.story_id for passage in plan.aired}
            titles = [stories[n].story.title for n in sorted(chosen) if stories[n].story.id in aired]
            notes = [f'only the headline of "{title}" airs: no cut of it fits' for title in titles]
            return replace(plan, notes=(*notes, *plan.notes))
    return None


def _use_headline(material: _Material, index: int) -> _Material | None:
    """The same with the headline of a story as its only cut; None without one, and for a story that must air."""
    script, spoken = material.script, material.spoken
    item = script.stories[index] if index < len(script.stories) else None
    clip = next((clip for clip in spoken.clips if item and clip.passage == item.headline), None)
    if not item or not clip or item.is_required:
        return None
    cut = replace(clip.passage, role=Role.STORY, cut=Cut.SHORT, title=item.cuts[0].title)
    shorter = replace(item, cuts=(cut,), headline=None)
    return replace(
        material,
        script=replace(script, stories=(*script.stories[:index], shorter, *script.stories[index + 1 :])),
        spoken=replace(spoken, clips=(*spoken.clips, replace(clip, passage=cut))),
    )


def _select_stories(script: Script, only: Collection[str] | None) -> tuple[Script, tuple[Left, ...]]:
    """The script with the stories that may air, and the others."""
    if only is None:
        return script, ()
    selected = tuple(item for item in script.stories if item.story.id in only)
    excluded = tuple(leave_out(item, _NOT_FIRST) for item in script.stories if item.story.id not in only)
    return replace(script, stories=selected), excluded


def _plan(material: _Material) -> Plan:
    """The nearest length that can be reached; stories drop from the end, unless only dropping another hits it."""
    length, timings = material.length, material.timings
    longest = take_longest_cuts(material.script, material.spoken)
    budget = replace(make_length_budget(longest, timings, length), drop_cost=material.drop_cost)
    choice, rundown = _choose_and_place(material, budget, may_skip=False)
    is_lead_too_long = len(choice.stories) == 1 and rundown.frames > length.frames
    if choice.dropped and not material.hits(rundown) and not is_lead_too_long:
        skipping = _choose_and_place(material, budget, may_skip=True)
        if material.hits(skipping[1]):
            choice, rundown = skipping
    if length.fills and not material.hits(rundown):
        rundown = fit_length(choice, timings, length)
    return Plan(
        rundown=rundown,
        aired=tuple(voiced.clip.passage for voiced in rundown.voiced),
        dropped=choice.dropped,
        notes=(),
    )


def _choose_and_place(
    material: _Material, budget: LengthBudget, *, may_skip: bool
) -> tuple[CutChoice, Rundown]:
    """
    Choose cuts and lay them out; again with a corrected budget when its estimate was wrong.

    Which stings play, and which words fit over music, is known only when everything has its place.
    """
    length, timings = material.length, material.timings
    tries: list[tuple[CutChoice, Rundown]] = []
    for _ in range(_TRIES):
        choice = choose_cuts(material.script, material.spoken, budget, may_skip=may_skip)
        if tries and choice == tries[-1][0]:
            break
        rundown = fit_length(choice, timings, replace(length, fills=False))
        tries.append((choice, rundown))
        if material.hits(rundown):
            break
        natural = lay_out_rundown(choice, timings, pacing=length.natural_pacing, rate_hz=1000, bed=length.bed)
        error_s = natural.duration_s - budget.estimate_s(choice)
        budget = replace(budget, fixed_s=budget.fixed_s + error_s + _SAFE_S * length.is_up_to)
    return min(tries, key=lambda result: _miss_s(result[1], length))


def _miss_s(rundown: Rundown, length: LengthTarget) -> float:
    over_s = rundown.duration_s - length.target_s
    return max(0.0, over_s) if length.is_up_to else abs(over_s)


def _regret(rundown: Rundown, length: LengthTarget) -> float:
    """Cost of a missed length; too long is worse, since an automation cuts off the end."""
    miss_s = _miss_s(rundown, length)
    return 3.0 * miss_s if rundown.frames > length.frames else miss_s


def is_hit(rundown: Rundown, length: LengthTarget) -> bool:
    """Whether a rundown has its length."""
    return _miss_s(rundown, length) <= (0.0 if length.is_up_to else _HIT_S)


def describe_miss(plan: Plan, length: LengthTarget, *, is_all: bool) -> tuple[str, ...]:
    """Note on a missed length: the reason and the remedy."""
    rundown = plan.rundown
    fill_s = rundown.pacing.fill_s
    if fill_s:
        return (f"there is too little news: the bed plays on for {fill_s:.1f} s before the end",)
    if is_hit(rundown, length):
        return ()
    lasts = f"{clock(rundown.duration_s)} for a target of {clock(length.target_s)}"
    if rundown.duration_s > length.target_s:
        is_alone = sum(passage.role is Role.STORY for passage in plan.aired) <= 1
        why = "opening, lead story and closing alone are longer" if is_alone else "no cut of the stories fits"
        return (f"{lasts}: {why}",)
    if is_all and not any(left.reason == NO_ROOM for left in plan.dropped):
        why, remedy = "there is too little news", ""
    else:
        why = "no choice of stories, cuts and headlines comes nearer, with gaps and speech stretched"
        remedy = '; another length, or "up to" it, leaves more to choose from'
    return (f"{lasts}: {why}" + (", and no bed to fill the rest" if length.fills else remedy),)
