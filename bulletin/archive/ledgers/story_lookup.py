"""A few words, a link or an id -> the stories that they may mean, under whichever ids these ever had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.run_journal import RunJournal

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """A story as the archive knows it."""

    title: str
    """As it was called last."""
    ids: frozenset[str]
    """Of the story, under each name it had, and of all its articles."""
    id: str
    """The one to call it by."""
    seen_at: datetime
    """The last time that it was told or weighed."""


@dataclass(slots=True, kw_only=True)
class _Trace:
    """What one row says of a story."""

    title: str
    id: str
    ids: set[str]
    links: set[str] = field(default_factory=set)
    said: str = ""
    seen_at: datetime = _EVER
    titles: set[str] = field(default_factory=set)


def find_stories(archive: Archive, station: str, name: str) -> tuple[KnownStory, ...]:
    """
    The stories that `name` may mean, seen last first; one that aired and one that never did are both found.

    An id or a link means exactly one; words mean every story with them in its title, or, where no title has
    them, in what was said of it. Raises ArchiveError.
    """
    groups = _join(_traces(archive, station))
    wanted = " ".join(name.split())
    exact = [g for g in groups if wanted in g.ids or _bare(wanted) in g.links]
    words = wanted.casefold()
    titled = [g for g in groups if any(words in title.casefold() for title in g.titles)]
    found = exact or titled or [g for g in groups if words in g.said.casefold()]
    known = [
        KnownStory(title=g.title, ids=frozenset(g.ids), id=g.id, seen_at=g.seen_at) for g in found if words
    ]
    return tuple(sorted(known, key=lambda one: (one.seen_at, one.id), reverse=True))


def _traces(archive: Archive, station: str) -> Iterator[_Trace]:
    told = {memory.story_id: memory for memory in archive.aired(station, since=_EVER).values()}
    for memory in told.values():
        ids = {memory.story_id, *memory.article_ids}
        said = f"{memory.text} {memory.heard}"
        yield _Trace(title=memory.title, id=memory.story_id, ids=ids, said=said, seen_at=memory.last_at)
    journal = RunJournal(archive)
    for one in journal.considered(station):
        ids = {one.story_id, *(article.article_id for article in one.articles)}
        links = {_bare(article.link) for article in one.articles if article.link}
        yield _Trace(title=one.title, id=one.story_id, ids=ids, links=links, seen_at=one.began_at)
    for left in journal.left_out(station):
        yield _Trace(title=left.title, id=left.article_id, ids={left.article_id}, seen_at=left.last_at)


def _join(traces: Iterable[_Trace]) -> list[_Trace]:
    """One for each story: what shares an id is the same."""
    by_id: dict[str, _Trace] = {}
    for trace in traces:
        trace.titles.add(trace.title)
        trace.links |= {_bare(name) for name in trace.ids if "://" in name}
        for other in {id(by_id[name]): by_id[name] for name in trace.ids if name in by_id}.values():
            if other.seen_at > trace.seen_at:
                trace.title, trace.id, trace.seen_at = other.title, other.id, other.seen_at
            trace.ids |= other.ids
            trace.links |= other.links
            trace.titles |= other.titles
            trace.said = f"{other.said} {trace.said}".strip()
        for name in trace.ids:
            by_id[name] = trace
    return list({id(trace): trace for trace in by_id.values()}.values())


def _bare(link: str) -> str:
    return link.partition("://")[2].removeprefix("www.").rstrip("/") if "://" in link else ""
