"""Measured clips -> which stories air, at which length: decided, not yet placed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bulletin.model import Clip, Cut, Left, Passage, Script, Section, Spoken, StoryScript

NO_ROOM = "no room"
NOT_SPOKEN = "was not spoken"
_STEP_S = 0.1
"""The fineness with which totals are told apart while choosing; placing is exact."""
_SHORTER = 0.3
"""What it costs to tell a story shorter than normal; costs weigh against one another, they have no unit."""
_LEAD_SHORTER = 0.8
_LONGER = 0.25
_DROP_NEWS = (2.4, 2.0, 1.6, 1.3, 1.0)
"""Of the second news story, the third ...; the last figure holds for all that follow."""
_DROP_LIGHT = 1.3
_DROP_SECTION = {Section.SPORT: (1.5, 0.5), Section.TRAVEL: (1.2, 0.4), Section.WEATHER: (3.0, 0.3)}
"""One story of each is what listeners wait for; a second one only fills a long bulletin."""
_PER_S_AMISS = 0.06
"""For each second that gaps and music have to make good."""
_PER_S_LOST = 1.5
"""For each second that they cannot make good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as it will air."""

    script: StoryScript
    clip: Clip
    headline: Clip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What airs, in running order."""

    ident: Clip | None
    opening: Clip | None
    told: tuple[Told, ...]
    closing: Clip | None
    dropped: tuple[Left, ...] = ()

    @property
    def headlines(self) -> tuple[Clip, ...]:
        return tuple(item.headline for item in self.told if item.headline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a choice has to fit into, in seconds."""

    target_s: float
    fixed_s: float
    """Everything but stories and headlines: music, opening, closing, gaps around them."""
    story_s: float
    """Around each story: the gap and the sting before it."""
    headline_s: float
    """The gap before each headline."""
    shrinks_s: float
    """How much shorter music and the gaps around one story can make the whole."""
    grows_s: float
    """How much longer they can make it."""
    gap_shrinks_s: float
    """The same for each gap before a further story or a headline."""
    gap_grows_s: float


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to tell the stories so far."""

    cost: float
    cuts: tuple[Clip | None, ...]
    """None: dropped."""


def choose_cuts(script: Script, spoken: Spoken, budget: Budget) -> Choice:
    """
    Choose the stories and the cut of each that come nearest to the target at the least loss.

    - The lead always airs.
    - News is dropped from its end; the light story that ends it, sport, travel and weather go last.
    - Stories are told short before one is dropped, the lead last; long ones fill what is left.
    - Only stories that air have headlines, and a story alone needs none.
    """
    by_passage = {clip.passage: clip for clip in spoken.clips}
    offered = offer_all(script, spoken)
    chosen = _best_way([item.script for item in offered.told], by_passage, budget)
    pairs = list(zip(offered.told, chosen, strict=True))
    told = tuple(replace(item, clip=clip) for item, clip in pairs if clip)
    dropped = tuple(_left(item.script, NO_ROOM) for item, clip in pairs if not clip)
    if len(told) == 1:
        told = (replace(told[0], headline=None),)
    return replace(offered, told=told, dropped=(*offered.dropped, *dropped))


def offer_all(script: Script, spoken: Spoken) -> Choice:
    """Every story that was spoken, at its longest; those that were not are dropped."""
    by_passage = {clip.passage: clip for clip in spoken.clips}
    spoken_cuts = [(item, _clips(item, by_passage)) for item in script.stories]
    return Choice(
        ident=by_passage.get(script.ident) if script.ident else None,
        opening=by_passage.get(script.opening),
        told=tuple(
            Told(script=item, clip=clips[-1], headline=_headline(item, by_passage))
            for item, clips in spoken_cuts
            if clips
        ),
        closing=by_passage.get(script.closing),
        dropped=tuple(_left(item, NOT_SPOKEN) for item, clips in spoken_cuts if not clips),
    )


def _best_way(
    stories: Sequence[StoryScript], by_passage: Mapping[Passage, Clip], budget: Budget
) -> tuple[Clip | None, ...]:
    """Walk through the stories, keeping for each total length the cheapest way to come to it."""
    ways: dict[tuple[bool, int], _Way] = {(False, round(budget.fixed_s / _STEP_S)): _Way(0.0, ())}
    for place, item in enumerate(stories):
        headline = _headline(item, by_passage)
        around_s = budget.story_s + (headline.duration_s + budget.headline_s if headline else 0.0)
        may_go_alone = _may_go_alone(stories, place)
        tellings = _ways_to_tell(item, by_passage, place, _drop_cost(stories, place))
        grown: dict[tuple[bool, int], _Way] = {}
        for (has_dropped, total), way in ways.items():
            for clip, cost in tellings:
                if clip and has_dropped and not may_go_alone:
                    continue
                drops = has_dropped or (clip is None and not may_go_alone)
                length = total + (round((around_s + clip.duration_s) / _STEP_S) if clip else 0)
                key, cheapest = (drops, length), way.cost + cost
                if key not in grown or cheapest < grown[key].cost:
                    grown[key] = _Way(cheapest, (*way.cuts, clip))
        ways = grown
    has_headline = [_headline(item, by_passage) is not None for item in stories]

    def whole_cost(key: tuple[bool, int]) -> float:
        told = [has for has, clip in zip(has_headline, ways[key].cuts, strict=True) if clip]
        return ways[key].cost + _amiss(key[1] * _STEP_S, budget, gaps=len(told) - 1 + sum(told))

    return ways[min(ways, key=whole_cost)].cuts


def _ways_to_tell(
    item: StoryScript, by_passage: Mapping[Passage, Clip], place: int, drop_cost: float
) -> list[tuple[Clip | None, float]]:
    """Each cut of a story, and leaving it out, with what that costs."""
    clips = _clips(item, by_passage)
    longest = len(clips) - 1
    normal = next((n for n, clip in enumerate(clips) if clip.passage.cut is Cut.NORMAL), longest)
    shorter = _LEAD_SHORTER if place == 0 else _SHORTER
    ways: list[tuple[Clip | None, float]] = [
        (clip, (normal - n) * shorter if n < normal else (n - normal) * _LONGER)
        for n, clip in enumerate(clips)
    ]
    if place:
        ways.append((None, drop_cost))
    return ways


def _drop_cost(stories: Sequence[StoryScript], place: int) -> float:
    """What listeners lose: the later in its section a story stands, the less."""
    item = stories[place]
    if _may_go_alone(stories, place) and item.section is Section.NEWS:
        return _DROP_LIGHT
    costs = _DROP_SECTION.get(item.section, _DROP_NEWS)
    before = sum(other.section is item.section for other in stories[:place])
    number = before - 1 if item.section is Section.NEWS and stories[0].section is Section.NEWS else before
    return costs[min(max(number, 0), len(costs) - 1)]


def _may_go_alone(stories: Sequence[StoryScript], place: int) -> bool:
    """Whether a story can be dropped, or kept, whatever happens to the news before it."""
    item = stories[place]
    if item.section is not Section.NEWS:
        return True
    return item.story.is_light and all(later.section is not Section.NEWS for later in stories[place + 1 :])


def _amiss(total_s: float, budget: Budget, *, gaps: int) -> float:
    over = total_s - budget.target_s
    shrinks_s = budget.shrinks_s + gaps * budget.gap_shrinks_s
    grows_s = budget.grows_s + gaps * budget.gap_grows_s
    lost = max(0.0, over - shrinks_s, -over - grows_s)
    return abs(over) * _PER_S_AMISS + lost * _PER_S_LOST


def _clips(item: StoryScript, by_passage: Mapping[Passage, Clip]) -> list[Clip]:
    """The cuts that were spoken, shortest first."""
    found = (by_passage.get(cut) for cut in item.cuts)
    return sorted((clip for clip in found if clip), key=lambda clip: clip.duration_s)


def _headline(item: StoryScript, by_passage: Mapping[Passage, Clip]) -> Clip | None:
    return by_passage.get(item.headline) if item.headline else None


def _left(item: StoryScript, reason: str) -> Left:
    return Left(title=item.story.title, reason=reason, article_id=item.story.best.id)
