"""Own stories of a station: add one, list them, remove one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletin.errors import NewsroomError, UnfitTextError, UnknownStoryError
from bulletin.model import Article, AttachedClip, Edit, EditAction
from bulletin.newsroom.desk import Desk, new_key

MOST_HOURS = 24.0 * 14
_LONGEST_EMBARGO = timedelta(days=366)
_TITLE_CHARS, _TEXT_CHARS = 300, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStory:
    """A story that the station wrote itself."""

    title: str
    text: str
    """Paragraphs are separated by a blank line."""
    hours: float = 12.0
    """Hours until it expires, from the embargo if it has one."""
    category: str = "local"
    credit: str = ""
    link: str = ""
    not_before: datetime | None = None
    """Embargo; aware."""
    is_breaking: bool = False
    clip: AttachedClip | None = None
    """A recorded voice at its end."""


def add_own_story(desk: Desk, story: OwnStory, *, key: str = "") -> Article:
    """
    Add a story; it is in every bulletin that has room for it until it expires. The same story again replaces it.

    Raises UnfitTextError without a title or text, NewsroomError for an embargo that has passed or is far away, ArchiveError.
    """
    article = _article(desk, story)
    desk.archive.add_own_story(desk.station, article)
    edit = Edit(
        station=desk.station,
        action=EditAction.OWN_STORY,
        editor=desk.editor,
        made_at=desk.now(),
        key=key or new_key(),
        story_id=article.id,
        story_title=article.title,
        article_ids=(article.id,),
        text=article.text,
    )
    desk.edits.record(edit, address=desk.address)
    return article


def list_own_stories(desk: Desk) -> tuple[Article, ...]:
    """Stories that have not expired. Raises ArchiveError."""
    return desk.archive.own_stories(desk.station, desk.now())


def remove_own_story(desk: Desk, *, story: str) -> None:
    """Remove a story by its id. Raises UnknownStoryError, ArchiveError."""
    if not desk.archive.remove_own_story(desk.station, story, at=desk.now()):
        raise UnknownStoryError(
            f"No story with id {story[:80]} is {desk.station}'s own; `bulletin stories list` prints the ids"
        )
    desk.audit("remove own story", story)


def _article(desk: Desk, story: OwnStory) -> Article:
    title, text = " ".join(story.title.split()), story.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not title or not text:
        raise UnfitTextError("a story needs a title and a text")
    if len(title) > _TITLE_CHARS or len(text) > _TEXT_CHARS:
        raise UnfitTextError(
            f"a story has at most {_TITLE_CHARS} characters of title and {_TEXT_CHARS:,} of text; shorten it"
        )
    now = desk.now()
    if story.not_before and story.not_before <= now:
        raise NewsroomError(
            f"the embargo {story.not_before:%d %b %Y %H:%M} UTC has passed; name a later time"
        )
    if story.not_before and story.not_before > now + _LONGEST_EMBARGO:
        raise NewsroomError(
            f"the embargo {story.not_before:%d %b %Y} is more than a year away; name an earlier day"
        )
    if not 0.1 <= story.hours <= MOST_HOURS:
        raise NewsroomError(f"a story lasts 0.1 to {MOST_HOURS:.0f} hours, not {story.hours:g}")
    begins = story.not_before or now
    return Article(
        id="own-" + hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()[:12],
        feed="station",
        title=title,
        summary=text.partition("\n\n")[0],
        text=text,
        published=begins,
        not_before=story.not_before,
        expires=begins + timedelta(hours=story.hours),
        language=desk.loaded.profile.language,
        is_local=True,
        category=story.category,
        credit=story.credit,
        link=story.link,
        is_breaking=story.is_breaking,
        clip=story.clip,
    )
