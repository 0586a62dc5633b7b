"""Articles -> stories: those of one event together, and with what is remembered of the event."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin.archive.records import Aired
from bulletin.model import Article, Section, Story
from bulletin.stories.grouping.group_articles import GroupLevels, group_levels
from bulletin.stories.newsworthiness.light_story import is_light
from bulletin.stories.ranking.score_stories import best_first


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedStories:
    """Stories, not ranked yet."""

    stories: tuple[Story, ...]
    aired: Mapping[str, Aired] = field(default_factory=dict)
    """Story id -> what is remembered of it, for those that have been on air."""
    affairs: Mapping[str, int] = field(default_factory=dict)
    """Article id -> the running story that it belongs to, of news, sport and hints."""
    events: Mapping[str, int] = field(default_factory=dict)
    """Article id -> the event that it reports, likewise."""
    related: frozenset[tuple[int, int]] = frozenset()
    """Pairs of events that a listener would take for one affair."""


def merge_articles(
    articles: Sequence[Article],
    *,
    aired: Mapping[str, Aired],
    hints: Sequence[Article] = (),
    local_words: Collection[str] = (),
    language: str = "en",
) -> MergedStories:
    """
    One story for each event.

    Entries with one identity are one story; so are news and sport that tell of the same event, and
    what continues a story that has aired. Travel and weather are not compared by their words: two
    queues on one motorway read much alike. `hints` are no stories; they only have their place in `affairs`.
    """
    memories = _memories(aired)
    sets = _Sets()
    for index, article in enumerate(articles):
        for name in (article.id, *article.aliases):
            sets.join(("article", index), ("name", f"{article.section in _TALKS}:{name}"))
    places = _places_of(articles)
    gone = [n for n, memory in enumerate(memories) if not any(name in places for name in _names(memory))]
    told_of = {n: memories[n] for n in gone}
    levels, names = _join_alike(
        sets, articles, told_of, hints=hints, local_words=local_words, language=language
    )
    for number, memory in enumerate(memories):
        if number not in gone:
            sets.join(("aired", number), _heir(memory, articles, places, sets))
    return replace(
        _build(sets, articles, memories),
        affairs=dict(zip(names, levels.affairs, strict=False)),
        events=dict(zip(names, levels.events, strict=False)),
        related=levels.related,
    )


def set_stale_apart(
    merged: MergedStories, stale: Collection[Article]
) -> tuple[MergedStories, frozenset[str]]:
    """
    Stories without the articles that are too old, and the ids of those that have no others.

    Old and new are compared together, so that yesterday's report of today's story is no story of its own.
    """
    if not stale:
        return merged, frozenset()
    old: set[str] = set()
    stories: list[Story] = []
    for story in merged.stories:
        fresh = [article for article in story.articles if article not in stale]
        if not fresh:
            old.add(story.id)
        elif len(fresh) < len(story.articles):
            story = _to_story(fresh, merged.aired.get(story.id))
        stories.append(story)
    ordered = tuple(sorted(stories, key=lambda story: story.id))
    return replace(merged, stories=ordered), frozenset(old)


_TALKS = frozenset({Section.NEWS, Section.SPORT})

Node = tuple[str, int | str]


class _Sets:
    """Things that are known to be the same (union-find)."""

    __slots__ = ("_parent",)

    def __init__(self) -> None:
        self._parent: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        parent = self._parent.setdefault(node, node)
        while parent != self._parent[parent]:
            parent = self._parent[parent] = self._parent[self._parent[parent]]
        self._parent[node] = parent
        return parent

    def join(self, one: Node, other: Node) -> None:
        self._parent[self.find(one)] = self.find(other)


def _memories(aired: Mapping[str, Aired]) -> list[Aired]:
    """Each story that has aired once, however many keys lead to it."""
    latest: dict[str, Aired] = {}
    for memory in aired.values():
        known = latest.get(memory.story_id)
        if known is None or known.last_at < memory.last_at:
            latest[memory.story_id] = memory
    return [latest[name] for name in sorted(latest)]


def _names(memory: Aired) -> tuple[str, ...]:
    return (memory.story_id, *memory.article_ids)


def _places_of(articles: Sequence[Article]) -> Mapping[str, list[int]]:
    """Where the articles with an id or an alias are; of those whose stories are known again."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, article in enumerate(articles):
        if article.section in _TALKS:
            for name in dict.fromkeys((article.id, *article.aliases)):
                places[name].append(index)
    return places


