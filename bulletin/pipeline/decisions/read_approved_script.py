"""Approval of an editor -> the draft with exactly the approved words, without the feeds; kills excepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bulletin.archive.ledgers.editor_edits import EditLedger, names_of, without_undone
from bulletin.edits.apply_to_choice import KILLED
from bulletin.edits.approval import Approval, approved_from_row, find_approval
from bulletin.errors import ApprovalMissingError, NoStoryError
from bulletin.model import AppliedEdit, Chosen, Edit, EditState, Left, Passage, Script, StoryScript
from bulletin.pipeline.leave_out_lost_recordings import leave_out_lost_recordings
from bulletin.pipeline.publish_and_record_bulletin import find_kills
from bulletin.pipeline.speak_script_to_length import predict_length
from bulletin.pipeline.write_script_to_length import WrittenScript, write_frame
from bulletin.script.say_names_anew import say_passage_anew
from bulletin.station.build_station_object import Station
from bulletin.stories.apply_kill_list import has_killed_story


def read_approved_script(
    station: Station, records: Sequence[Edit], *, at: datetime, must_be_approved: bool
) -> WrittenScript | None:
    """
    The approved stories with the station's own words around them; None: there is no approval, and none is needed.

    Raises ApprovalMissingError where the profile requires an approval that nobody gave or an edit withdrew, and
    NoStoryError where every approved story was killed since, or has lost its recording.
    """
    option = station.profile.newsroom.approval
    if option == "off":
        return None
    approval = find_approval(records)
    stories = _approved(station, approval) if approval.holds else None
    if stories is None:
        if must_be_approved and option == "required":
            raise ApprovalMissingError(_why_missing(station, approval))
        return None
    script = replace(write_frame(station, at=at), stories=stories, is_approved=True)
    station.fetch_recordings(script)
    script = leave_out_lost_recordings(_without_killed(station, script), folder=station.clips)
    if not script.stories:
        reason = script.left[-1].reason
        raise NoStoryError(f"no story of the approved bulletin can air ({reason}); approve another")
    return WrittenScript(
        chosen=Chosen(stories=tuple(item.story for item in script.stories), left=script.left),
        whole=script,
        foreseen=predict_length(station, script),
        edits=tuple(_applied(records, approval)),
    )


def _applied(records: Sequence[Edit], approval: Approval) -> Iterator[AppliedEdit]:
    """The approval, and the edits that it approved: those of the bulletin and of the stories in it."""
    approved = names_of(approval.edit) if approval.edit else set()
    for edit in without_undone(records):
        if edit.due or names_of(edit) & approved:
            yield AppliedEdit(edit=edit, state=EditState.APPLIED)


def _approved(station: Station, approval: Approval) -> tuple[StoryScript, ...] | None:
    assert approval.edit is not None
    row = EditLedger(station.archive).approved_words(station.words.id, approval.edit.id)
    stories = approved_from_row(row) if row else None
    return stories and tuple(_say_anew(item, station) for item in stories)


def _say_anew(item: StoryScript, station: Station) -> StoryScript:
    """The approved words, with names that an editor respelled since."""
    say = partial(say_passage_anew, station=station.words, lexicon=station.lexicon)
    return replace(
        item, cuts=tuple(map(say, item.cuts)), headline=say(item.headline) if item.headline else None
    )


def _why_missing(station: Station, approval: Approval) -> str:
    remedy = f"`bulletin approve` approves it; until then {station.words.name} airs its stand-by"
    if approval.edit and approval.withdrawn_by:
        later = approval.withdrawn_by
        return (
            f"the approval by {approval.edit.editor} was withdrawn by edit {later.id} ({later.action}, "
            f"{later.editor}); {remedy}"
        )
    return f"nobody has approved this bulletin; {remedy}"


def _without_killed(station: Station, script: Script) -> Script:
    """The script without stories that were killed since the approval."""
    profile, name = station.profile, station.words.id
    passages = [passage for item in script.stories for passage in item.cuts]
    kills = find_kills(
        passages, archive=station.archive, station=name, feeds=station.feeds, also=profile.stories.kill
    )
    left = {
        item.story.id: Left(
            title=item.story.title, reason=f'{KILLED}: "{entry}"', article_id=item.story.best.id
        )
        for entry, story_ids in kills
        for item in script.stories
        if has_killed_story(entry, _passages(item), story_ids=story_ids)
    }
    stories = tuple(item for item in script.stories if item.story.id not in left)
    return replace(script, stories=stories, left=(*script.left, *left.values()))


def _passages(item: StoryScript) -> list[Passage]:
    return [*item.cuts, *([item.headline] if item.headline else [])]
