"""Measured clips -> which stories air, at which length: decided, not yet placed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bulletin.audio.drop_costs import drop_costs, may_go_alone
from bulletin.model import Clip, Cut, Left, Passage, Script, Spoken, StoryScript

Floats = npt.NDArray[np.float64]

NO_ROOM = "no room"
NOT_SPOKEN = "was not spoken"
_STEP_S = 0.1
"""How finely totals are told apart while choosing; placing is exact."""
_SHORTER = 0.3
"""What it costs to tell a story shorter than normal; costs weigh against one another, they have no unit."""
_LEAD_SHORTER = 0.8
_LONGER = 0.25
_SPEECH_SHARE = 0.9
"""Of the stories' time; the rest is gaps and stings."""
_FAR_OVER_S = 15.0
_PER_S_LOST = 1.5
"""For each second that nothing can make good."""
_PER_S_OVER = 3.0
"""The same when it is too long: an automation cuts off the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """A story as it will air."""

    script: StoryScript
    clip: Clip
    headline: Clip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutChoice:
    """What airs, in running order."""

    ident: Clip | None
    opening: Clip | None
    told: tuple[ToldStory, ...]
    closing: Clip | None
    dropped: tuple[Left, ...] = ()

    @property
    def headlines(self) -> tuple[Clip, ...]:
        return tuple(item.headline for item in self.told if item.headline)


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthSlack:
    """Something that gives way: how many seconds it yields, and what each costs."""

    fixed_s: float = 0.0
    """By music and the station's own words."""
    gap_s: float = 0.0
    """By each gap before a story or a headline."""
    share: float = 0.0
    """By the stories' speech, as a share of its length."""
    per_s: float = 0.0
    once: float = 0.0
    """What it costs to use it at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthBudget:
    """What a choice has to fit into, in seconds."""

    target_s: float
    fixed_s: float
    """Everything but stories and headlines: music, opening, closing, gaps around them."""
    story_s: float
    """Around each story: the gap and the sting before it."""
    headline_s: float
    """The gap before each headline."""
    shrinks: tuple[LengthSlack, ...] = ()
    """What makes the whole shorter, in the order in which it gives way."""
    grows: tuple[LengthSlack, ...] = ()
    """What makes it longer."""
    per_s_over: float = _PER_S_OVER
    """What each second costs by which it stays too long."""
    per_s_under: float = _PER_S_LOST
    keeps: float = 0.0
    """What dropping any story costs beside the usual."""

    def lasts_s(self, choice: CutChoice) -> float:
        """What a choice is reckoned to last, with its natural breath."""
        return self.fixed_s + _STEP_S * sum(
            _steps(item.clip, item.headline, budget=self) for item in choice.told
        )


@dataclass(frozen=True, slots=True)
class _Telling:
    """A way to tell a story, or to leave it out (no clip)."""

    clip: Clip | None
    cost: float
    steps: int
    """How much longer it makes the bulletin, in _STEP_S."""
    gaps: int
    """How many gaps it adds."""


def choose_cuts(script: Script, spoken: Spoken, budget: LengthBudget, *, may_skip: bool = False) -> CutChoice:
    """
    Choose the stories and the cut of each that come nearest to the target at the least loss.

    - The lead always airs.
    - News is dropped from its end; the light story that ends it, sport, travel and weather go last.
    - Stories are told short before one is dropped, the lead last; long ones fill what is left.
    - Only stories that air have headlines, and a story alone needs none.

    With `may_skip` any story but the lead may be left out, whatever airs after it.
    """
    by_passage = {clip.passage: clip for clip in spoken.clips}
    offered = offer_all(script, spoken)
    chosen = _best_way([item.script for item in offered.told], by_passage, budget, may_skip=may_skip)
    pairs = list(zip(offered.told, chosen, strict=True))
    told = tuple(replace(item, clip=clip) for item, clip in pairs if clip)
    dropped = tuple(_left(item.script, NO_ROOM) for item, clip in pairs if not clip)
    if len(told) == 1:
        told = (replace(told[0], headline=None),)
    return replace(offered, told=told, dropped=(*offered.dropped, *dropped))


def offer_all(script: Script, spoken: Spoken) -> CutChoice:
    """Every story that was spoken, at its longest; those that were not are dropped."""
    by_passage = {clip.passage: clip for clip in spoken.clips}
    spoken_cuts = [(item, _clips(item, by_passage)) for item in script.stories]
    return CutChoice(
        ident=by_passage.get(script.ident) if script.ident else None,
        opening=by_passage.get(script.opening),
        told=tuple(
            ToldStory(script=item, clip=clips[-1], headline=_headline(item, by_passage))
            for item, clips in spoken_cuts
            if clips
        ),
        closing=by_passage.get(script.closing),
        dropped=tuple(_left(item, NOT_SPOKEN) for item, clips in spoken_cuts if not clips),
    )


def _best_way(
    stories: Sequence[StoryScript],
    by_passage: Mapping[Passage, Clip],
    budget: LengthBudget,
    *,
    may_skip: bool,
) -> tuple[Clip | None, ...]:
    """Walk through the stories, keeping for each total length the cheapest way to come to it."""
    go_alone = may_go_alone(stories)
    drops = drop_costs(stories, go_alone)
    tellings = [_tellings(stories, place, by_passage, budget, drops[place]) for place in range(len(stories))]
    if not tellings:
        return ()
    # Far over the target nothing is worth looking at, unless the lead alone is longer.
    room = round((budget.target_s - budget.fixed_s + _FAR_OVER_S) / _STEP_S)
    board = _Board(max(room, min(telling.steps for telling in tellings[0])) + 1)
    for place, options in enumerate(tellings):
        board.advance(options, may_go_alone=may_skip or go_alone[place])
    lead_headline = _headline(stories[0], by_passage)
    # A story alone has no headline; that it is alone shows only now.
    is_alone = board.gaps == tellings[0][0].gaps
    unsaid_s = is_alone * (lead_headline.duration_s + budget.headline_s if lead_headline else 0.0)
    totals_s = np.asarray(budget.fixed_s + np.arange(board.size) * _STEP_S - unsaid_s, dtype=np.float64)
    chosen = board.cheapest(_amiss(totals_s, budget, gaps=np.where(is_alone, np.int32(1), board.gaps)))
    return tuple(options[number].clip for options, number in zip(tellings, chosen, strict=True))


class _Board:
    """
    The cheapest way to each total length: a row while all news aired so far, a row once one was dropped.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._costs = np.full((2, size), np.inf)
        self._costs[0, 0] = 0.0
        self.gaps = np.zeros((2, size), dtype=np.int32)
        self._longest = 0
        """No way is longer yet."""
        self._trail: list[tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]] = []
        self._steps: list[list[int]] = []

    def advance(self, options: Sequence[_Telling], *, may_go_alone: bool) -> None:
        """Add a story to every way so far, in each way that it can be told."""
        costs, gaps = np.full_like(self._costs, np.inf), np.zeros_like(self.gaps)
        picked, before = np.zeros(costs.shape, dtype=np.int8), np.zeros(costs.shape, dtype=np.int8)
        for number, telling in enumerate(options):
            for row in (0, 1):
                if telling.clip and row and not may_go_alone:
                    continue
                to = 1 if row or not (telling.clip or may_go_alone) else 0
                left = max(min(self.size - telling.steps, self._longest + 1), 0)
                there = slice(telling.steps, telling.steps + left)
                reached = self._costs[row, :left] + telling.cost
                is_better = reached < costs[to, there]
                np.copyto(costs[to, there], reached, where=is_better)
                np.copyto(gaps[to, there], self.gaps[row, :left] + telling.gaps, where=is_better)
                np.copyto(picked[to, there], number, where=is_better)
                np.copyto(before[to, there], row, where=is_better)
        self._costs, self.gaps = costs, gaps
        self._longest += max(telling.steps for telling in options)
        self._trail.append((picked, before))
        self._steps.append([telling.steps for telling in options])

    def cheapest(self, extra: npt.NDArray[np.float64]) -> list[int]:
        """Which telling of each story, on the way whose cost with `extra` is least."""
        row, at = (int(n) for n in np.unravel_index(np.argmin(self._costs + extra), extra.shape))
        chosen = []
        for (picked, before), steps in zip(reversed(self._trail), reversed(self._steps), strict=True):
            number = int(picked[row, at])
            row, at = int(before[row, at]), at - steps[number]
            chosen.append(number)
        return chosen[::-1]


