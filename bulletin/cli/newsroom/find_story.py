"""Words, link or id -> the one story that an editor means."""

from __future__ import annotations

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.story_lookup import KnownStory, find_stories
from bulletin.errors import BulletinError

_SHOWN = 10


def find_story(archive: Archive, station: str, name: str) -> KnownStory:
    """Raises BulletinError when no story matches, or several do, with their ids."""
    stories = find_stories(archive, station, name)
    if not stories:
        raise BulletinError(f'No story matching "{name}"')
    if len(stories) > 1:
        lines = [f"  {story.id}  {story.title}" for story in stories[:_SHOWN]]
        more = [f"  and {len(stories) - _SHOWN} more"] if len(stories) > _SHOWN else []
        head = f'"{name}" matches {len(stories)} stories; name one by its id:'
        raise BulletinError("\n".join([head, *lines, *more]))
    return stories[0]
