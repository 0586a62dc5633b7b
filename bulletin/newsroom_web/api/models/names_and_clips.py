"""Models of names and of recorded clips."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from bulletin.newsroom_web.api.models.base import Answer, Body, Due, File, Name, Words

Flag = Literal["true", "false"]
"""A box of a form."""


class HardWordItem(Answer):
    """A word that a newsreader has to guess."""

    word: str
    respelling: str = Field(description="A first proposal; empty: there is none.")


class NameItem(Answer):
    """An unknown name of the coming bulletin."""

    name: str
    words: tuple[HardWordItem, ...]
    sentence: str
    story_id: str


class SavedNameItem(Answer):
    """A name with the respelling that an editor saved."""

    name: str
    respelling: str = Field(description="Empty: checked, it is read as printed.")
    editor: str
    saved_at: datetime


class NamesAnswer(Answer):
    """Names of the coming bulletin, the hardest first, and those that were saved."""

    unknown: tuple[NameItem, ...]
    saved: tuple[SavedNameItem, ...]


class NamesQuery(Body):
    """Which bulletin."""

    due: Due = None


class Respelling(Body):
    """How a name is said."""

    name: Name
    respelling: Words = Field(description='"SHAHN"; empty: it is read as printed.')


class NameBody(Body):
    """A name."""

    name: Name


class NameToHear(Body):
    """A name to hear, as it is said now and by a respelling."""

    name: Name
    respelling: Words | None = Field(default=None, description="null: the first proposal.")


class ClipFields(Body):
    """A recorded voice, and what an editor says about it."""

    file: File
    before: Words = Field(default="", description="Newsreader's words before the clip.")
    after: Words = ""
    words: Words = Field(default="", description="What is said in it, for the transcript.")
    speaker: Words = ""
    clip_credit: Words = Field(default="", description="Who recorded it.")
    rights: Words = ""
    may_cut: Flag = Field(default="false", description="A clip that is too long may be cut at a breath.")
    reduce_noise: Flag = "false"
    transcribe: Flag = Field(default="false", description="A recogniser finds the words, if none are given.")


class StoryClip(ClipFields):
    """A recorded voice for a story of the coming bulletin."""

    story: Name


class OwnStoryWithClip(ClipFields):
    """A story of the station's own with a recorded voice at its end."""

    title: Name
    text: str = Field(min_length=1, max_length=20_000, pattern=r"^[^\x00]*\S[^\x00]*$")
    hours: float = Field(default=12.0, ge=0.1, le=336)
    credit: Words = ""
