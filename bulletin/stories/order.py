"""Ranked stories -> the order in which they air, within the editor's limits, and what may fill a short bulletin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin.config.options import StoriesOptions
from bulletin.model import Chosen, Left, Reason, Section, Story
from bulletin.stories.publishers import count_publishers
from bulletin.stories.rank import is_breaking

YIELDING = (
    "most",
    "per_source",
    "per_category",
    "most_in_sections",
    "only_hard",
    "repeats",
    "max_age_h",
    "most_steps",
)
"""Options of [stories] that give way when a bulletin would be short, in this order."""
Steps = Mapping[str, tuple[str, ...]]
"""Id of a story that stands for a running story -> ids of its other steps, the best first."""
_NO_STEPS: Steps = {}
_UNSORTED = "news"
"""The category of feeds that nobody has sorted; it has no limit."""
_NOBODYS = 3
"""A story that so many publishers tell is no feed's own: no quota cuts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A story that limits keep out."""

    story: Story
    limits: tuple[str, ...]
    """Every option that would have to give way."""
    reason: str = ""

    @property
    def left(self) -> Left:
        return _left(self.story, self.reason, max(self.limits, key=YIELDING.index))


@dataclass(slots=True)
class _Quotas:
    """What has been taken of each feed, each category and each running story."""

    options: StoriesOptions
    affairs: Mapping[str, str] = field(default_factory=dict)
    """Id of a step -> id of the step that stands for its running story."""
    sources: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)

    def count(self, story: Story) -> None:
        self.steps[self.affairs.get(story.id, "")] += 1
        self.sources[story.best.feed] += 1
        self.categories[story.best.category.casefold()] += 1

    def exceeded(self, story: Story) -> dict[str, str]:
        """Each limit that the story would exceed, and what is said of it."""
        if is_breaking(story):
            return {}
        said = {}
        affair, most_steps = self.affairs.get(story.id, ""), self.options.most_steps
        if affair and self.steps[affair] >= most_steps:
            said["most_steps"] = f"already {most_steps} of the same running story"
        if _is_nobodys(story, self.options):
            return said
        feed, category = story.best.feed, story.best.category.casefold()
        most, most_alike = self.options.per_source, self.options.per_category
        if self.sources[feed] >= most:
            said["per_source"] = f"already {most} stories from {feed}"
        if category != _UNSORTED and self.categories[category] >= most_alike:
            said["per_category"] = f'already {most_alike} stories of "{category}"'
        return said


def order_stories(
    stories: Sequence[Story], *, options: StoriesOptions, steps: Steps = _NO_STEPS
) -> tuple[tuple[Story, ...], tuple[Kept, ...]]:
    """
    Lead, news, sport, the light story, weather, travel; and what the limits keep out.

    Breaking stories come first, then the others by score; a story of feeds that the editor doesn't trust
    (weight 0) does not lead while there is another.
    """
    kept: list[Kept] = []
    affairs = {step: lifted for lifted, others in steps.items() for step in (lifted, *others)}
    quotas = _Quotas(options, affairs)
    ranked = _hold_running(sorted((s for s in stories if s.section is Section.NEWS), key=standing), steps)
    news, light = _pick_news(ranked, quotas, kept)
    parts = {
        section: _pick_section([s for s in stories if s.section is section], options, kept)
        for section in (Section.SPORT, Section.WEATHER, Section.TRAVEL)
    }
    ordered = (*news, *parts[Section.SPORT], *light, *parts[Section.WEATHER], *parts[Section.TRAVEL])
    return ordered, tuple(kept)


def standing(story: Story) -> tuple[bool, bool, float, str]:
    """Sort key: breaking, hard, score; the id settles a draw."""
    return not is_breaking(story), story.is_soft, -story.score, story.id


def order_reserve(kept: Sequence[Kept]) -> tuple[Story, ...]:
    """
    Stories that may fill a short bulletin: those first whose limits give way first, then by times aired, then by score.

    Weather and travel are none: a third forecast fills nothing.
    """
    fillers = [item for item in kept if item.story.section in (Section.NEWS, Section.SPORT)]
    fillers.sort(
        key=lambda item: (item.story.times_aired > 0, _last(item), _airings(item), standing(item.story))
    )
    return tuple(
        _say(item.story, "reserve", f"{' and '.join(item.limits)} gave way: the bulletin would be short")
        for item in fillers
    )


def admit_reserve(chosen: Chosen, count: int) -> Chosen:
    """
    The choice with the first `count` stories of its reserve, each after the others of its section.

    There they are the first to go when not all of them fit; a light story that closes the news still does.
    """
    admitted, rest = chosen.reserve[:count], chosen.reserve[count:]
    stories = list(chosen.stories)
    for story in admitted:
        stories.insert(_place_of(story, stories), story)
    names = {article.id for story in admitted for article in story.articles}
    left = tuple(item for item in chosen.left if not (item.limit and item.article_id in names))
    return replace(chosen, stories=tuple(stories), left=left, reserve=rest)


def hand_on(chosen: Chosen, untold: Collection[str]) -> Chosen:
    """
    The choice in which the next step stands for each running story of which the words refused the best one.

    `untold` are ids of the articles that those stories would have been told by. The step takes the place before
    the refused story, which stays to say why it is not told. Nothing to hand on: the same choice.
    """
    for story in chosen.stories:
        if story.best.id in untold and story.id in chosen.steps:
            chosen = _hand_on_one(chosen, story, untold)
    return chosen


