"""Run -> its lengths for JSON: target, estimate, result; speech made and speech aired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bulletin.audio.metering.quality_report import clock
from bulletin.model import Clip, Passage

if TYPE_CHECKING:
    from bulletin.pipeline.bulletin_run import Run


def lengths_data(run: Run) -> dict[str, float]:
    """Seconds of the first rendition; speech without the pauses between sentences."""
    spoken_s = {text: seconds for clip in run.spoken.clips for text, seconds in _sentence_times(clip).items()}
    aired = {sentence.spoken for passage in run.bulletin.aired for sentence in passage.sentences}
    return {
        "target_s": run.bulletin.planned_s,
        "foretold_s": round(run.draft.lasts_s, 3),
        "actual_s": round(run.bulletin.renditions[0].duration_s, 3),
        "spoken_s": round(sum(spoken_s.values()), 3),
        "aired_s": round(sum(seconds for text, seconds in spoken_s.items() if text in aired), 3),
    }


def passage_lengths(passage: Passage, run: Run) -> dict[str, float | None]:
    """Estimated and actual seconds of a passage; None: not known."""
    key = (passage.role, passage.story_id, passage.cut)
    spoken_s = {clip.passage: round(clip.duration_s, 3) for clip in run.spoken.clips}
    foretold_s = run.draft.passages_s.get(key)
    return {
        "foretold_s": None if foretold_s is None else round(foretold_s, 3),
        "spoken_s": spoken_s.get(passage),
    }


def lengths_line(lengths: Mapping[str, float]) -> str:
    """ "Length 2:00.0 (target 2:00.0)"."""
    return f"Length {clock(lengths['actual_s'])} (target {clock(lengths['target_s'])})"


def _sentence_times(clip: Clip) -> dict[str, float]:
    """Sentence -> seconds; the whole text of a clip whose sentences were not timed."""
    if len(clip.sentence_times) != len(clip.passage.sentences):
        return {clip.passage.spoken: clip.duration_s}
    pairs = zip(clip.passage.sentences, clip.sentence_times, strict=True)
    return {sentence.spoken: end - start for sentence, (start, end) in pairs}
