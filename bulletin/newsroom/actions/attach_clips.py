"""Attach a recording to a story of the coming bulletin, and take it away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bulletin.edits.attach_clips import clip_of_edit, clip_to_details
from bulletin.errors import NewsroomError
from bulletin.model import AttachedClip, Edit, EditAction, EditState, RecordedClip
from bulletin.newsroom.actions.edit_answer import EditAnswer, article_names, explain_withdrawal, find_answer
from bulletin.newsroom.check_words import check_words, clean_words
from bulletin.newsroom.choose_slot import choose_slot
from bulletin.newsroom.coming_bulletin import ComingStory, coming_bulletin
from bulletin.newsroom.desk import Desk, new_key
from bulletin.speech.clips.clip_folder import CLIPS, read_clip
from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.clips.recording_checks import RecordingError, most_clip_s
from bulletin.speech.clips.shared_clips import fetch_clip, share_clip
from bulletin.station.group_files.check_store_of_group import check_store_of_group
from bulletin.station.open_archive import open_group_store
from bulletin.storage.store_interface import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipDetails:
    """What an editor says about a recording, and allows."""

    before: str = ""
    """Newsreader's words before the clip."""
    after: str = ""
    words: str = ""
    """What is said in it."""
    speaker: str = ""
    credit: str = ""
    rights: str = ""
    may_cut: bool = False
    """A clip that is too long may be cut at a breath."""
    reduces_noise: bool = False
    transcribes: bool = False
    """A recogniser finds the words, if none are given."""


def import_clip(
    desk: Desk,
    source: Path | bytes,
    *,
    name: str,
    details: ClipDetails,
) -> RecordedClip:
    """
    Check and store an uploaded recording, before it is attached.

    In a group all its machines get it. Raises RecordingError with the remedy; then nothing is stored. Raises StoreError
    where the group's store does not take it: upload it again.
    """
    profile = desk.loaded.profile
    clip = import_recording(
        source,
        folder=desk.state / CLIPS,
        name=name,
        words=details.words,
        speaker=details.speaker,
        credit=details.credit,
        rights=details.rights,
        most_s=most_clip_s(profile.length),
        may_cut=details.may_cut,
        reduces_noise=details.reduces_noise,
        transcribes_in=profile.language if details.transcribes else "",
    )
    if profile.group.is_on:
        share_clip(clip, folder=desk.state / CLIPS, store=_store(desk))
    return clip


def attach_clip(
    desk: Desk, *, story: str, recording: RecordedClip | str, before: str = "", after: str = "", key: str = ""
) -> EditAnswer:
    """
    Let a stored recording air at the end of a story, in every bulletin with it; it replaces the story's clip.

    `recording` may be the hash of a stored one; the answer's hints describe it. Raises RecordingError for an
    unknown one, UnfitTextError, UnknownStoryError, KilledStoryError, NewsroomError, ArchiveError, ConfigError.
    """
    if known := find_answer(desk, key):
        return known
    clip = AttachedClip(
        recording=_stored(desk, recording), before=_checked(desk, before), after=_checked(desk, after)
    )
    answer = _record(desk, story, clip, key=key)
    return replace(answer, hints=describe_recording(clip.recording))


def describe_recording(recording: RecordedClip) -> tuple[str, ...]:
    """What was stored, in lines: its length first, then what its import changed, and its words."""
    who = f" of {recording.speaker}" if recording.speaker else ""
    words = recording.words or "none for the transcript; attach it again with them"
    return (
        f"Clip{who}: {recording.duration_s:.1f} s, {recording.source_name}.",
        *(f"{note[:1].upper()}{note[1:]}." for note in recording.notes),
        f"Words: {words}",
    )


def remove_clip(desk: Desk, *, story: str, key: str = "") -> EditAnswer:
    """Let a story air without its clip. Raises as `attach_clip`."""
    return find_answer(desk, key) or _record(desk, story, None, key=key)


def _stored(desk: Desk, recording: RecordedClip | str) -> RecordedClip:
    sha256 = recording if isinstance(recording, str) else recording.sha256
    group = desk.loaded.profile.group
    if group.is_on and read_clip(desk.state / CLIPS, sha256) is None:
        fetch_clip(sha256, folder=desk.state / CLIPS, store=_store(desk))
    stored = read_clip(desk.state / CLIPS, sha256)
    if stored is None:
        raise RecordingError("the recording is not there any more; upload it again")
    return stored if isinstance(recording, str) else recording


def _store(desk: Desk) -> Store:
    """The store of the station's group. Raises StoreError."""
    group = desk.loaded.profile.group
    store = open_group_store(group, output=desk.output)
    check_store_of_group(group, archive=desk.archive, store=store)
    return store


def _checked(desk: Desk, text: str) -> str:
    """The editor's words around a clip. Raises UnfitTextError."""
    words = clean_words(text)
    if words:
        kills = (kill.entry for kill in desk.archive.kills(desk.station))
        check_words(words, say=desk.say, kills=(*desk.loaded.profile.stories.kill, *kills))
    return words


def _has_clip(story: ComingStory) -> bool:
    """Whether the story has a clip, or will have the attached one once it airs with a sentence."""
    kept = (item for item in story.edits if item.state is not EditState.REPLACED)
    held = (item.edit for item in kept if item.edit.action is EditAction.CLIP)
    return any(sentence.recording for sentence in story.sentences) or any(map(clip_of_edit, held))


def _record(desk: Desk, story: str, clip: AttachedClip | None, *, key: str) -> EditAnswer:
    coming = coming_bulletin(desk)
    found = coming.find(story)
    if clip is None and not _has_clip(found):
        raise NewsroomError(f'"{found.title}" has no clip to take out')
    edit = Edit(
        station=desk.station,
        action=EditAction.CLIP,
        editor=desk.editor,
        made_at=desk.now(),
        key=key or new_key(),
        story_id=found.id,
        story_title=found.title,
        article_ids=article_names(found),
        text=clip.recording.words if clip else "",
        details=clip_to_details(clip),
    )
    recorded = desk.edits.record(edit, address=desk.address)
    choice = choose_slot(desk)
    note = " ".join(filter(None, (choice.note, explain_withdrawal(desk, coming))))
    return EditAnswer(edit=recorded, counts_for=choice.due, note=note)
