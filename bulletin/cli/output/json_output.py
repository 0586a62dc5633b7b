"""Run, Draft and FeedReport -> data for `--json` and for the pages on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bulletin.cli.output.text_or_json_answer import pick, to_data
from bulletin.model import Clip, FeedReport, Left, Passage, Role, Script
from bulletin.pipeline.bulletin_run_results import Draft, Run
from bulletin.pipeline.hear_before_publication import STAGE as HEARING
from bulletin.pipeline.make_bulletin import STAGES

NAMES = dict(zip(STAGES, "Feeds Stories Words Voice Sound Quality Places".split(), strict=True)) | {
    HEARING: "Hearing"
}
"""Stage of a run -> its name for people."""


def as_data(run: Run) -> dict[str, Any]:
    """A whole run; `bulletin make --json` prints it."""
    bulletin, spoken = run.bulletin, run.spoken
    kept_back = {episode.outlet for episode in run.episodes if episode.kept_back}
    return {
        "station": bulletin.script.station.id,
        **pick(bulletin.script, "title", "at"),
        **pick(bulletin, "planned_s", "notes"),
        "lengths": lengths_data(run),
        "voice": pick(spoken.voice, "engine", "name"),
        "second_voice": pick(spoken.second, "engine", "name") if spoken.second else None,
        "other_voices": {language: pick(voice, "engine", "name") for language, voice in spoken.others},
        "likeness": bulletin.likeness,
        "attempts": to_data(spoken.attempts),
        "renditions": [
            {
                **pick(made, "kind", "media_type", "duration_s", "loudness_lufs", "true_peak_dbtp"),
                "path": "" if made.kind in kept_back else str(made.path),
                "chapters": [pick(chapter, "start_s", "title") for chapter in made.chapters],
                "quality": to_data(made.quality) | {"fit": made.quality.is_fit} if made.quality else None,
            }
            for made in bulletin.renditions
        ],
        "aired": [passage_data(p) | passage_lengths(p, run) for p in bulletin.aired],
        "dropped": left_data(bulletin.dropped),
        **_draft_data(run.draft),
        "episodes": [
            pick(episode, "outlet", "guid", "title", "kept_back")
            | {"places": {} if episode.kept_back else to_data(episode.places)}
            for episode in run.episodes
        ],
        "timings_s": to_data(run.timings),
    }


def draft_data(draft: Draft) -> dict[str, Any]:
    """A script; `bulletin script --json` prints it."""
    script = draft.script
    return {
        "station": script.station.id,
        **pick(script, "title", "at"),
        "passages": [passage_data(passage) for passage in script.passages()],
        "stories": [
            pick(item.story, "id", "title", "section", "score", "reasons")
            | {"articles": [pick(a, "id", "feed", "title", "link", "credit") for a in item.story.articles]}
            for item in script.stories
        ],
        "dropped": left_data(draft.foreseen.dropped),
        **_draft_data(draft),
        **(pick(draft, "notes", timings_s="timings") | pick(draft.foreseen, foretold_s="lasts_s")),
    }


def _draft_data(draft: Draft) -> dict[str, Any]:
    return {
        "rewrites": rewrites_data(draft.script),
        "left": left_data((*draft.chosen.left, *draft.script.left)),
        "feeds": [feed_data(report) for report in draft.gathered.reports],
    }


def passage_data(passage: Passage) -> dict[str, Any]:
    """A passage with the source of each sentence."""
    return {
        **pick(passage, "role", "title", story="story_id"),
        "cut": passage.cut.value if passage.role is Role.STORY else "",
        "sentences": [
            pick(sentence, "text", "spoken")
            | (pick(sentence, "editor", "replaced") if sentence.editor else {})
            | ({"recording": asdict(sentence.recording)} if sentence.recording else {})
            | {"sources": [pick(o, "text", "credit", "link", article="article_id") for o in sentence.origins]}
            for sentence in passage.sentences
        ],
    }


def left_data(left: tuple[Left, ...]) -> list[dict[str, str]]:
    return [pick(item, "title", "reason") for item in left]


def rewrites_data(script: Script) -> list[dict[str, Any]]:
    """The result of the rewriter for each story that it got."""
    return [
        pick(item.story, "title", story="id") | pick(item.rewrite, "state", "reason", "tries")
        for item in script.stories
        if item.rewrite
    ]


def feed_data(report: FeedReport) -> dict[str, Any]:
    """The report of a feed."""
    names = ("state", "articles", "newest", "reason", "notes", "seconds")
    return pick(report.feed, "name", "url", "credit", "terms") | pick(report, *names, bytes="bytes_read")


def longest_passages(script: Script) -> Iterator[Passage]:
    """The script with each story at its longest, once."""
    longest = {item.cuts[-1].story_id: item.cuts[-1] for item in script.stories}
    for passage in script.passages():
        if passage.role is not Role.STORY or longest.get(passage.story_id) is passage:
            yield passage


def lengths_data(run: Run) -> dict[str, float]:
    """Seconds of the first rendition; speech without the pauses between sentences."""
    spoken_s = {text: seconds for clip in run.spoken.clips for text, seconds in _sentence_times(clip).items()}
    aired = {sentence.spoken for passage in run.bulletin.aired for sentence in passage.sentences}
    lengths_s = {
        "target_s": run.bulletin.planned_s,
        "foretold_s": run.draft.foreseen.lasts_s,
        "actual_s": run.bulletin.renditions[0].duration_s,
        "spoken_s": sum(spoken_s.values()),
        "aired_s": sum(seconds for text, seconds in spoken_s.items() if text in aired),
    }
    return {name: round(seconds, 3) for name, seconds in lengths_s.items()}


def passage_lengths(passage: Passage, run: Run) -> dict[str, float | None]:
    """Estimated and actual seconds of a passage; None: not known."""
    spoken_s = {clip.passage: clip.duration_s for clip in run.spoken.clips}
    foretold_s = run.draft.foreseen.passages_s.get((passage.role, passage.story_id, passage.cut))
    return {"foretold_s": to_data(foretold_s), "spoken_s": to_data(spoken_s.get(passage))}


def _sentence_times(clip: Clip) -> dict[str, float]:
    """Sentence -> seconds; the whole text of a clip whose sentences were not timed."""
    if len(clip.sentence_times) != len(clip.passage.sentences):
        return {clip.passage.spoken: clip.duration_s}
    pairs = zip(clip.passage.sentences, clip.sentence_times, strict=True)
    return {sentence.spoken: end - start for sentence, (start, end) in pairs}
