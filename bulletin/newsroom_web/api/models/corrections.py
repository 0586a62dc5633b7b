"""Models of corrections of stories that have aired."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bulletin.newsroom_web.api.models.base import Answer, Body, Name, Number, Version, Words
from bulletin.newsroom_web.api.models.bulletins import OriginItem


class AiredStoryQuery(Body):
    """A story that aired."""

    story: Name = Field(description="Its id, as the log has it.")
    bulletin: Number | None = Field(
        default=None, description="The bulletin's number in the log; left out: the newest with the story."
    )


class CorrectableWordsItem(Answer):
    """A sentence, the headline or the title, as it aired."""

    name: str = Field(description='"1" for the first sentence, "headline" or "title".')
    text: str
    spoken: str
    editor: str = Field(description="Whose words it is; empty: the program's.")
    version: int
    is_recording: bool
    origins: tuple[OriginItem, ...]


class AiredStoryItem(Answer):
    """A story as it aired."""

    id: str
    title: str
    bulletin: int
    at: datetime
    words: tuple[CorrectableWordsItem, ...]


class ChangeBody(Body):
    """Other words for one sentence."""

    aired: str = Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]+$", description="As it aired.")
    text: Words = Field(description="The right words; empty: the sentence is left out.")
    seen: Version | None = Field(
        default=None, description="The version of the sentence on which the words are based."
    )


class CorrectionBody(Body):
    """The correction of a story."""

    story: Name = Field(description="Its id, as the log has it.")
    changes: list[ChangeBody] = Field(min_length=1, max_length=60)
