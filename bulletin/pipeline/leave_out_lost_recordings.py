"""Script -> Script without stories whose recorded voice is missing: none airs without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bulletin.model import Left, RecordedClip, Script, StoryScript
from bulletin.speech.clips.clip_folder import is_undamaged


def leave_out_lost_recordings(script: Script, *, folder: Path) -> Script:
    """Leave out stories with a recording that is missing or damaged in `folder`, with the reason and the remedy."""
    lost = {
        item.story.id: clip
        for item in script.stories
        for clip in {clip for cut in item.cuts for clip in cut.recordings}
        if not is_undamaged(folder / clip.file_name, clip.sha256)
    }
    if not lost:
        return script
    kept = tuple(item for item in script.stories if item.story.id not in lost)
    left = tuple(_explain(item, lost[item.story.id]) for item in script.stories if item.story.id in lost)
    return replace(script, stories=kept, left=(*script.left, *left))


def _explain(item: StoryScript, clip: RecordedClip) -> Left:
    name = f' "{clip.source_name}"' if clip.source_name else ""
    reason = f"its recording{name} is missing or damaged; attach it again"
    return Left(title=item.story.title, reason=reason, article_id=item.story.best.id)
