"""
Ranked stories -> running order within the editor's limits, and the stories that these keep out.

Source: docs/CHOICE.md, section 6; a bulletin mixes feeds and categories (the news value "composition" of Galtung
and Ruge 1965). Judgement, no source: three publishers against a quota, because such a story belongs to no single
feed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Left, Reason, Section, Story
from bulletin.stories.grouping.count_publishers import count_publishers
from bulletin.stories.grouping.find_related_stories import Related
from bulletin.stories.ranking.score_stories import is_breaking

YIELDING = (
    *("most", "per_source", "per_category", "most_in_sections"),
    *("only_hard", "repeats", "max_age_h", "most_steps"),
)
"""
Options of [stories] that give way when a bulletin would be short, in this order.

Example: `choose_reserve_stories.order_reserve`.
"""
Steps = Mapping[str, tuple[str, ...]]
"""Id of a story that stands for a running story -> ids of its other steps, the best first."""
_NO_STEPS: Steps = {}
_NOT_RELATED: Related = {}
_UNSORTED = "news"
"""Category of unsorted feeds, which has no limit. Example: `_Quotas._exceeded`."""
_NOBODYS = 3
"""
Publishers from which no quota cuts a story, because it belongs to no single feed.

Example: `_is_nobodys`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOut:
    """Story that limits keep out."""

    story: Story
    limits: tuple[str, ...]
    """Options that would have to give way."""
    reason: str = ""

    @property
    def left(self) -> Left:
        """
        The story with the limit that gives way last.

        >>> from bulletin.model import Article
        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 11, 24, tzinfo=UTC)
        >>> ferry = Article(id="1", feed="a", title="Ferry", summary="", text="", published=at)
        >>> KeptOut(story=Story(id="1", articles=(ferry,)), limits=("per_source", "most")).left.limit
        'per_source'
        """
        limit = max(self.limits, key=YIELDING.index)
        return Left(title=self.story.title, reason=self.reason, article_id=self.story.best.id, limit=limit)


@dataclass(slots=True)
class _Quotas:
    """Stories taken so far, counted by feed and category, and those that limits keep out."""

    options: StoriesOptions
    related: Related
    taken: list[Story] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    kept: list[KeptOut] = field(default_factory=list)

    def pick(self, ranked: Iterable[Story], *, room: int, limit: str, full: str) -> list[Story]:
        """
        Take the first stories that exceed no limit; `full` is the reason of `limit` once `room` are taken.

        Example: `order_stories`.
        """
        picked: list[Story] = []
        for story in ranked:
            reasons = {limit: full} if len(picked) >= room else {}
            reasons |= self._exceeded(story) if story.section is Section.NEWS else self._repeated(story)
            if reasons:
                self.kept.append(
                    KeptOut(story=story, limits=tuple(reasons), reason="; ".join(reasons.values()))
                )
            else:
                picked.append(story)
                self.count(story)
        return picked

    def count(self, story: Story) -> None:
        """Count a story that airs. Example: `order_stories`."""
        self.taken.append(story)
        self.sources[story.best.feed] += 1
        self.categories[story.best.category.casefold()] += 1

    def _repeated(self, story: Story) -> dict[str, str]:
        """Reason against a story that sounds like one taken already. Example: `order_stories`."""
        alike = find_alike(story, self.taken, self.related)
        return {"most_steps": tell_alike(alike)} if len(alike) >= self.options.most_steps else {}

    def _exceeded(self, story: Story) -> dict[str, str]:
        """
        Limits that a piece of news would exceed, with the reason of each; breaking news exceeds none.

        >>> from datetime import UTC, datetime
        >>> from bulletin.model import Article
        >>> at = datetime(2026, 11, 24, tzinfo=UTC)
        >>> ferry = Article(id="1", feed="Gazette", title="", summary="", text="", published=at)
        >>> quotas = _Quotas(StoriesOptions(per_source=2), {})
        >>> quotas.sources.update(["Gazette", "Gazette"])
        >>> quotas._exceeded(Story(id="2", articles=(replace(ferry, id="2"),)))
        {'per_source': 'already 2 from Gazette'}
        """
        if is_breaking(story):
            return {}
        reasons = self._repeated(story)
        if _is_nobodys(story, self.options):
            return reasons
        feed, category = story.best.feed, story.best.category.casefold()
        most, most_alike = self.options.per_source, self.options.per_category
        if self.sources[feed] >= most:
            reasons["per_source"] = f"already {most} from {feed}"
        if category != _UNSORTED and self.categories[category] >= most_alike:
            reasons["per_category"] = f'already {most_alike} of "{category}"'
        return reasons


