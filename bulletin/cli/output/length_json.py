"""A run -> its lengths as plain data: asked, foretold, come out; and how much more was spoken than airs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bulletin.audio.metering.quality_report import clock
from bulletin.model import Clip, Passage

if TYPE_CHECKING:
    from bulletin.pipeline.run import Run


def lengths_data(run: Run) -> dict[str, float]:
    """In seconds, of the first rendition; speech without the pauses between sentences."""
    said = {text: seconds for clip in run.spoken.clips for text, seconds in _said(clip).items()}
    aired = {sentence.spoken for passage in run.bulletin.aired for sentence in passage.sentences}
    return {
        "target_s": run.bulletin.planned_s,
        "foretold_s": round(run.draft.lasts_s, 3),
        "actual_s": round(run.bulletin.renditions[0].duration_s, 3),
        "spoken_s": round(sum(said.values()), 3),
        "aired_s": round(sum(seconds for text, seconds in said.items() if text in aired), 3),
    }


def passage_lengths(passage: Passage, run: Run) -> dict[str, float | None]:
    """How long it was foretold to be, and how long it is as spoken; None: not known."""
    place = (passage.role, passage.story_id, passage.cut)
    spoken_s = {clip.passage: round(clip.duration_s, 3) for clip in run.spoken.clips}
    foretold_s = run.draft.passages_s.get(place)
    return {
        "foretold_s": None if foretold_s is None else round(foretold_s, 3),
        "spoken_s": spoken_s.get(passage),
    }


def lengths_line(lengths: Mapping[str, float]) -> str:
    """For the terminal: "asked 2:00.0, foretold 1:59.4, came out at 2:00.0; spoken 1:35.0, of which 1:33.2 air"."""
    asked, foretold, actual, spoken, aired = (
        clock(lengths[name]) for name in ("target_s", "foretold_s", "actual_s", "spoken_s", "aired_s")
    )
    return f"asked {asked}, foretold {foretold}, came out at {actual}; spoken {spoken}, of which {aired} air"


def _said(clip: Clip) -> dict[str, float]:
    """The seconds of each sentence: cuts of a story share theirs. Of a clip that nobody measured, all at once."""
    if len(clip.sentence_times) != len(clip.passage.sentences):
        return {clip.passage.spoken: clip.duration_s}
    pairs = zip(clip.passage.sentences, clip.sentence_times, strict=True)
    return {sentence.spoken: end - start for sentence, (start, end) in pairs}
