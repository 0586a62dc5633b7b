"""Words, link or id -> the stories that they may mean, with every id that each story has had."""

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
    """Its latest title."""
    ids: frozenset[str]
    """Every id of the story and of its articles."""
    id: str
    """The latest id of the story."""
    seen_at: datetime
    """When it last aired or was weighed by a run."""


@dataclass(slots=True, kw_only=True)
class _Trace:
    """A story as one row of the archive names it."""

    title: str
    id: str
    ids: set[str]
    links: set[str] = field(default_factory=set)
    spoken_text: str = ""
    seen_at: datetime = _EVER
    titles: set[str] = field(default_factory=set)


def find_stories(archive: Archive, station: str, name: str) -> tuple[KnownStory, ...]:
    """
    The stories that `name` may mean, the latest first, also those that never aired.

    An id or a link means exactly one; words match every story with them in its title or, when no title has
    them, in its spoken text. Raises ArchiveError.
    """
    groups = _join(_traces(archive, station))
    name = " ".join(name.split())
    exact = [g for g in groups if name in g.ids or _bare_link(name) in g.links]
    words = name.casefold()
    titled = [g for g in groups if any(words in title.casefold() for title in g.titles)]
    matches = exact or titled or [g for g in groups if words in g.spoken_text.casefold()]
    stories = [
        KnownStory(title=g.title, ids=frozenset(g.ids), id=g.id, seen_at=g.seen_at) for g in matches if words
    ]
    return tuple(sorted(stories, key=lambda story: (story.seen_at, story.id), reverse=True))


def _traces(archive: Archive, station: str) -> Iterator[_Trace]:
    aired = {story.story_id: story for story in archive.aired(station, since=_EVER).values()}
    for story in aired.values():
        ids = {story.story_id, *story.article_ids}
        spoken_text = f"{story.text} {story.heard}"
        yield _Trace(
            title=story.title, id=story.story_id, ids=ids, spoken_text=spoken_text, seen_at=story.last_at
        )
    journal = RunJournal(archive)
    for weighed in journal.considered(station):
        ids = {weighed.story_id, *(article.article_id for article in weighed.articles)}
        links = {_bare_link(article.link) for article in weighed.articles if article.link}
        title, seen_at = weighed.title, weighed.began_at
        yield _Trace(title=title, id=weighed.story_id, ids=ids, links=links, seen_at=seen_at)
    for left in journal.left_out(station):
        yield _Trace(title=left.title, id=left.article_id, ids={left.article_id}, seen_at=left.last_at)


def _join(traces: Iterable[_Trace]) -> list[_Trace]:
    """Traces that share an id belong to one story and are merged."""
    by_id: dict[str, _Trace] = {}
    for trace in traces:
        trace.titles.add(trace.title)
        trace.links |= {_bare_link(name) for name in trace.ids if "://" in name}
        for other in {id(by_id[name]): by_id[name] for name in trace.ids if name in by_id}.values():
            if other.seen_at > trace.seen_at:
                trace.title, trace.id, trace.seen_at = other.title, other.id, other.seen_at
            trace.ids |= other.ids
            trace.links |= other.links
            trace.titles |= other.titles
            trace.spoken_text = f"{other.spoken_text} {trace.spoken_text}".strip()
        for name in trace.ids:
            by_id[name] = trace
    return list({id(trace): trace for trace in by_id.values()}.values())


def _bare_link(link: str) -> str:
    return link.partition("://")[2].removeprefix("www.").rstrip("/") if "://" in link else ""
