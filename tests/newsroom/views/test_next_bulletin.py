"""Edits in a few words."""

from __future__ import annotations

import pytest

from bulletin.edits.attach_clips import clip_to_details
from bulletin.model import AttachedClip, Edit, EditAction, RecordedClip
from bulletin.newsroom.views.next_bulletin import describe_edit
from tests.support.factories import NOW

CLIP = AttachedClip(recording=RecordedClip(sha256="a" * 64, duration_s=2.0))


@pytest.mark.parametrize(
    ("clip", "words"), [(CLIP, "clip attached"), (None, "clip taken out")], ids=["attached", "taken-out"]
)
def test_a_clip_is_attached_or_taken_out_whatever_else_its_record_says(
    clip: AttachedClip | None, words: str
) -> None:
    details = {**clip_to_details(clip), "begun_slot": NOW.isoformat()}
    edit = Edit(station="hill", action=EditAction.CLIP, editor="ann", made_at=NOW, key="k", details=details)

    assert describe_edit(edit) == words
