"""
Ranked stories -> the same, each running story's best step lifted, and its other steps named.

Talks, a trial or a storm come as a dozen events in a day, each reported by two or three publishers: "Talks to
resume", "Strait closed during talks", "Good progress, says minister". Few publishers tell each of them,
though all publishers report the affair. The grouping finds events that may be steps of one running story
(`group_articles.py`); those with three words of the best one, and with the countries of its headlines, are
its steps. The best step gets the points of all the running story's publishers. The others come back only if
the bulletin would be short, so that one running story neither fills the bulletin nor airs twice in it.

Source: the news value "continuity" of Galtung and Ruge 1965, "follow-up" of Harcup and O'Neill 2017;
docs/decisions/0002, "Running stories". Judgement, no source: three publishers and three words, because two of
either are as often chance.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bulletin.model import Article, Reason, Section, Story
from bulletin.stories.grouping.count_publishers import Owners, count_publishers
from bulletin.stories.grouping.extract_headline_terms import vocabulary
from bulletin.stories.ranking.score_stories import PER_DOUBLING, with_reasons

_FEWEST = 3
"""Publishers from which a running story earns points; two are as often chance. Example: `_lift`."""
_TOGETHER = 3
"""Words in common; two (a village and a common word) make no running story. Example: `_is_near`."""
_LEAD_WORDS = 30
"""Example: `_words`."""


def promote_developing(
    stories: Sequence[Story], *, affairs: Mapping[str, int], owners: Owners, hints: Sequence[Article] = ()
) -> tuple[tuple[Story, ...], dict[str, tuple[str, ...]]]:
    """
    Give the best step of each running story the term "running".

    Returns the stories in their order, and for each lifted one the ids of the other steps, the best first.

    `affairs` maps an article to its running story. `hints` are live blogs, features and the like, which show
    the top stories of their publishers.

    docs/CHOICE.md, section 4 ("Running stories"), explains it for editors.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> titles = ("Ferry talks resume in Wexcombe", "Wexcombe ferry talks end", "No deal in Wexcombe ferry talks")
    >>> row = {"summary": "", "text": "", "published": at}
    >>> stories = [Story(id=name, articles=(Article(id=name, feed=name, title=name, **row),)) for name in titles]
    >>> stories, steps = promote_developing(stories, affairs=dict.fromkeys(titles, 1), owners={})
    >>> [(reason.name, reason.note) for story in stories for reason in story.reasons]
    [('running', '3 publishers tell a step of the same running story')]
    """
    together: dict[int, list[Story]] = defaultdict(list)
    for story in stories:
        affair = _affair_of(story, affairs)
        if affair is not None and story.section in (Section.NEWS, Section.SPORT):
            together[affair].append(story)
    hints_of: dict[int, list[Article]] = defaultdict(list)
    for hint in hints:
        if hint.id in affairs:
            hints_of[affairs[hint.id]].append(hint)
    lifted: dict[str, Story] = {}
    steps: dict[str, tuple[str, ...]] = {}
    for affair, members in together.items():
        for best, others in _find_best(members, hints_of[affair], owners=owners):
            lifted[best.id] = best
            steps[best.id] = others
    return tuple(lifted.get(story.id, story) for story in stories), steps


def _find_best(
    members: Sequence[Story], hints: Sequence[Article], *, owners: Owners
) -> Iterator[tuple[Story, tuple[str, ...]]]:
    """
    Best step of each running story, which most publishers tell, and the ids of its other steps.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> titles = ("Ferry talks in Wexcombe", "Wexcombe ferry talks end", "No deal in Wexcombe ferry talks")
    >>> row = {"summary": "", "text": "", "published": at}
    >>> steps = [Story(id=t, articles=(Article(id=t, feed=t, title=t, **row),), score=len(t)) for t in titles]
    >>> [(best.id, len(others)) for best, others in _find_best(steps, [], owners={})]
    [('No deal in Wexcombe ferry talks', 2)]
    """
    publishers = {story.id: count_publishers(story.articles, owners=owners) for story in members}
    ordered = sorted(members, key=lambda s: (-publishers[s.id], s.is_soft, -s.score, s.id))
    while ordered:
        best, *others = ordered
        words, places = _words(best.articles), _places(best.articles)
        near = [story for story in others if _is_near(story.articles, words, places)]
        near_hints = [hint for hint in hints if _is_near([hint], words, places)]
        articles = [article for story in (best, *near) for article in story.articles]
        lifted = _lift(best, [*articles, *near_hints], owners=owners)
        if lifted is not best or count_publishers(articles, owners=owners) > publishers[best.id]:
            yield lifted, tuple(story.id for story in near)
            others = [story for story in others if story not in near]
        ordered = others


def _is_near(articles: Sequence[Article], words: Collection[str], places: Collection[str]) -> bool:
    """
    Whether articles share three words with the best step and name its countries: a village is not enough.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "summary": "", "text": "", "published": at}
    >>> talks = [Article(id="1", title="Wexcombe ferry talks end", **row)]
    >>> words = {"wexcomb", "ferri", "talk"}
    >>> _is_near(talks, words, ()), _is_near(talks, words, {"@iraq"}), _is_near(talks, {"wexcomb"}, ())
    (True, False, False)
    """
    own = _words(articles)
    return len(own & set(words)) >= _TOGETHER and own >= set(places)


def _places(articles: Sequence[Article]) -> frozenset[str]:
    """
    Countries that most of the headlines name.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "summary": "", "text": "", "published": at}
    >>> titles = ("Iraqi ferry sinks", "Ferry off Iraq sinks", "French ferry sinks")
    >>> _places([Article(id=title, title=title, **row) for title in titles])
    frozenset({'@iraq'})
    """
    counts = Counter(term for article in articles for term in set(vocabulary().terms(article.title)))
    return frozenset(t for t, n in counts.items() if t.startswith("@") and n > len(articles) / 2)


def _words(articles: Iterable[Article]) -> frozenset[str]:
    """
    Terms of headlines and of the first thirty words.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks", summary="", text="Rain.", published=at)
    >>> sorted(_words([ferry]))
    ['=fall', 'ferri', 'rain']
    """
    openings = (f"{a.title} {' '.join((a.summary or a.text).split()[:_LEAD_WORDS])}" for a in articles)
    return frozenset(term for opening in openings for term in vocabulary().terms(opening))


def _affair_of(story: Story, affairs: Mapping[str, int]) -> int | None:
    """
    Running story of most of a story's articles, or None.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": at}
    >>> story = Story(id="1", articles=tuple(Article(id=name, **row) for name in ("1", "2", "3")))
    >>> _affair_of(story, {"1": 7, "2": 5, "3": 5}), _affair_of(story, {})
    (5, None)
    """
    known = Counter(affairs[article.id] for article in story.articles if article.id in affairs)
    return min(known, key=lambda affair: (-known[affair], affair)) if known else None


def _lift(story: Story, articles: Sequence[Article], *, owners: Owners) -> Story:
    """
    Best step with the points of all publishers of its running story, if they are three.

    Two are as often chance.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"title": "", "summary": "", "text": "", "published": at}
    >>> steps = [Article(id=feed, feed=feed, **row) for feed in ("a", "b", "c")]
    >>> best = Story(id="1", articles=(steps[0],))
    >>> _lift(best, steps, owners={}).reasons[0].value, _lift(best, steps[:2], owners={}).reasons
    (4.7549, ())
    """
    own, publishers = (count_publishers(some, owners=owners) for some in (story.articles, articles))
    if publishers < _FEWEST or publishers == own:
        return story
    value = round(PER_DOUBLING * math.log2(publishers / own), 4)
    note = f"{publishers} publishers tell a step of the same running story"
    return with_reasons(story, Reason(name="running", value=value, note=note))
