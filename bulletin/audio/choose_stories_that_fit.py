"""Spoken -> CutChoice: the stories that air and the cut of each, not yet placed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bulletin.audio.score_stories_for_dropping import drop_costs, find_droppable_alone
from bulletin.model import Clip, Cut, Left, Passage, Script, Spoken, StoryScript

Floats = npt.NDArray[np.float64]

NO_ROOM = "no room"
NOT_SPOKEN = "was not spoken"
_STEP_S = 0.1
"""Resolution of total lengths while choosing; the rundown is exact to the frame."""
_SHORTER = 0.3
"""Cost of each cut shorter than the normal one; costs have no unit, they are only compared."""
_LEAD_SHORTER = 0.8
_LONGER = 0.25
_SPEECH_SHARE = 0.9
"""Share of speech in the stories' time; the rest is gaps and stings."""
_FAR_OVER_S = 15.0
_PER_S_LOST = 1.5
"""Cost of each second that the bulletin stays too short."""
_PER_S_OVER = 3.0
"""Cost of each second that it stays too long: an automation cuts off the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AiringStory:
    """A story with the cut that airs."""

    script: StoryScript
    clip: Clip
    headline: Clip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutChoice:
    """Parts that air, in running order."""

    ident: Clip | None
    opening: Clip | None
    stories: tuple[AiringStory, ...]
    closing: Clip | None
    dropped: tuple[Left, ...] = ()

    @property
    def headlines(self) -> tuple[Clip, ...]:
        return tuple(item.headline for item in self.stories if item.headline)


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthSlack:
    """Elastic part of a bulletin: the seconds that it yields, and their cost."""

    fixed_s: float = 0.0
    """Yield of music and of the station's own words."""
    gap_s: float = 0.0
    """Yield of each gap before a story or a headline."""
    share: float = 0.0
    """Yield of the stories' speech, as a share of its length."""
    per_s: float = 0.0
    """Cost of each second."""
    once: float = 0.0
    """Cost of using it at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthBudget:
    """Time that a choice of stories has to fit into."""

    target_s: float
    fixed_s: float
    """Music, opening, closing and the gaps around them."""
    story_s: float
    """Gap and sting before each story."""
    headline_s: float
    """Gap before each headline."""
    shrinks: tuple[LengthSlack, ...] = ()
    """Ways to make the bulletin shorter, in the order of their use."""
    grows: tuple[LengthSlack, ...] = ()
    """Ways to make it longer."""
    per_s_over: float = _PER_S_OVER
    """Cost of each second that it stays too long."""
    per_s_under: float = _PER_S_LOST
    """Cost of each second that it stays too short."""
    drop_cost: float = 0.0
    """Extra cost of dropping any story."""

    def estimate_s(self, choice: CutChoice) -> float:
        """Estimated length of a choice at its natural pacing."""
        return self.fixed_s + _STEP_S * sum(
            _steps(item.clip, item.headline, budget=self) for item in choice.stories
        )


@dataclass(frozen=True, slots=True)
class _CutOption:
    """A cut of a story, or no cut: the story is dropped."""

    clip: Clip | None
    cost: float
    steps: int
    """Length that it adds to the bulletin, in _STEP_S."""
    gaps: int
    """Number of gaps that it adds."""


def choose_cuts(script: Script, spoken: Spoken, budget: LengthBudget, *, may_skip: bool = False) -> CutChoice:
    """
    Choose the stories and the cut of each that come nearest to the target at the least cost.

    - The lead always airs.
    - News is dropped from its end; the light story at its end, sport, travel and weather go last.
    - Short cuts are used before a story is dropped, of the lead last; long cuts fill the rest.
    - Only stories that air have headlines, and a single story needs none.

    With `may_skip` any story but the lead may be dropped, even before stories that air.
    """
    by_passage = {clip.passage: clip for clip in spoken.clips}
    longest = take_longest_cuts(script, spoken)
    chosen = _find_cheapest([item.script for item in longest.stories], by_passage, budget, may_skip=may_skip)
    pairs = list(zip(longest.stories, chosen, strict=True))
    stories = tuple(replace(item, clip=clip) for item, clip in pairs if clip)
    dropped = tuple(leave_out(item.script, NO_ROOM) for item, clip in pairs if not clip)
    if len(stories) == 1:
        stories = (replace(stories[0], headline=None),)
    return replace(longest, stories=stories, dropped=(*longest.dropped, *dropped))


def take_longest_cuts(script: Script, spoken: Spoken) -> CutChoice:
    """Every spoken story with its longest cut; stories that were not spoken are dropped."""
    by_passage = {clip.passage: clip for clip in spoken.clips}
    clips_by_story = [(item, _clips(item, by_passage)) for item in script.stories]
    return CutChoice(
        ident=by_passage.get(script.ident) if script.ident else None,
        opening=by_passage.get(script.opening),
        stories=tuple(
            AiringStory(script=item, clip=clips[-1], headline=_headline(item, by_passage))
            for item, clips in clips_by_story
            if clips
        ),
        closing=by_passage.get(script.closing),
        dropped=tuple(leave_out(item, NOT_SPOKEN) for item, clips in clips_by_story if not clips),
    )


def _find_cheapest(
    stories: Sequence[StoryScript],
    by_passage: Mapping[Passage, Clip],
    budget: LengthBudget,
    *,
    may_skip: bool,
) -> tuple[Clip | None, ...]:
    """Dynamic programming over the stories: the cheapest combination of cuts for each total length."""
    droppable_alone = find_droppable_alone(stories)
    drops = drop_costs(stories, droppable_alone)
    options = [_cut_options(stories, n, by_passage, budget, drops[n]) for n in range(len(stories))]
    if not options:
        return ()
    # Totals far over the target are useless, unless the lead alone is longer.
    room = round((budget.target_s - budget.fixed_s + _FAR_OVER_S) / _STEP_S)
    table = _CostTable(max(room, min(option.steps for option in options[0])) + 1)
    for story_options, is_alone in zip(options, droppable_alone, strict=True):
        table.add_story(story_options, is_droppable_alone=may_skip or is_alone)
    lead_headline = _headline(stories[0], by_passage)
    # A single story has no headline; whether it is single is known only now.
    is_single = table.gaps == options[0][0].gaps
    saved_s = is_single * (lead_headline.duration_s + budget.headline_s if lead_headline else 0.0)
    totals_s = np.asarray(budget.fixed_s + np.arange(table.size) * _STEP_S - saved_s, dtype=np.float64)
    chosen = table.find_cheapest(
        _length_costs(totals_s, budget, gaps=np.where(is_single, np.int32(1), table.gaps))
    )
    return tuple(choices[number].clip for choices, number in zip(options, chosen, strict=True))


class _CostTable:
    """
    Least cost for each total length: one row while all news so far airs, one row once a story was dropped.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._costs = np.full((2, size), np.inf)
        self._costs[0, 0] = 0.0
        self.gaps = np.zeros((2, size), dtype=np.int32)
        self._longest = 0
        """Longest total so far."""
        self._decisions: list[tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]] = []
        self._steps: list[list[int]] = []

    def add_story(self, options: Sequence[_CutOption], *, is_droppable_alone: bool) -> None:
        """Extend every total so far by each option of the next story."""
        costs, gaps = np.full_like(self._costs, np.inf), np.zeros_like(self.gaps)
        picked, before = np.zeros(costs.shape, dtype=np.int8), np.zeros(costs.shape, dtype=np.int8)
        for number, option in enumerate(options):
            for row in (0, 1):
                if option.clip and row and not is_droppable_alone:
                    continue
                to = 1 if row or not (option.clip or is_droppable_alone) else 0
                count = max(min(self.size - option.steps, self._longest + 1), 0)
                totals = slice(option.steps, option.steps + count)
                extended = self._costs[row, :count] + option.cost
                is_better = extended < costs[to, totals]
                np.copyto(costs[to, totals], extended, where=is_better)
                np.copyto(gaps[to, totals], self.gaps[row, :count] + option.gaps, where=is_better)
                np.copyto(picked[to, totals], number, where=is_better)
                np.copyto(before[to, totals], row, where=is_better)
        self._costs, self.gaps = costs, gaps
        self._longest += max(option.steps for option in options)
        self._decisions.append((picked, before))
        self._steps.append([option.steps for option in options])

    def find_cheapest(self, extra: Floats) -> list[int]:
        """Number of each story's option in the combination whose cost plus `extra` is least."""
        row, at = (int(n) for n in np.unravel_index(np.argmin(self._costs + extra), extra.shape))
        chosen = []
        for (picked, before), steps in zip(reversed(self._decisions), reversed(self._steps), strict=True):
            number = int(picked[row, at])
            row, at = int(before[row, at]), at - steps[number]
            chosen.append(number)
        return chosen[::-1]


