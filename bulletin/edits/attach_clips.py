"""Attached clip -> the passages of a story with the recorded voice at their end. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bulletin.edits.reword_passages import Say, language_of
from bulletin.model import AppliedEdit, AttachedClip, Edit, EditState, Passage, Sentence, StoryScript
from bulletin.script.clip_sentences import clip_sentences, words_around

_CLIP = TypeAdapter(AttachedClip)
CLIP = "clip"
"""Key of the clip in an edit's details; without it the story airs without a clip."""


def clip_to_details(clip: AttachedClip | None) -> dict[str, Any]:
    """Details of an edit that attaches a clip, or takes the story's clip away."""
    return {CLIP: asdict(clip)} if clip else {}


def clip_of_edit(edit: Edit) -> AttachedClip | None:
    """The clip that an edit attaches; None: it takes the story's clip away, or its record is damaged."""
    facts = edit.details.get(CLIP)
    if not isinstance(facts, Mapping):
        return None
    try:
        return _CLIP.validate_python(dict(facts))
    except ValidationError:
        return None


def attach_clip(item: StoryScript, edit: Edit, *, say: Say) -> tuple[StoryScript, AppliedEdit]:
    """
    Put the clip at the end of every cut of the story, in the place of the clip that it had.

    The words around it are the editor's. A cut keeps its text: the length of the bulletin decides among the cuts.
    """
    clip = clip_of_edit(edit)
    if edit.details.get(CLIP) and clip is None:
        reason = "the record of its recording is damaged; attach the clip again"
        return item, AppliedEdit(edit=edit, state=EditState.REFUSED, reason=reason)

    def sentence(text: str) -> Sentence:
        return Sentence(text=text, spoken=say(text, language_of(item)), editor=edit.editor)

    said = tuple(replace(one, editor=edit.editor) for one in clip_sentences(clip, say=sentence))
    cuts = (_without_clip(cut, item.story.clip) for cut in item.cuts)
    kept = tuple(replace(cut, sentences=(*cut.sentences, *said)) for cut in cuts if cut.sentences or said)
    return replace(item, cuts=kept), AppliedEdit(edit=edit, state=EditState.APPLIED)


def _without_clip(cut: Passage, clip: AttachedClip | None) -> Passage:
    """The cut without its recording and the words around it."""
    around = [*words_around(clip.before), *words_around(clip.after)] if clip else []
    return replace(
        cut,
        sentences=tuple(
            one
            for one in cut.sentences
            if not one.recording and (one.origins or (one.replaced or one.text) not in around)
        ),
    )