def _tellings(
    stories: Sequence[StoryScript],
    place: int,
    by_passage: Mapping[Passage, Clip],
    budget: LengthBudget,
    drop_cost: float,
) -> list[_Telling]:
    """Each cut of a story, and leaving it out, with what that costs; the lead is never left out."""
    item = stories[place]
    headline = _headline(item, by_passage)
    clips = _clips(item, by_passage)
    normal = next((n for n, clip in enumerate(clips) if clip.passage.cut is Cut.NORMAL), len(clips) - 1)
    shorter = _LEAD_SHORTER if place == 0 else _SHORTER
    tellings = [
        _Telling(
            clip=clip,
            cost=(normal - n) * shorter if n < normal else (n - normal) * _LONGER,
            steps=_steps(clip, headline, budget=budget),
            gaps=2 if headline else 1,
        )
        for n, clip in enumerate(clips)
    ]
    if place:
        tellings.append(_Telling(clip=None, cost=drop_cost + budget.keeps, steps=0, gaps=0))
    return tellings


def _steps(clip: Clip, headline: Clip | None, *, budget: LengthBudget) -> int:
    """How much longer a story makes the bulletin, with its headline."""
    headline_s = headline.duration_s + budget.headline_s if headline else 0.0
    return round((clip.duration_s + budget.story_s + headline_s) / _STEP_S)


def _amiss(totals_s: Floats, budget: LengthBudget, *, gaps: npt.NDArray[np.int32]) -> Floats:
    """What it costs to bring each total to the target, or to stay away from it."""
    over_s = totals_s - budget.target_s
    speech_s = _SPEECH_SHARE * np.maximum(totals_s - budget.fixed_s, 0.0)
    cost = np.zeros_like(totals_s)
    for slacks, per_s, amiss_s in (
        (budget.shrinks, budget.per_s_over, np.maximum(over_s, 0.0)),
        (budget.grows, budget.per_s_under, np.maximum(-over_s, 0.0)),
    ):
        for slack in slacks:
            taken = np.minimum(amiss_s, slack.fixed_s + gaps * slack.gap_s + speech_s * slack.share)
            cost += taken * slack.per_s + (taken > 0) * slack.once
            amiss_s = amiss_s - taken
        cost += amiss_s * per_s
    return np.asarray(cost)


def _clips(item: StoryScript, by_passage: Mapping[Passage, Clip]) -> list[Clip]:
    """The cuts that were spoken, shortest first."""
    found = (by_passage.get(cut) for cut in item.cuts)
    return sorted((clip for clip in found if clip), key=lambda clip: clip.duration_s)


def _headline(item: StoryScript, by_passage: Mapping[Passage, Clip]) -> Clip | None:
    return by_passage.get(item.headline) if item.headline else None


def _left(item: StoryScript, reason: str) -> Left:
    return Left(title=item.story.title, reason=reason, article_id=item.story.best.id)
