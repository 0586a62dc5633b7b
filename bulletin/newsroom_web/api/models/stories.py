"""Models of own stories and of the kill list."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, Field

from bulletin.newsroom_web.api.models.base import Answer, Body, Due, Name, Words
from bulletin.newsroom_web.api.models.requests import RequestAnswerItem


class OwnStoryBody(Body):
    """A story of the station's own."""

    title: Name
    text: str = Field(min_length=1, max_length=20_000, pattern=r"^[^\x00]*\S[^\x00]*$")
    hours: float = Field(default=12.0, ge=0.1, le=336, description="Hours until it expires.")
    category: str = Field(default="local", pattern=r"^[a-z]{1,40}$")
    credit: Words = ""
    link: str = Field(default="", max_length=2_000, pattern=r"^(https?://[!-~]+)?$")
    not_before: Due = Field(default=None, description="Embargo: earliest time on air.")
    is_breaking: bool = False


class RecordingItem(Answer):
    """A recorded voice, as it was stored."""

    duration_s: float
    words: str
    speaker: str
    credit: str
    rights: str
    source_name: str
    notes: tuple[str, ...] = Field(description="What its import changed.")


class OwnClipItem(Answer):
    """A recorded voice with the newsreader's words around it."""

    recording: RecordingItem
    before: str
    after: str


class OwnStoryItem(Answer):
    """A story of the station's own."""

    id: str
    title: str
    text: str
    category: str
    credit: str
    link: str
    not_before: datetime | None
    expires: datetime | None
    is_breaking: bool
    clip: OwnClipItem | None = Field(default=None, description="A recorded voice at its end.")


class OwnStoryList(Answer):
    """Stories that have not expired."""

    stories: tuple[OwnStoryItem, ...]


class StoryId(Body):
    """A story of the station's own."""

    story: Name = Field(description="Its id.")


class Removed(Answer):
    """What was removed."""

    removed: str


class KillEntry(Body):
    """An entry of the kill list."""

    entry: str = Field(
        min_length=2,
        max_length=300,
        description="A word or words, a link, or the id of an article; with two letters or digits at least.",
        json_schema_extra={"pattern": r"[^\W_][^\x00]*[^\W_]"},
    )


class KillBody(KillEntry):
    """An entry to block."""

    keep_published: bool = Field(
        default=False, description="Block in new bulletins only; keep published ones."
    )


class BlockedItem(Answer):
    """A blocked entry, and the withdrawal of the published bulletins with it."""

    entry: str
    added_at: AwareDatetime
    note: str
    withdrawal: RequestAnswerItem | None = Field(description="null: published bulletins were kept.")


class KillItem(Answer):
    """An entry of the kill list."""

    entry: str
    added_at: AwareDatetime
    note: str


class KillsAnswer(Answer):
    """The kill list."""

    kills: tuple[KillItem, ...]
    in_profile: tuple[str, ...] = Field(description="Entries of the profile.")
    doubt: str = Field(description="Why the list may be incomplete; empty: it is complete.")
