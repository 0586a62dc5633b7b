"""Stories and the editor's kill list -> those that may be told, and what took the others off the air."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from bulletin.archive.records import Aired
from bulletin.model import Article, Left, Story

_NOTHING: Mapping[str, Aired] = MappingProxyType({})
_TRACKING = re.compile(r"utm_\w+|at_\w+|fbclid|gclid|cmp|ref|rss|source|from", re.IGNORECASE)
"""Parts of an address that say where the reader came from, not what he reads."""


def kill_stories(
    stories: Iterable[Story], kill: Sequence[str], *, aired: Mapping[str, Aired] = _NOTHING
) -> tuple[list[Story], list[Left]]:
    """
    Take out every story of which any article holds a word, a link or an id of the editor's list.

    A word hits as a whole word in title, summary or text, a link without its scheme, www and tracking,
    an id exactly. `aired` (story id -> memory) is searched too: what was said an hour ago still tells
    what a story is about when the article that said so has left its feed.
    """
    rules = [_Rule.of(entry) for entry in dict.fromkeys(line.strip() for line in kill) if entry]
    kept: list[Story] = []
    left: list[Left] = []
    for story in stories:
        hit = next((rule.entry for rule in rules if rule.hits(story, aired.get(story.id))), None)
        if hit is None:
            kept.append(story)
        else:
            reason = f'on the kill list: "{hit}"'
            left += [Left(title=a.title, reason=reason, article_id=a.id) for a in story.articles]
    return kept, left


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    entry: str
    link: tuple[str, frozenset[tuple[str, str]]] | None
    words: re.Pattern[str]

    @classmethod
    def of(cls, entry: str) -> _Rule:
        spaced = r"\s+".join(re.escape(word) for word in entry.split())
        is_link = entry.casefold().startswith(("http://", "https://"))
        return cls(
            entry=entry,
            link=_bare(entry) if is_link else None,
            words=re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE),
        )

    def hits(self, story: Story, memory: Aired | None) -> bool:
        if any(self._is_hit(article) for article in story.articles):
            return True
        if memory is None:
            return False
        names = (memory.story_id, *memory.article_ids)
        said = (memory.title, memory.text, memory.heard)
        return self._names(names) or any(self.words.search(text) for text in said)

    def _is_hit(self, article: Article) -> bool:
        names = (article.id, article.link, *article.aliases)
        texts = (article.title, article.summary, article.text)
        return self._names(names) or any(self.words.search(text) for text in texts)

    def _names(self, names: Iterable[str]) -> bool:
        return any(name == self.entry or (self.link and _leads_to(self.link, name)) for name in names if name)


def _leads_to(link: tuple[str, frozenset[tuple[str, str]]], name: str) -> bool:
    """Whether `name` is the same address; one with "?id=5" is another than one with "?id=6"."""
    if "://" not in name:
        return False
    place, query = _bare(name)
    return place == link[0] and query == link[1]


def _bare(address: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """An address without scheme, www, fragment, last slash and tracking; nothing for one that is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", frozenset()
    query = (pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    return parts.netloc.removeprefix("www.").casefold() + parts.path.rstrip("/"), frozenset(query)
