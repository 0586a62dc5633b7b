"""The newest bulletin and those before it -> FrontPage, with what was new in each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bulletin.publishing.pages.bulletin_page_data import PageFacts
from bulletin.publishing.pages.json_bulletin_lists_by_day import DayEntry, entry_of
from bulletin.publishing.pages.page_wording import ComingSlot

EARLIER = 6
"""Most earlier bulletins on the front page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierBulletin:
    """An earlier bulletin, listed by its news."""

    entry: DayEntry
    new: tuple[str, ...]
    """Titles of stories that the bulletin before it did not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """Content of the front page."""

    facts: PageFacts | None
    """The newest bulletin."""
    new_ids: frozenset[str]
    """Its stories that the bulletin before it did not have; none where it is the first."""
    earlier: tuple[EarlierBulletin, ...]
    """Newest first; without those that had no new story."""
    coming: tuple[ComingSlot, ...]


def compose_front(
    facts: PageFacts | None, before: Sequence[DayEntry], coming: Sequence[ComingSlot]
) -> FrontPage:
    """`before` has the bulletins before `facts`, newest first, one more than is shown."""
    earlier = tuple(
        EarlierBulletin(entry=entry, new=_new_titles(entry, older))
        for entry, older in zip_longest(before[:EARLIER], before[1 : EARLIER + 1])
    )
    new_ids = frozenset[str]()
    if facts and before:
        new = set(_new_titles(entry_of(facts), before[0]))
        new_ids = frozenset(part.story_id for part in facts.stories if part.title in new)
    return FrontPage(
        facts=facts,
        new_ids=new_ids,
        earlier=tuple(item for item in earlier if item.new),
        coming=tuple(coming),
    )


def _new_titles(entry: DayEntry, older: DayEntry | None) -> tuple[str, ...]:
    """By the ids of the stories: a story that goes on often has a new headline. Older lists have only titles."""
    if older is None:
        return entry.stories
    ids = entry.story_ids or ("",) * len(entry.stories)
    return tuple(
        title
        for story_id, title in zip(ids, entry.stories, strict=False)
        if title not in older.stories and (not story_id or story_id not in older.story_ids)
    )
