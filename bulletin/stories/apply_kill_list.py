"""Stories and the editor's kill list -> stories that may air, and the entries that took the others off."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from bulletin.archive.records import Aired
from bulletin.model import Article, Left, Passage, Story
from bulletin.runtime.redaction import HIDDEN, hide, hide_marked

_NOTHING: Mapping[str, Aired] = MappingProxyType({})
_TRACKING = re.compile(r"utm_\w+|at_\w+|fbclid|gclid|cmp|ref|rss|source|from", re.IGNORECASE)
"""Tracking parameters of an address, which do not change the page."""


def kill_stories(
    stories: Iterable[Story], kill: Sequence[str], *, aired: Mapping[str, Aired] = _NOTHING
) -> tuple[list[Story], list[Left]]:
    """
    Drop every story with an article that holds a word, a link or an id of the editor's list.

    A word hits as a whole word in title, summary or text, a link without its scheme, www and tracking, an id
    exactly. `aired` (story id -> aired story) is searched too, because the article with the word may have left its
    feed since. The reason names every entry that hits: the story is back when all of them are removed.
    """
    rules = [_Rule.of(entry) for entry in dict.fromkeys(line.strip() for line in kill) if entry]
    kept: list[Story] = []
    left: list[Left] = []
    for story in stories:
        hits = [f'"{rule.entry}"' for rule in rules if rule.hits(story, aired.get(story.id))]
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
    """
    rule = _Rule.of(entry)
    hit = {
        name for article in articles if rule.hits_article(article) for name in (article.id, *article.aliases)
    }
    names = ((memory, {memory.story_id, *memory.article_ids}) for memory in aired)
    matching_ids = {
        name for memory, known in names if rule.hits_memory(memory) or known & hit for name in known
    }
    return frozenset(hit | matching_ids)


def is_told(entry: str, passages: Iterable[Passage], *, story_ids: Collection[str] = ()) -> bool:
    """Whether the passages tell one of `story_ids`, or match the entry themselves."""
    rule = _Rule.of(entry)
    return any(
        passage.story_id and (passage.story_id in story_ids or rule.hits_passage(passage))
        for passage in passages
    )


def is_named(entry: str, text: str) -> bool:
    """Whether a text holds the entry as a whole word or whole words."""
    return bool(_Rule.of(entry).words.search(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    entry: str
    link: tuple[str, frozenset[tuple[str, str]]] | None
    shown: tuple[str, frozenset[tuple[str, str]]] | None
    """The link as the archive stores it, without the values of secrets."""
    below: tuple[str, frozenset[tuple[str, str]]] | None
    """The same for a feed's address that came as env:NAME."""
    words: re.Pattern[str]

    @classmethod
    def of(cls, entry: str) -> _Rule:
        spaced = r"\s+".join(re.escape(word) for word in entry.split())
        is_link = entry.casefold().startswith(("http://", "https://"))
        return cls(
            entry=entry,
            link=_bare(entry) if is_link else None,
            shown=_bare(hide_marked(entry)) if is_link else None,
            below=_bare(hide.address(entry)) if is_link else None,
            words=re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE),
        )

    def hits(self, story: Story, memory: Aired | None) -> bool:
        return any(map(self.hits_article, story.articles)) or (
            memory is not None and self.hits_memory(memory)
        )

    def hits_memory(self, memory: Aired) -> bool:
        names = (memory.story_id, *memory.article_ids)
        spoken_texts = (memory.title, memory.text, memory.heard)
        return self._names(names) or any(self.words.search(text) for text in spoken_texts)

    def hits_passage(self, passage: Passage) -> bool:
        origins = [origin for sentence in passage.sentences for origin in sentence.origins]
        names = [passage.story_id, *(name for origin in origins for name in (origin.article_id, origin.link))]
        spoken_texts = [passage.title, passage.text, *(origin.text for origin in origins)]
        return self._names(names) or any(self.words.search(text) for text in spoken_texts)

    def hits_article(self, article: Article) -> bool:
        names = (article.id, article.link, *article.aliases)
        texts = (article.title, article.summary, article.text)
        return self._names(names) or any(self.words.search(text) for text in texts)

    def _names(self, names: Iterable[str]) -> bool:
        return any(name == self.entry or self._leads_to(name) for name in names if name)

    def _leads_to(self, name: str) -> bool:
        """Whether a name is the entry's link; a link stored without secrets matches any, rather one kill too many."""
        if name.startswith("env:"):
            return _bare(name) == self.below
        link = self.shown if HIDDEN in name else self.link
        return link is not None and _leads_to(link, name)


def _leads_to(link: tuple[str, frozenset[tuple[str, str]]], name: str) -> bool:
    """Whether `name` is the same address; its query counts, "?id=5" is not "?id=6"."""
    if "://" not in name:
        return False
    place, query = _bare(name)
    return place == link[0] and query == link[1]


def _bare(address: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """Strip scheme, www, fragment, last slash and tracking from an address; empty for an invalid one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", frozenset()
    query = (pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    return parts.netloc.removeprefix("www.").casefold() + parts.path.rstrip("/"), frozenset(query)
