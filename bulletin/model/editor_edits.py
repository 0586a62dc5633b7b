"""Edits: what an editor decided about a bulletin or a story, as records that are kept and applied again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bulletin.errors import NewsroomError


class EditAction(StrEnum):
    """Kind of an edit."""

    PIN = "pin"
    """The story airs in the bulletin, whatever its score."""
    DROP = "drop"
    """The story does not air in the bulletin."""
    MOVE = "move"
    """The story airs at `position`."""
    LENGTHEN = "lengthen"
    """The story's longest cut airs."""
    SHORTEN = "shorten"
    """The story's shortest cut airs."""
    REWORD = "reword"
    """`text` airs instead of the sentence `replaced`; an empty text leaves the sentence out."""
    OWN_STORY = "own-story"
    """A story that the station wrote itself was added."""
    CLIP = "clip"
    """A recording was attached to the story; `details` names it."""
    APPROVE = "approve"
    """The bulletin of the slot may air as it stands."""
    UNDO = "undo"
    """The edit `undoes` no longer holds."""


FOR_EVERY_BULLETIN = (EditAction.REWORD, EditAction.CLIP, EditAction.OWN_STORY)
"""Edits of a story, which hold in every bulletin with it; all others are for one bulletin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One decision of an editor. Records are only added; an undo is a record, too."""

    station: str
    action: EditAction
    editor: str
    made_at: datetime
    """Aware, UTC."""
    key: str
    """Name of the request that made it: the same request sent twice is recorded once."""
    due: datetime | None = None
    """The slot that it is for; None: every bulletin with the story (a reworded sentence, a clip)."""
    story_id: str = ""
    story_title: str = ""
    article_ids: tuple[str, ...] = ()
    """Ids and aliases of the story's articles, so that the edit finds a story that was grouped anew."""
    text: str = ""
    """Words of the editor."""
    replaced: str = ""
    """The sentence that it replaced, as the program wrote it."""
    sources: tuple[str, ...] = ()
    """Sentences of the source from which the replaced sentence was made, at the time of the edit."""
    position: int | None = None
    """Position in the running order, from 0."""
    undoes: int | None = None
    """Id of the edit that it undoes."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Recording of a clip; number of the running order that was approved; slot whose bulletin was being made."""
    id: int = 0
    """Number in the archive; 0: not recorded yet. Later edits have higher numbers."""


class EditState(StrEnum):
    """Result of applying an edit to the bulletin as it was made now."""

    APPLIED = "applied"
    NEEDS_LOOK = "needs a look"
    """The source changed, or the sentence that it replaced is no longer produced; the editor's words air."""
    WAITING = "waiting"
    """The story is not in this bulletin."""
    REFUSED = "refused"
    """It cannot be applied: the story was killed, or cannot be read out."""
    REPLACED = "replaced"
    """A later edit of the same thing holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedEdit:
    """An edit, and what became of it in one bulletin."""

    edit: Edit
    state: EditState
    reason: str = ""
    """Why it needs a look, waits or was refused; for the editor."""


class EditConflictError(NewsroomError):
    """Somebody else has changed the same sentence since; nothing is recorded, and their edit is attached."""

    def __init__(self, theirs: Edit) -> None:
        did, words = "has changed this sentence", f': "{theirs.text}"'
        if theirs.action is EditAction.UNDO:  # its text is that of the undone edit
            did, words = "has undone a change of this sentence", ""
        elif not theirs.text:
            did, words = "has left this sentence out", ""
        super().__init__(
            f"{theirs.editor} {did} at {theirs.made_at:%H:%M} UTC{words}; "
            "read it, and save yours again if it should stand"
        )
        self.theirs = theirs