def order_stories(
    stories: Sequence[Story],
    *,
    options: StoriesOptions,
    steps: Steps = _NO_STEPS,
    related: Related = _NOT_RELATED,
) -> tuple[tuple[Story, ...], tuple[KeptOut, ...]]:
    """
    Order lead, news, sport, the light story, weather and travel; return them and the stories that limits keep out.

    Breaking stories come first, then the others by score; a story of untrusted feeds (weight 0) does not lead while
    there is another. Of `related` stories only the best airs.

    docs/CHOICE.md, section 6, has the order and the limits.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> news = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at)
    >>> rain = Story(id="rain", articles=(replace(news, category="weather"),), score=9.0)
    >>> quay, ferry = (Story(id=name, articles=(news,), score=score) for name, score in (("quay", 2.0), ("ferry", 5.0)))
    >>> [story.id for story in order_stories([rain, quay, ferry], options=StoriesOptions())[0]]
    ['ferry', 'quay', 'rain']
    """
    quotas = _Quotas(options, related)
    ranked = sorted((s for s in stories if s.section is Section.NEWS), key=standing)
    affairs = {name: related.get(name, frozenset()).union(others) for name, others in steps.items()}
    news, light = _pick_news(_hold_running(ranked, affairs), quotas)
    room = options.most_in_sections
    sport, weather, travel = (
        quotas.pick(
            sorted((s for s in stories if s.section is section), key=standing),
            room=room,
            limit="most_in_sections",
            full=f"no room: {room} of {section} are enough",
        )
        for section in (Section.SPORT, Section.WEATHER, Section.TRAVEL)
    )
    return (*news, *sport, *light, *weather, *travel), tuple(quotas.kept)


def standing(story: Story) -> tuple[bool, bool, float, str]:
    """
    Sort key: breaking, hard, score; the id settles a draw.

    >>> ferry, feature = Story(id="ferry", articles=(), score=5.0), Story(id="feature", articles=(), score=9.0, is_soft=True)
    >>> [story.id for story in sorted([feature, ferry], key=standing)]
    ['ferry', 'feature']
    """
    return not is_breaking(story), story.is_soft, -story.score, story.id


def find_alike(story: Story, others: Iterable[Story], related: Related) -> list[Story]:
    """
    List the other stories that would sound like this one.

    >>> ferry, rescue = Story(id="ferry", articles=()), Story(id="rescue", articles=())
    >>> find_alike(rescue, [ferry], {"rescue": frozenset({"ferry"})}) == [ferry], find_alike(rescue, [ferry], {})
    (True, [])
    """
    names = related.get(story.id, frozenset())
    return [other for other in others if other.id in names]


def tell_alike(alike: Sequence[Story]) -> str:
    """
    Reason of a story that sounds like others.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=published)
    >>> tell_alike([Story(id="1", articles=(article,))])
    'the same affair as Ferry sinks'
    """
    return f"the same affair as {alike[0].title}"


def say(story: Story, name: str, note: str) -> Story:
    """
    Add a reason for a story's place without changing its score.

    >>> story = say(Story(id="cat", articles=(), score=2.0), "light", "kept for the end")
    >>> story.score, story.reasons[0].note
    (2.0, 'kept for the end')
    """
    return replace(story, reasons=(*story.reasons, Reason(name=name, value=0.0, note=note)))