def _cut_options(
    stories: Sequence[StoryScript],
    index: int,
    by_passage: Mapping[Passage, Clip],
    budget: LengthBudget,
    drop_cost: float,
) -> list[_CutOption]:
    """Each cut of a story, and dropping it unless it is the lead, with their costs."""
    item = stories[index]
    headline = _headline(item, by_passage)
    clips = _clips(item, by_passage)
    normal = next((n for n, clip in enumerate(clips) if clip.passage.cut is Cut.NORMAL), len(clips) - 1)
    shorter = _LEAD_SHORTER if index == 0 else _SHORTER
    options = [
        _CutOption(
            clip=clip,
            cost=(normal - n) * shorter if n < normal else (n - normal) * _LONGER,
            steps=_steps(clip, headline, budget=budget),
            gaps=2 if headline else 1,
        )
        for n, clip in enumerate(clips)
    ]
    if index:
        options.append(_CutOption(clip=None, cost=drop_cost + budget.drop_cost, steps=0, gaps=0))
    return options


def _steps(clip: Clip, headline: Clip | None, *, budget: LengthBudget) -> int:
    """Length that a story and its headline add to the bulletin, in _STEP_S."""
    headline_s = headline.duration_s + budget.headline_s if headline else 0.0
    return round((clip.duration_s + budget.story_s + headline_s) / _STEP_S)


