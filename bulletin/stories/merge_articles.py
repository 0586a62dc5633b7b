"""
Articles -> MergedStories: articles of one event together, with the aired story of that event.

Source: docs/CHOICE.md, section 2; docs/decisions/0002 has the figures of `python -m bench.grouping`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bulletin.archive.record_dataclasses import Aired
from bulletin.model import Article, Section, Story
from bulletin.stories.grouping.group_articles import group_articles
from bulletin.stories.newsworthiness.article_genre import is_light
from bulletin.stories.ranking.score_stories import best_first

_TALKS = frozenset({Section.NEWS, Section.SPORT})
"""Example: `_indices_of`."""
Node = tuple[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedStories:
    """Stories before ranking."""

    stories: tuple[Story, ...]
    aired: Mapping[str, Aired]
    """Story id -> its aired story, for stories that have been on air."""
    affairs: Mapping[str, int]
    """Article id -> label of its running story, for news, sport and hints."""
    events: Mapping[str, int]
    """Article id -> label of its event, likewise."""
    related: frozenset[tuple[int, int]]
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
    Make one story of each event.

    Entries with one identity are one story; so are news and sport reports of one event, and the continuation of an
    aired story. Travel and weather are not compared by their words, because two queues on one motorway read alike.
    `hints` become no stories; they only get labels in `affairs` and `events`.

    docs/CHOICE.md, section 2, has the measured precision and recall.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> titles = ["Corn Bridge shut after lorry crash", "Lorry crash shuts Corn Bridge", "Nurses vote to strike"]
    >>> row = {"feed": "a", "summary": "", "text": "", "published": at}
    >>> articles = [Article(id=str(number), title=title, **row) for number, title in enumerate(titles)]
    >>> [[article.id for article in story.articles] for story in merge_articles(articles, aired={}).stories]
    [['0', '1'], ['2']]
    """
    sets = _Sets()
    for index, article in enumerate(articles):
        for name in (article.id, *article.aliases):
            sets.join(("article", index), ("name", f"{article.section in _TALKS}:{name}"))
    talks = [index for index, article in enumerate(articles) if article.section in _TALKS]
    rows = [*(articles[index] for index in talks), *hints]
    memories = _memories(aired)
    indices = _indices_of(articles)
    # Aired stories whose articles have left the feeds are compared, too. A present article leads to its aired story
    # by its id, and the same text twice would split a group.
    gone = {n: m for n, m in enumerate(memories) if indices.keys().isdisjoint((m.story_id, *m.article_ids))}
    levels = group_articles(
        [article.title for article in rows] + [memory.title for memory in gone.values()],
        [article.published.timestamp() for article in rows] + [m.last_at.timestamp() for m in gone.values()],
        [article.text or article.summary for article in rows] + [memory.text for memory in gone.values()],
        local_words=local_words,
        language=language,
    )
    nodes: list[Node] = [("article", index) for index in talks]
    nodes += [("hint", number) for number in range(len(hints))]
    nodes += [("aired", number) for number in gone]
    for node, label in zip(nodes, levels.events, strict=True):
        sets.join(node, ("label", label))
    for number, memory in enumerate(memories):
        if number not in gone:
            sets.join(("aired", number), _heir(memory, articles, indices, sets))
    stories, known = _build(sets, articles, memories)
    return MergedStories(
        stories=stories,
        aired=known,
        affairs={article.id: label for article, label in zip(rows, levels.affairs, strict=False)},
        events={article.id: label for article, label in zip(rows, levels.events, strict=False)},
        related=levels.related,
    )