def _heir(
    memory: Aired, articles: Sequence[Article], places: Mapping[str, Sequence[int]], sets: _Sets
) -> Node:
    """
    The group that goes on with a story that has aired: that of the article which gave it its name, else that
    of what was told last, else that with most of its articles.

    One group only: an article that stood in the wrong story for an hour must not join two for ever.
    """
    if memory.story_id in places:
        return sets.find(("article", places[memory.story_id][0]))
    mine = sorted({index for name in memory.article_ids for index in places.get(name, ())})
    votes: Counter[Node] = Counter()
    for index in mine:
        is_last = articles[index].title == memory.title
        votes[sets.find(("article", index))] += 1 + is_last * len(mine)
    return max(votes, key=lambda node: votes[node])


def _join_alike(
    sets: _Sets,
    articles: Sequence[Article],
    gone: Mapping[int, Aired],
    *,
    hints: Sequence[Article],
    local_words: Collection[str],
    language: str,
) -> tuple[GroupLevels, list[str]]:
    """
    Join what reads alike; of what was said on air, that whose articles are `gone` stands in the row as well.

    An article that is there leads to its story by its name, and the same text twice would draw a group apart.
    Returns the labels, and the ids of the articles and hints that have the first of them.
    """
    talks = [index for index, article in enumerate(articles) if article.section in _TALKS]
    rows = [*(articles[index] for index in talks), *hints]
    nodes: list[Node] = [("article", index) for index in talks]
    nodes += [("hint", number) for number in range(len(hints))]
    nodes += [("aired", number) for number in gone]
    levels = group_levels(
        [article.title for article in rows] + [memory.title for memory in gone.values()],
        [article.published.timestamp() for article in rows] + [m.last_at.timestamp() for m in gone.values()],
        [_lead(article) for article in rows] + [memory.text for memory in gone.values()],
        local_words=local_words,
        language=language,
    )
    for node, label in zip(nodes, levels.events, strict=True):
        sets.join(node, ("label", label))
    return levels, [article.id for article in rows]


def _lead(article: Article) -> str:
    return article.text or article.summary


def _build(sets: _Sets, articles: Sequence[Article], memories: Sequence[Aired]) -> MergedStories:
    remembered: dict[Node, Aired] = {}
    for number, memory in enumerate(memories):
        root = sets.find(("aired", number))
        remembered[root] = _combine(remembered[root], memory) if root in remembered else memory
    together: dict[Node, list[Article]] = defaultdict(list)
    for index, article in enumerate(articles):
        together[sets.find(("article", index))].append(article)
    stories = []
    known: dict[str, Aired] = {}
    for root, members in together.items():
        aired = remembered.get(root)
        story = _to_story(members, aired)
        stories.append(story)
        if aired:
            known[story.id] = aired
    return MergedStories(stories=tuple(sorted(stories, key=lambda story: story.id)), aired=known)


def _combine(one: Aired, other: Aired) -> Aired:
    """What aired as two stories and is one now, named after what aired last."""
    older, newer = sorted((one, other), key=lambda memory: (memory.last_at, memory.story_id))
    return replace(
        newer,
        article_ids=tuple(dict.fromkeys((*newer.article_ids, *older.article_ids))),
        heard=f"{older.title} {older.text} {older.heard} {newer.heard}",
        sentences=tuple(dict.fromkeys((*older.sentences, *newer.sentences))),
        times=max(older.times, newer.times),
        first_at=min(older.first_at, newer.first_at),
    )


def _to_story(members: Iterable[Article], aired: Aired | None) -> Story:
    articles = best_first(_once_each(members))
    earliest = min(articles, key=lambda article: (article.published, article.id))
    return Story(
        id=aired.story_id if aired else earliest.id,
        articles=articles,
        is_light=is_light(articles[0]),
    )


def _once_each(members: Iterable[Article]) -> Iterable[Article]:
    """An entry that stands in two feeds of one publisher counts once, where its feed is trusted more."""
    kept: dict[tuple[str, str], Article] = {}
    for article in sorted(members, key=lambda item: (-item.weight, item.position, item.feed)):
        kept.setdefault((article.id, article.credit or article.feed), article)
    return kept.values()
