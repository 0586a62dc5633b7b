"""Articles -> stories: those of one event together, and with what is remembered of the event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin.archive.records import Aired
from bulletin.model import Article, Section, Story
from bulletin.stories.group import group_articles
from bulletin.stories.light import is_light
from bulletin.stories.rank import best_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Stories, not ranked yet."""

    stories: tuple[Story, ...]
    aired: Mapping[str, Aired] = field(default_factory=dict)
    """Story id -> what is remembered of it, for those that have been on air."""


def merge_articles(
    articles: Sequence[Article], *, aired: Mapping[str, Aired], local_words: Collection[str] = ()
) -> Merged:
    """
    One story for each event.

    Entries with one identity are one story; so are news and sport that tell of the same event, and
    what continues a story that has aired. Travel and weather are not compared by their words: two
    queues on one motorway read much alike.
    """
    memories = _memories(aired)
    sets = _Sets()
    for index, article in enumerate(articles):
        for name in (article.id, *article.aliases):
            sets.join(("article", index), ("name", f"{article.section in _TALKS}:{name}"))
    for number, memory in enumerate(memories):
        for name in (memory.story_id, *memory.article_ids):
            sets.join(("aired", number), ("name", f"True:{name}"))
    _join_alike(sets, articles, memories, local_words)
    return _build(sets, articles, memories)


def set_stale_apart(merged: Merged, stale: Collection[Article]) -> tuple[Merged, frozenset[str]]:
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


def _join_alike(
    sets: _Sets, articles: Sequence[Article], memories: Sequence[Aired], local_words: Collection[str]
) -> None:
    """Join what reads alike; what was said on air stands in the row like one more article."""
    talks = [index for index, article in enumerate(articles) if article.section in _TALKS]
    nodes: list[Node] = [("article", index) for index in talks]
    nodes += [("aired", number) for number in range(len(memories))]
    labels = group_articles(
        [articles[i].title for i in talks] + [memory.title for memory in memories],
        [articles[i].published.timestamp() for i in talks] + [m.last_at.timestamp() for m in memories],
        [_lead(articles[i]) for i in talks] + [memory.text for memory in memories],
        local_words=local_words,
    )
    for node, label in zip(nodes, labels, strict=True):
        sets.join(node, ("label", label))


def _lead(article: Article) -> str:
    return article.text or article.summary


def _build(sets: _Sets, articles: Sequence[Article], memories: Sequence[Aired]) -> Merged:
    remembered: dict[Node, Aired] = {}
    for number, memory in enumerate(memories):
        root = sets.find(("aired", number))
        if root not in remembered or remembered[root].last_at < memory.last_at:
            remembered[root] = memory
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
    return Merged(stories=tuple(sorted(stories, key=lambda story: story.id)), aired=known)


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
