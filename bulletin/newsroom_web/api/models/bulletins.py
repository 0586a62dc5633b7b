"""Models of the coming bulletin and of edits."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bulletin.newsroom_web.api.models.base import Answer, Body, Due, Name, Number, Whole, Words


class OriginItem(Answer):
    """A sentence of a source."""

    article_id: str
    text: str
    credit: str
    link: str


class SentenceItem(Answer):
    """A sentence of the coming bulletin."""

    text: str
    spoken: str
    editor: str = Field(description="Whose words these are; empty: the program's.")
    replaced: str = Field(description="The program's sentence, where an editor's stands in its place.")
    version: int = Field(description="Send it as `If-Match` when you reword the sentence; 0: never edited.")
    seconds: float
    hints: tuple[str, ...]
    origins: tuple[OriginItem, ...]


class ReasonItem(Answer):
    """One term of a story's score."""

    name: str
    value: float
    note: str


class SourceItem(Answer):
    """An article of a story."""

    id: str
    title: str
    summary: str
    link: str
    credit: str
    published: datetime


class EditItem(Answer):
    """A recorded decision of an editor."""

    id: int
    action: str
    editor: str
    made_at: datetime
    due: datetime | None
    story_id: str
    story_title: str
    text: str
    replaced: str
    position: int | None
    undoes: int | None


class AppliedEditItem(Answer):
    """An edit, and what became of it in this bulletin."""

    edit: EditItem
    state: str = Field(description='"applied", "needs a look", "waiting", "refused" or "undone".')
    reason: str


class StoryItem(Answer):
    """A story of the coming bulletin, or a candidate."""

    number: int
    id: str
    title: str
    section: str
    airs: bool
    why_not: str
    score: float
    reasons: tuple[ReasonItem, ...]
    sources: tuple[SourceItem, ...]
    headline: SentenceItem | None
    sentences: tuple[SentenceItem, ...]
    cut: str | None = Field(description='"short", "normal" or "long"; null: it does not air.')
    cuts_s: dict[str, float] = Field(description="Seconds of each cut.")
    seconds: float
    edits: tuple[AppliedEditItem, ...]


class LeftItem(Answer):
    """An article that no candidate has."""

    article_id: str
    title: str
    reason: str


class NextBulletin(Answer):
    """The coming bulletin as it stands."""

    station: str
    fingerprint: str = Field(description="Of stories and words; send it when you approve them.")
    due: datetime | None
    made_at: datetime = Field(description="When its feeds were read.")
    version: int
    planned_s: float
    target_s: float
    missing: tuple[str, ...]
    note: str
    stories: tuple[StoryItem, ...]
    others: tuple[StoryItem, ...]
    left: tuple[LeftItem, ...]
    edits: tuple[AppliedEditItem, ...]


class EditAnswerItem(Answer):
    """A recorded edit, and what the editor should know."""

    edit: EditItem
    counts_for: datetime | None = Field(description="The bulletin that it counts for.")
    note: str
    hints: tuple[str, ...]


class EditList(Answer):
    """The last edits with their undos, newest first."""

    edits: tuple[EditItem, ...]


class StoryEdit(Body):
    """A story, for one bulletin."""

    story: Name = Field(description="Its number on the list, its id, or words of its title.", examples=["1"])
    due: Due = None


class MoveEdit(StoryEdit):
    """A story and its new position."""

    position: Whole = Field(ge=0, le=1_000, description="Position in the running order; 0: the lead.")


class RewordEdit(Body):
    """Words in place of a sentence, in every bulletin with the story."""

    story: Name = Field(examples=["1"])
    sentence: Name = Field(
        description='Its number in the story from 1, "headline", or the sentence itself.', examples=["1"]
    )
    text: Words = Field(description="The new words; empty: the sentence is left out.")
    version: int | None = Field(
        default=None,
        ge=0,
        le=2**53,
        description="Version that the text is based on; `If-Match` says the same.",
    )


class ApproveBody(Body):
    """A bulletin to approve."""

    due: Due = None
    fingerprint: str = Field(
        default="",
        max_length=200,
        description="Of the bulletin that you read; where it has changed, nothing is approved.",
    )


class UndoEdit(Body):
    """An edit to undo."""

    number: Number | None = Field(
        default=None, description="Number of the edit; left out: your own last one."
    )


class NextQuery(Body):
    """Which bulletin."""

    due: Due = None


class EditsQuery(Body):
    """Which edits."""

    limit: int = Field(default=200, ge=1, le=1_000)
