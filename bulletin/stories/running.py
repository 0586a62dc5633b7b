"""
Ranked stories -> the same, the running story's latest step lifted.

Talks, a trial or a storm come as a dozen events in a day, each told by two or three publishers: "Talks to
resume", "Strait closed during talks", "Good progress, says minister". None of them is told by many, though all
publishers tell of nothing else. A running story is known by three words that stand together in headlines or
first words of at least three publishers. One of its steps, the best by score, gets the points that so many
publishers are worth; the others stay as they are, so that one running story does not fill the bulletin.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from bulletin.model import Article, Reason, Section, Story
from bulletin.stories.publishers import Owners, count_publishers, publisher_of
from bulletin.stories.rank import PER_DOUBLING, with_reasons
from bulletin.stories.words import stem, tell_words

_FEWEST = 3
"""Publishers; two are as often chance."""
_TOGETHER = 3
"""Words: two join a name and a common word, "Iran" and "war"; at three hardly anything meets by chance."""
_LEAD_WORDS = 30
_MOST_WORDS = 8
"""Of an article, those that most publishers use: the work for one article has an upper limit."""

Words = tuple[str, ...]


def lift_running(stories: Sequence[Story], *, owners: Owners, hints: Sequence[Article] = ()) -> list[Story]:
    """
    Give the best step of each running story the term "running".

    `hints` are live blogs and digests: no stories, but each says what its publisher takes for the news.
    """
    told = [story for story in stories if story.section in (Section.NEWS, Section.SPORT)]
    tellers, holders = _find_topics(told, hints, owners)
    lifted: dict[str, Story] = {}
    settled: set[str] = set()
    for words in sorted(tellers, key=lambda one: (-len(tellers[one]), -len(holders[one]), one)):
        steps = [story for story in holders[words] if story.id not in settled]
        settled |= {story.id for story in holders[words]}
        if not steps or len(steps) < len(holders[words]):
            continue  # nobody's own, or a running story of which a step has been lifted
        best = max(steps, key=lambda story: (story.score, story.id))
        lifted[best.id] = _lift(best, words, publishers=len(tellers[words]), owners=owners)
    return [lifted.get(story.id, story) for story in stories]


def _lift(story: Story, words: Words, *, publishers: int, owners: Owners) -> Story:
    own = count_publishers(story.articles, owners=owners)
    if publishers <= own:
        return story
    value = round(PER_DOUBLING * math.log2(publishers / own), 4)
    printed = {stem(word): word for word in tell_words(_opening(story.best))}
    note = f"{publishers} publishers tell of {', '.join(printed.get(word, word) for word in words)}"
    return with_reasons(story, Reason(name="running", value=value, note=note))


def _find_topics(
    stories: Sequence[Story], hints: Sequence[Article], owners: Owners
) -> tuple[Mapping[Words, set[str]], Mapping[Words, list[Story]]]:
    """Each set of words that enough publishers use together: who they are, and which stories have it in half of their articles."""
    articles = [(article, story.id) for story in stories for article in story.articles]
    articles += [(article, "") for article in hints]
    read = [(publisher_of(a, owners=owners), name, frozenset(_stems(a))) for a, name in articles]
    used: dict[str, set[str]] = defaultdict(set)
    for publisher, _, words in read:
        for word in words:
            used[word].add(publisher)
    often = Counter({word: len(names) for word, names in used.items() if len(names) >= _FEWEST})
    tellers: dict[Words, set[str]] = defaultdict(set)
    holding: dict[Words, Counter[str]] = defaultdict(Counter)
    for publisher, name, words in read:
        best = sorted((word for word in words if word in often), key=lambda word: (-often[word], word))
        for together in combinations(sorted(best[:_MOST_WORDS]), _TOGETHER):
            tellers[together].add(publisher)
            holding[together][name] += 1
    known = {story.id: story for story in stories}
    kept = {words: names for words, names in tellers.items() if len(names) >= _FEWEST}
    holders = {words: _held_by(holding[words], known) for words in kept}
    return kept, holders


def _held_by(counts: Counter[str], known: Mapping[str, Story]) -> list[Story]:
    return [known[name] for name in counts if name and 2 * counts[name] >= len(known[name].articles)]


def _stems(article: Article) -> Iterable[str]:
    return map(stem, tell_words(_opening(article)))


def _opening(article: Article) -> str:
    lead = " ".join((article.summary or article.text).split()[:_LEAD_WORDS])
    return f"{article.title} {lead}"
