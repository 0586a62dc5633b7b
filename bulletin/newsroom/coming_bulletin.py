"""Desk -> ComingBulletin: the next bulletin as it stands, from the last preview and the edits."""

from __future__ import annotations

from datetime import datetime

from bulletin.edits.find_edited_story import keep_known
from bulletin.errors import NewsroomError
from bulletin.newsroom.assemble_coming_bulletin import assemble
from bulletin.newsroom.choose_slot import choose_slot
from bulletin.newsroom.coming_bulletin_records import (
    ApprovalState,
    ComingBulletin,
    ComingSentence,
    ComingStory,
)
from bulletin.newsroom.coming_inputs import ComingInputs
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.recent_edits import recent_edits
from bulletin.pipeline.decisions.preview_file import load_preview
from bulletin.pipeline.decisions.read_edits_of_bulletin import held_edits, last_slot

__all__ = ["ApprovalState", "ComingBulletin", "ComingSentence", "ComingStory", "coming_bulletin"]


def coming_bulletin(
    desk: Desk, due: datetime | None = None, *, may_have_begun: bool = False
) -> ComingBulletin:
    """
    The coming bulletin with its edits, from the last preview: nothing is fetched.

    That of the next slot whose bulletin has not been begun, or with `may_have_begun` not been made. Raises NewsroomError where there is no preview yet, ArchiveError, ConfigError.
    """
    preview = load_preview(desk.state, desk.station)
    if preview is None:
        raise NewsroomError(
            f"the coming bulletin of {desk.station} has not been prepared yet; `bulletin next` prepares it"
        )
    choice = choose_slot(desk, due, may_have_begun=may_have_begun)
    after = last_slot(desk.loaded.profile, before=choice.due) if choice.due else None
    records = held_edits(
        desk.archive,
        desk.station,
        due=choice.due,
        after=after,
        now=desk.now(),
        records=recent_edits(desk),
    )
    records = keep_known(records, preview.names)
    kills = tuple(kill.entry for kill in desk.archive.kills(desk.station))
    return assemble(ComingInputs(preview, choice, records, kills, desk))