def set_stale_apart(
    merged: MergedStories, stale: Collection[Article]
) -> tuple[MergedStories, frozenset[str]]:
    """
    Drop the old articles of each story, and return the ids of the stories that have no others.

    Old and new articles are compared together, so that yesterday's report of today's event is no separate story.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> new = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at)
    >>> old = replace(new, id="2", aliases=("1",))
    >>> merged, names = set_stale_apart(merge_articles([new, old], aired={}), [old])
    >>> [article.id for article in merged.stories[0].articles], names
    (['1'], frozenset())
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


class _Sets:
    """Sets of nodes that are one story (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        """
        Node that stands for the set of a node.

        >>> sets = _Sets()
        >>> sets.find(("article", 1))
        ('article', 1)
        """
        root = self._parent.setdefault(node, node)
        while root != self._parent[root]:
            root = self._parent[root] = self._parent[self._parent[root]]
        self._parent[node] = root
        return root

    def join(self, node: Node, other: Node) -> None:
        """
        Make one set of the sets of two nodes.

        >>> sets = _Sets()
        >>> sets.join(("article", 1), ("name", "a"))
        >>> sets.find(("article", 1)) == sets.find(("name", "a"))
        True
        """
        self._parent[self.find(node)] = self.find(other)


def _memories(aired: Mapping[str, Aired]) -> list[Aired]:
    """
    Aired stories once each, the latest, however many keys lead to one.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Aired(story_id="1", article_ids=("2",), title="", text="", times=1, first_at=at, last_at=at)
    >>> len(_memories({"1": ferry, "2": ferry}))
    1
    """
    latest = {memory.story_id: memory for memory in sorted(aired.values(), key=lambda memory: memory.last_at)}
    return [latest[name] for name in sorted(latest)]


def _indices_of(articles: Sequence[Article]) -> Mapping[str, list[int]]:
    """
    Id or alias -> indices of the news and sport articles that bear it; travel and weather are not compared.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": at}
    >>> articles = [Article(id="1", aliases=("2",), **row), Article(id="3", category="travel", **row)]
    >>> dict(_indices_of(articles))
    {'1': [0], '2': [0]}
    """
    indices: dict[str, list[int]] = defaultdict(list)
    for index, article in enumerate(articles):
        if article.section in _TALKS:
            for name in dict.fromkeys((article.id, *article.aliases)):
                indices[name].append(index)
    return indices


def _heir(
    memory: Aired, articles: Sequence[Article], indices: Mapping[str, Sequence[int]], sets: _Sets
) -> Node:
    """
    Group that continues an aired story: by the article that named it, else by the article that aired last, else by most articles.

    One group only, so that an article in the wrong story for an hour does not join two stories for ever.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "summary": "", "text": "", "published": at}
    >>> articles = [Article(id="1", title="Quay shut", **row), Article(id="2", title="Ferry sinks", **row)]
    >>> times = {"times": 1, "first_at": at, "last_at": at}
    >>> aired = Aired(story_id="0", article_ids=("1", "2"), title="Ferry sinks", text="", **times)
    >>> _heir(aired, articles, {"1": [0], "2": [1]}, _Sets())
    ('article', 1)
    """
    if memory.story_id in indices:
        return sets.find(("article", indices[memory.story_id][0]))
    mine = sorted({index for name in memory.article_ids for index in indices.get(name, ())})
    votes: Counter[Node] = Counter()
    for index in mine:
        is_last = articles[index].title == memory.title
        votes[sets.find(("article", index))] += 1 + is_last * len(mine)
    return max(votes, key=lambda node: votes[node])


def _build(
    sets: _Sets, articles: Sequence[Article], memories: Sequence[Aired]
) -> tuple[tuple[Story, ...], dict[str, Aired]]:
    """The stories by their ids, and the aired story of each that has been on air. Example: `merge_articles`."""
    remembered: dict[Node, Aired] = {}
    for number, memory in enumerate(memories):
        root = sets.find(("aired", number))
        remembered[root] = _combine(remembered[root], memory) if root in remembered else memory
    together: dict[Node, list[Article]] = defaultdict(list)
    for index, article in enumerate(articles):
        together[sets.find(("article", index))].append(article)
    stories = {root: _to_story(members, remembered.get(root)) for root, members in together.items()}
    known = {story.id: remembered[root] for root, story in stories.items() if root in remembered}
    return tuple(sorted(stories.values(), key=lambda story: story.id)), known


def _combine(memory: Aired, other: Aired) -> Aired:
    """
    Two aired stories that are now one, under the name of the later one, with the words of both.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, 6, tzinfo=UTC)
    >>> ferry = Aired(story_id="1", article_ids=(), title="Ferry", text="", times=2, first_at=at, last_at=at)
    >>> quay = replace(ferry, story_id="2", title="Quay", times=1, last_at=at.replace(hour=7))
    >>> both = _combine(ferry, quay)
    >>> both.story_id, both.times, both.heard.split()
    ('2', 2, ['Ferry'])
    """
    older, newer = sorted((memory, other), key=lambda aired: (aired.last_at, aired.story_id))
    return replace(
        newer,
        article_ids=tuple(dict.fromkeys((*newer.article_ids, *older.article_ids))),
        heard=f"{older.title} {older.text} {older.heard} {newer.heard}",
        sentences=tuple(dict.fromkeys((*older.sentences, *newer.sentences))),
        times=max(older.times, newer.times),
        first_at=min(older.first_at, newer.first_at),
    )


def _to_story(members: Iterable[Article], aired: Aired | None) -> Story:
    """
    Story of some articles, named after its aired story, else after its earliest article.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> early = Article(id="1", feed="a", title="", summary="", text="", published=at)
    >>> late = replace(early, id="2", published=datetime(2026, 11, 25, tzinfo=UTC))
    >>> story = _to_story([late, early], None)
    >>> story.id, [article.id for article in story.articles]
    ('1', ['2', '1'])
    """
    articles = best_first(_once_each(members))
    earliest = min(articles, key=lambda article: (article.published, article.id))
    name = aired.story_id if aired else earliest.id
    return Story(id=name, articles=articles, is_light=is_light(articles[0]))


def _once_each(members: Iterable[Article]) -> Iterable[Article]:
    """
    Entry of two feeds of one publisher, counted once, from the feed with more trust.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"id": "1", "title": "", "summary": "", "text": "", "published": at, "credit": "BBC"}
    >>> articles = [Article(feed="a", weight=1.0, **row), Article(feed="b", weight=2.0, **row)]
    >>> [article.feed for article in _once_each(articles)]
    ['b']
    """
    kept: dict[tuple[str, str], Article] = {}
    for article in sorted(members, key=lambda item: (-item.weight, item.position, item.feed)):
        kept.setdefault((article.id, article.credit or article.feed), article)
    return kept.values()
