"""
Stories and the editor's kill list -> stories that may air, and the entries that took the others off.

Source: docs/CHOICE.md, section 3; docs/decisions/0029. `python -m bench.rule_matches` chooses from the 604 fresh
articles without a kill list, so no rule here matches there; all are kept, because a killed story must not air
under another address. Judgement, no source: the tracking parameters, because their vendors publish no full list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from bulletin.archive.record_dataclasses import Aired
from bulletin.model import Article, Left, Passage, Story
from bulletin.runtime.redact_secrets import HIDDEN, hide, hide_marked

_TRACKING = re.compile(r"utm_\w+|at_\w+|fbclid|gclid|cmp|ref|rss|source|from", re.IGNORECASE)
"""Tracking parameters of an address, which do not change the page. Example: `_bare`."""


def kill_stories(
    stories: Iterable[Story], kill: Sequence[str], *, aired: Mapping[str, Aired] | None = None
) -> tuple[list[Story], list[Left]]:
    """
    Drop every story with an article that holds a word, a link or an id of the editor's list.

    A word matches as a whole word in title, summary or text, a link without its scheme, www and tracking, an
    id exactly. `aired` (story id -> aired story) is searched too, because the article with the word may have
    left its feed since. The reason names every entry that matches: the story returns when all of them are
    removed.

    docs/CHOICE.md, section 3, explains it for editors.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at)
    >>> kept, left = kill_stories([Story(id="1", articles=(ferry,))], ["ferry", "Ann Fox"])
    >>> kept, left[0].reason
    ([], 'on the kill list: "ferry"')
    """
    rules = [_Rule(entry) for entry in dict.fromkeys(line.strip() for line in kill) if entry]
    kept: list[Story] = []
    left: list[Left] = []
    for story in stories:
        memory = (aired or {}).get(story.id)
        hits = [
            f'"{rule.entry}"'
            for rule in rules
            if any(map(rule.hits_article, story.articles)) or (memory and rule.hits_memory(memory))
        ]
        if not hits:
            kept.append(story)
        else:
            reason = f"on the kill list: {', '.join(hits)}"
            left += [Left(title=a.title, reason=reason, article_id=a.id) for a in story.articles]
    return kept, left


def find_killed(entry: str, *, aired: Iterable[Aired], articles: Iterable[Article]) -> frozenset[str]:
    """
    Find the ids of all stories that an entry of the kill list takes off the air.

    The spoken words of a story count, and so do all articles that were ever part of it. The ids of a matching
    article are among them, aired or not.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="2", feed="a", title="Ferry sinks", summary="", text="", published=at)
    >>> aired = Aired(story_id="1", article_ids=("2",), title="Quay shut", text="", times=1, first_at=at, last_at=at)
    >>> sorted(find_killed("ferry", aired=[aired], articles=[ferry]))
    ['1', '2']
    """
    rule = _Rule(entry)
    hits = {
        name for article in articles if rule.hits_article(article) for name in (article.id, *article.aliases)
    }
    names = ((memory, {memory.story_id, *memory.article_ids}) for memory in aired)
    return frozenset(
        hits.union(*(known for memory, known in names if rule.hits_memory(memory) or known & hits))
    )


def has_killed_story(entry: str, passages: Iterable[Passage], *, story_ids: Collection[str] = ()) -> bool:
    """
    Whether one of the passages is of a story in `story_ids`, or matches the entry itself.

    >>> from bulletin.model import Role, Sentence
    >>> sentence = Sentence(text="Ann Fox rowed.", spoken="Ann Fox rowed.")
    >>> has_killed_story("Ann Fox", [Passage(role=Role.STORY, sentences=(sentence,), story_id="1")])
    True
    """
    rule = _Rule(entry)
    return any(
        passage.story_id and (passage.story_id in story_ids or rule.hits_passage(passage))
        for passage in passages
    )


def is_named(entry: str, text: str) -> bool:
    """
    Whether a text contains the entry as complete words.

    >>> is_named("Ann Fox", "Police said Ann Fox rowed."), is_named("Ann Fox", "Ann Foxley")
    (True, False)
    """
    return bool(_Rule(entry).words.search(text))


class _Rule:
    """An entry of the kill list."""

    def __init__(self, entry: str) -> None:
        spaced = r"\s+".join(re.escape(word) for word in entry.split())
        self.entry = entry
        self.words = re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
        self._is_link = entry.casefold().startswith(("http://", "https://"))

    def hits_memory(self, memory: Aired) -> bool:
        """
        Whether an aired story has the entry in its words, or the entry's id.

        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 11, 24, tzinfo=UTC)
        >>> aired = Aired(story_id="1", article_ids=(), title="Quay shut", text="A ferry sank.", times=1, first_at=at, last_at=at)
        >>> _Rule("ferry").hits_memory(aired), _Rule("Ann Fox").hits_memory(aired)
        (True, False)
        """
        names = (memory.story_id, *memory.article_ids)
        return self._hits(names, (memory.title, memory.text, memory.heard))

    def hits_passage(self, passage: Passage) -> bool:
        """
        Whether a passage of a script has the entry in its words or sources.

        >>> from bulletin.model import Role, Sentence
        >>> passage = Passage(role=Role.STORY, sentences=(Sentence(text="Ann Fox rowed.", spoken="Ann Fox rowed."),), story_id="1")
        >>> _Rule("Ann Fox").hits_passage(passage), _Rule("ferry").hits_passage(passage)
        (True, False)
        """
        origins = [origin for sentence in passage.sentences for origin in sentence.origins]
        names = [passage.story_id, *(name for origin in origins for name in (origin.article_id, origin.link))]
        return self._hits(names, [passage.title, passage.text, *(origin.text for origin in origins)])

    def hits_article(self, article: Article) -> bool:
        """
        Whether an article has the entry in its words, or the entry's id or link.

        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 11, 24, tzinfo=UTC)
        >>> ferry = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at)
        >>> _Rule("ferry").hits_article(ferry), _Rule("Ann Fox").hits_article(ferry)
        (True, False)
        """
        names = (article.id, article.link, *article.aliases)
        return self._hits(names, (article.title, article.summary, article.text))

    def _hits(self, names: Iterable[str], texts: Iterable[str]) -> bool:
        """
        Whether an entry is one of the ids or links, or a whole word or words of the texts.

        >>> _Rule("ferry")._hits([], ["The Ferry sank"]), _Rule("ferry")._hits([], ["two ferrymen"])
        (True, False)
        >>> _Rule("https://a.example/1")._hits(["http://www.a.example/1?utm_source=x"], [])
        True
        """
        return any(name == self.entry or self._leads_to(name) for name in names if name) or any(
            map(self.words.search, texts)
        )

    def _leads_to(self, name: str) -> bool:
        """
        Whether a name is the entry's link; a link stored without secrets matches any, to be safe.

        >>> rule = _Rule("https://a.example/1?id=5")
        >>> rule._leads_to("http://www.a.example/1/?id=5"), rule._leads_to("https://a.example/1?id=6")
        (True, False)
        """
        if not self._is_link:
            return False
        if name.startswith("env:"):
            return _bare(name) == _bare(hide.address(self.entry))
        link = hide_marked(self.entry) if HIDDEN in name else self.entry
        return "://" in name and _bare(name) == _bare(link)


@lru_cache(maxsize=4096)
def _bare(address: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """
    Address without scheme, www, fragment, last slash and tracking; empty for an invalid one.

    The query counts: "?id=5" is not "?id=6".

    >>> _bare("https://www.a.example/ferry/?utm_source=rss&id=5#top") == _bare("http://a.example/ferry?id=5")
    True
    >>> _bare("http://a.example/ferry?id=5") == _bare("http://a.example/ferry?id=6")
    False
    >>> _bare("https://a.example/1?fbclid=x&at_medium=rss&cmp=y&from=z")
    ('a.example/1', frozenset())
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", frozenset()
    query = (pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    return parts.netloc.removeprefix("www.").casefold() + parts.path.rstrip("/"), frozenset(query)
