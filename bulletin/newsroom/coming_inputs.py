"""Everything that a coming bulletin is made from, and its key in the cache."""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.edits.approval import approved_from_row, find_approval
from bulletin.model import (
    Edit,
    StoryScript,
)
from bulletin.newsroom.choose_slot import SlotChoice
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.spoken_form import editors_words
from bulletin.pipeline.decisions.preview_file import Preview
from bulletin.script.editors_words import EditorsWords

_QUICK = 1.05
"""As the pipeline does: a voice that reads faster must fill the length, too."""


class ComingInputs:
    """Everything that a coming bulletin is made from; equal inputs are assembled once."""

    def __init__(
        self, preview: Preview, choice: SlotChoice, records: Sequence[Edit], kills: Sequence[str], desk: Desk
    ) -> None:
        self.preview, self.choice, self.records, self.desk = preview, choice, tuple(records), desk
        self.kills = tuple(dict.fromkeys((*preview.kills, *kills)))
        last = max((edit.id for edit in self.records), default=0)
        self.respelled = desk.respelled()
        self.approval = find_approval(records)
        self.approved = self._approved_stories()
        names = tuple(self.respelled.items())
        # the spoken form depends on the profile; a preview is one object until its file changes
        self.key = (id(preview), choice, last, len(self.records), self.kills, names, id(desk.loaded))

    def _approved_stories(self) -> tuple[StoryScript, ...] | None:
        """The words of the approval that holds; they air, whatever the feeds bring since."""
        desk = self.desk
        if desk.loaded.profile.newsroom.approval == "off" or not self.approval.holds:
            return None
        assert self.approval.edit is not None
        row = desk.edits.approved_words(desk.station, self.approval.edit.id)
        return approved_from_row(row) if row else None

    @property
    def words(self) -> EditorsWords:
        """Speaks and splits the words of editors."""
        return editors_words(self.desk.loaded, respelled=self.respelled)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ComingInputs) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def least_s(preview: Preview) -> float:
    length = preview.lengths[0].length
    return length.target_s * (0.9 if length.is_up_to else 1.0) / _QUICK