def _hold_running(ranked: Sequence[Story], steps: Mapping[str, Collection[str]]) -> list[Story]:
    """
    Best step of a running story before a newer step that leads only by the best one's airings.

    The newer step goes first only with more points: the talks are not given up for a mention of them.

    >>> cost = Reason(name="repeat", value=-3.0, note="aired once")
    >>> talks = Story(id="talks", articles=(), score=4.0, times_aired=1, reasons=(cost,))
    >>> mention = Story(id="mention", articles=(), score=5.0)
    >>> [story.id for story in _hold_running([mention, talks], {"talks": ["mention"]})]
    ['talks', 'mention']
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


def _pick_news(stories: Sequence[Story], quotas: _Quotas) -> tuple[list[Story], list[Story]]:
    """
    News that airs, and a light story for the end if there is one beside the news.

    A light story that is related to the news, or has aired, takes no place from new news.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="", summary="", text="", published=at)
    >>> ferry, cat = (Story(id=name, articles=(article,)) for name in ("ferry", "cat"))
    >>> cat = replace(cat, is_light=True)
    >>> news, light = _pick_news([cat, ferry], _Quotas(StoriesOptions(), {}))
    >>> [story.id for story in news], [story.id for story in light]
    (['ferry'], ['cat'])
    """
    options = quotas.options
    ranked = list(stories)
    light = [story for story in ranked if story.is_light and not is_breaking(story)]
    serious = [story for story in ranked if story not in light][: options.most]
    light.sort(key=lambda story: bool(find_alike(story, serious, quotas.related)))
    is_news = bool(light and find_alike(light[0], serious, quotas.related))
    closing: list[Story] = []
    if options.light_last and options.most > 1 and len(light) < len(ranked):
        # A second light story comes after all news.
        ranked = [story for story in ranked if story not in light] + light[1:]
        fresh = sum(not story.times_aired and not story.is_light for story in ranked)
        if light and not is_news and (not light[0].times_aired or fresh < options.most):
            closing = [say(light[0], "light", "kept for the end")]
        else:
            # a light story that has aired, or that is related to the news, takes no place from new news
            ranked += light[:1]
    for story in closing:
        quotas.count(story)
    room = options.most - len(closing)
    news = quotas.pick(ranked, room=room, limit="most", full=f"no room: {room} better")
    return _trusted_first(news), closing


def _is_nobodys(story: Story, options: StoriesOptions) -> bool:
    """
    Whether no quota cuts a story, because it belongs to no single feed: three publishers, or a running story.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"title": "", "summary": "", "text": "", "published": at}
    >>> story = Story(id="1", articles=tuple(Article(id=feed, feed=feed, **row) for feed in ("a", "b", "c")))
    >>> two = replace(story, articles=story.articles[1:])
    >>> _is_nobodys(story, StoriesOptions()), _is_nobodys(two, StoriesOptions())
    (True, False)
    """
    if any(reason.name == "running" for reason in story.reasons):
        return True
    feeds = {article.feed for article in story.articles}
    return len(feeds) >= _NOBODYS and count_publishers(story.articles, owners=options.owners) >= _NOBODYS


def _trusted_first(stories: list[Story]) -> list[Story]:
    """
    First story of a trusted feed in the lead, unless the first is breaking.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"id": "1", "title": "", "summary": "", "text": "", "published": at}
    >>> rumour, ferry = (Story(id=f"{w}", articles=(Article(feed="a", weight=w, **row),)) for w in (0.0, 1.0))
    >>> [story.id for story in _trusted_first([rumour, ferry])]
    ['1.0', '0.0']
    """
    lead = next((story for story in stories if any(a.weight > 0 for a in story.articles)), None)
    if lead is None or is_breaking(stories[0]):
        return stories
    rest = [story for story in stories if story is not lead]
    return [lead if stories[0] is lead else say(lead, "lead", "the first story from a trusted feed"), *rest]
