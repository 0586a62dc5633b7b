"""Approve the coming bulletin: exactly these words air."""

from __future__ import annotations

from datetime import datetime

from bulletin.archive.ledgers.editor_edits import SlotBegunError
from bulletin.edits.approval import approved_to_row
from bulletin.errors import NewsroomError
from bulletin.model import Edit, EditAction
from bulletin.newsroom.actions.edit_answer import EditAnswer, find_answer
from bulletin.newsroom.choose_slot import clock_time
from bulletin.newsroom.coming_bulletin import ComingBulletin, coming_bulletin
from bulletin.newsroom.desk import Desk, new_key


def approve_bulletin(
    desk: Desk, *, due: datetime | None = None, fingerprint: str = "", key: str = ""
) -> EditAnswer:
    """
    Approve the bulletin of a slot as it stands: its running order and words air exactly so, kills excepted.

    `fingerprint` is that of the bulletin which the editor read (`ComingBulletin.fingerprint`): where it has changed
    since, nothing is approved. Any later edit withdraws the approval. Raises NewsroomError, ArchiveError, ConfigError.
    """
    if known := find_answer(desk, key):
        return known
    mode = desk.loaded.profile.newsroom.approval
    if mode == "off":
        raise NewsroomError(
            f'approval is off at {desk.station}; set [newsroom] approval = "by-deadline" or "required" in '
            f"{desk.loaded.path.name}"
        )
    # a slot that waits for its approval is tried again; any other is made without it
    may_be_working = mode == "required"
    coming = coming_bulletin(desk, due, may_have_begun=may_be_working)
    if fingerprint and fingerprint != coming.fingerprint:
        raise NewsroomError("The bulletin has changed since you read it: read it again, then approve it")
    if not coming.stories:
        raise NewsroomError("The coming bulletin has no story yet: there is nothing to approve")
    try:
        recorded = desk.edits.record(
            _approval_of(coming, desk, key),
            approved=approved_to_row(coming.exact_stories),
            seen_last=coming.version,
            may_be_working=may_be_working,
            address=desk.address,
        )
    except SlotBegunError as error:
        time = clock_time(desk, coming.due) if coming.due else "next"
        raise NewsroomError(
            f"The {time} bulletin is being made, or was made; approve the next one"
        ) from error
    return EditAnswer(edit=recorded, counts_for=recorded.due, note=coming.note, hints=tuple(_hints(coming)))


def _approval_of(coming: ComingBulletin, desk: Desk, key: str) -> Edit:
    names = (name for story in coming.stories for name in (story.id, *(a.id for a in story.sources)))
    return Edit(
        station=desk.station,
        action=EditAction.APPROVE,
        editor=desk.editor,
        made_at=desk.now(),
        key=key or new_key(),
        due=coming.due,
        article_ids=tuple(names),
        details={"fingerprint": coming.fingerprint, "stories": [story.id for story in coming.stories]},
    )


def _hints(coming: ComingBulletin) -> list[str]:
    """Edits that need a look, which the editor may have missed."""
    return [
        f'edit {item.edit.id}, {item.edit.action} "{item.edit.story_title}": {item.state}: {item.reason}'
        for item in coming.edits
        if item.reason and item.state in ("needs a look", "refused")
    ]