def _hand_on_one(chosen: Chosen, story: Story, untold: Collection[str]) -> Chosen:
    known = {other.id: other for other in (*chosen.stories, *chosen.reserve)}
    heirs = (known[name] for name in chosen.steps[story.id] if name in known)
    heir = next((one for one in heirs if one.best.id not in untold and one.is_soft <= story.is_soft), None)
    steps = {name: others for name, others in chosen.steps.items() if name != story.id}
    if heir is None:
        return replace(chosen, steps=steps)
    steps[heir.id] = tuple(name for name in chosen.steps[story.id] if name != heir.id)
    rest = [other for other in chosen.stories if other.id != heir.id]
    said = _say(heir, "running", f"stands for a running story whose best step cannot be told: {story.title}")
    rest.insert(rest.index(story), said)
    names = {article.id for article in heir.articles}
    return replace(
        chosen,
        stories=tuple(rest),
        reserve=tuple(other for other in chosen.reserve if other.id != heir.id),
        left=tuple(item for item in chosen.left if not (item.limit and item.article_id in names)),
        steps=steps,
    )


def _place_of(story: Story, stories: Sequence[Story]) -> int:
    """Where a story of the reserve stands: before what comes after its section."""
    order = {Section.NEWS: 0, Section.SPORT: 1}
    after = (
        place
        for place, other in enumerate(stories)
        if order.get(other.section, 2) > order[story.section] or _closes(other)
    )
    return next(after, len(stories))


def _closes(story: Story) -> bool:
    return any(reason.name == "light" for reason in story.reasons)


def _last(item: Kept) -> int:
    return max(YIELDING.index(limit) for limit in item.limits)


def _airings(item: Kept) -> int:
    return item.story.times_aired if "repeats" in item.limits else 0


def _hold_running(ranked: Sequence[Story], steps: Steps) -> list[Story]:
    """
    With the step that stands for a running story before a new step that only its airings put behind.

    What is new goes first only if it is worth it: the talks are not given up for a mention of them.
    """
    held = list(ranked)
    for name, others in steps.items():
        lifted = next((story for story in held if story.id == name and story.times_aired), None)
        if lifted is None:
            continue
        worth = lifted.score - sum(reason.value for reason in lifted.reasons if reason.name == "repeat")
        ahead = held[: held.index(lifted)]
        better = next((n for n, s in enumerate(ahead) if s.id in others and s.score <= worth), None)
        if better is not None:
            held.remove(lifted)
            held.insert(better, lifted)
    return held


def _pick_news(
    stories: Sequence[Story], quotas: _Quotas, kept: list[Kept]
) -> tuple[list[Story], list[Story]]:
    """Of ranked stories the news that airs, and the light story for the end, if there is one beside the news."""
    options = quotas.options
    ranked = list(stories)
    light = [story for story in ranked if story.is_light and not is_breaking(story)]
    closing: list[Story] = []
    if options.light_last and options.most > 1 and len(light) < len(ranked):
        # A second light story is no news either: it comes after all that is.
        ranked = [story for story in ranked if story not in light] + light[1:]
        fresh = sum(not story.times_aired and not story.is_light for story in ranked)
        if light and (not light[0].times_aired or fresh < options.most):
            closing = [_say(light[0], "light", "kept for the end")]
        else:
            # one that has aired already keeps no place from news that hasn't
            ranked += light[:1]
    news = _within_limits(ranked, quotas, kept, closing=closing)
    return _trusted_first(news), closing


def _pick_section(stories: Sequence[Story], options: StoriesOptions, kept: list[Kept]) -> list[Story]:
    ranked = sorted(stories, key=standing)
    room = options.most_in_sections
    enough = "no room: {} of {} are enough"
    kept += [
        Kept(story=story, limits=("most_in_sections",), reason=enough.format(room, story.section))
        for story in ranked[room:]
    ]
    return ranked[:room]


def _within_limits(
    ranked: Sequence[Story], quotas: _Quotas, kept: list[Kept], *, closing: Sequence[Story]
) -> list[Story]:
    """At most so many in all, of one feed and of one category, `closing` ones counted; the rest is added to `kept`."""
    for story in closing:
        quotas.count(story)
    room = quotas.options.most - len(closing)
    news: list[Story] = []
    for story in ranked:
        said = {"most": f"no room after {room} better stories"} if len(news) >= room else {}
        said |= quotas.exceeded(story)
        if said:
            kept.append(Kept(story=story, limits=tuple(said), reason="; ".join(said.values())))
        else:
            news.append(story)
            quotas.count(story)
    return news


def _is_nobodys(story: Story, options: StoriesOptions) -> bool:
    if any(reason.name == "running" for reason in story.reasons):
        return True
    feeds = {article.feed for article in story.articles}
    return len(feeds) >= _NOBODYS and count_publishers(story.articles, owners=options.owners) >= _NOBODYS


def _trusted_first(stories: list[Story]) -> list[Story]:
    """Let the first story of a trusted feed lead."""
    lead = next((story for story in stories if any(a.weight > 0 for a in story.articles)), None)
    if lead is None or is_breaking(stories[0]):
        return stories
    rest = [story for story in stories if story is not lead]
    return [lead if stories[0] is lead else _say(lead, "lead", "the first that is trusted"), *rest]


def _say(story: Story, name: str, note: str) -> Story:
    """With a reason for its place that is no part of its score."""
    return replace(story, reasons=(*story.reasons, Reason(name=name, value=0.0, note=note)))


def _left(story: Story, reason: str, limit: str) -> Left:
    return Left(title=story.title, reason=reason, article_id=story.best.id, limit=limit)
