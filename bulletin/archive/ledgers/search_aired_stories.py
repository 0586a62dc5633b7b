"""Words, link or id -> matching stories, each with all its ids, past ones too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import RunJournal

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
    titles: frozenset[str] = frozenset()
    """Every title that it has had."""
    links: frozenset[str] = frozenset()
    """Links of its articles, without scheme and "www."."""
    spoken_text: str = ""


def find_stories(archive: Archive, station: str, name: str) -> tuple[KnownStory, ...]:
    """
    The stories that match `name`, the latest first, including stories that never aired.

    An id or a link matches one story; words match the stories with them in a title or, when no title has
    them, in the spoken text. Raises ArchiveError.
    """
    stories = _join(_traces(archive, station))
    name = " ".join(name.split())
    if not name:
        return ()
    words = name.casefold()
    matches = (
        [story for story in stories if name in story.ids or _bare_link(name) in story.links]
        or [story for story in stories if any(words in title.casefold() for title in story.titles)]
        or [story for story in stories if words in story.spoken_text.casefold()]
    )
    return tuple(sorted(matches, key=lambda story: (story.seen_at, story.id), reverse=True))


def _traces(archive: Archive, station: str) -> Iterator[KnownStory]:
    """Each story as one row of the archive names it."""
    for story in {story.story_id: story for story in archive.aired(station, since=_EVER).values()}.values():
        ids, heard = (story.story_id, *story.article_ids), f"{story.text} {story.heard}"
        yield _trace(story.title, ids, story.last_at, spoken_text=heard)
    journal = RunJournal(archive)
    for weighed in journal.considered(station):
        ids = (weighed.story_id, *(article.article_id for article in weighed.articles))
        links = [article.link for article in weighed.articles]
        yield _trace(weighed.title, ids, weighed.began_at, links=links)
    for left in journal.left_out(station):
        yield _trace(left.title, [left.article_id], left.last_at)


def _trace(
    title: str, ids: Sequence[str], seen_at: datetime, *, links: Iterable[str] = (), spoken_text: str = ""
) -> KnownStory:
    return KnownStory(
        title=title,
        id=ids[0],
        ids=frozenset(ids),
        seen_at=seen_at,
        titles=frozenset([title]),
        links=frozenset(filter(None, map(_bare_link, (*ids, *links)))),
        spoken_text=spoken_text,
    )


def _join(traces: Iterable[KnownStory]) -> Collection[KnownStory]:
    """Traces that share an id belong to one story and are merged."""
    by_id: dict[str, KnownStory] = {}
    for story in traces:
        for other in {by_id[name] for name in story.ids if name in by_id}:
            story = replace(
                max(story, other, key=lambda version: version.seen_at),
                ids=story.ids | other.ids,
                titles=story.titles | other.titles,
                links=story.links | other.links,
                spoken_text=f"{other.spoken_text} {story.spoken_text}".strip(),
            )
        by_id |= dict.fromkeys(story.ids, story)
    return set(by_id.values())


def _bare_link(link: str) -> str:
    return link.partition("://")[2].removeprefix("www.").rstrip("/") if "://" in link else ""