def _length_costs(totals_s: Floats, budget: LengthBudget, *, gaps: npt.NDArray[np.int32]) -> Floats:
    """Cost of bringing each total to the target, or of missing it."""
    over_s = totals_s - budget.target_s
    speech_s = _SPEECH_SHARE * np.maximum(totals_s - budget.fixed_s, 0.0)
    cost = np.zeros_like(totals_s)
    for slacks, per_s, miss_s in (
        (budget.shrinks, budget.per_s_over, np.maximum(over_s, 0.0)),
        (budget.grows, budget.per_s_under, np.maximum(-over_s, 0.0)),
    ):
        for slack in slacks:
            used_s = np.minimum(miss_s, slack.fixed_s + gaps * slack.gap_s + speech_s * slack.share)
            cost += used_s * slack.per_s + (used_s > 0) * slack.once
            miss_s = miss_s - used_s
        cost += miss_s * per_s
    return np.asarray(cost)


def _clips(item: StoryScript, by_passage: Mapping[Passage, Clip]) -> list[Clip]:
    """Spoken cuts of a story, shortest first."""
    clips = (by_passage.get(cut) for cut in item.cuts)
    return sorted((clip for clip in clips if clip), key=lambda clip: clip.duration_s)


def _headline(item: StoryScript, by_passage: Mapping[Passage, Clip]) -> Clip | None:
    return by_passage.get(item.headline) if item.headline else None


def leave_out(item: StoryScript, reason: str) -> Left:
    """Record of a story that does not air."""
    return Left(title=item.story.title, reason=reason, article_id=item.story.best.id)
