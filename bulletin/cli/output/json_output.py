"""Run, Draft and FeedReport -> data for `--json` and for the pages on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bulletin.cli.output.length_json import lengths_data, passage_lengths
from bulletin.model import FeedReport, Left, Passage, Quality, Role, Script, Voice
from bulletin.runtime.redaction import hide

if TYPE_CHECKING:  # `bulletin voices` needs no pipeline
    from bulletin.pipeline.bulletin_run import Draft, Run
    from bulletin.station.station import Station

NAMES = {
    "gather": "Feeds",
    "choose": "Stories",
    "write": "Words",
    "speak": "Voice",
    "mix": "Sound",
    "examine": "Quality",
    "publish": "Places",
}


def print_json(data: Mapping[str, Any]) -> None:
    """One JSON document on standard output, without secrets."""
    json.dump(hide.json(data), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _voice(voice: Voice) -> dict[str, str]:
    return {"engine": voice.engine, "name": voice.name}


def as_data(station: Station, run: Run) -> dict[str, Any]:
    """A whole run; `bulletin make --json` prints it."""
    bulletin = run.bulletin
    kept_back = {episode.outlet for episode in run.episodes if episode.kept_back}
    return {
        "station": station.words.id,
        "title": bulletin.script.title,
        "at": bulletin.script.at.isoformat(),
        "planned_s": bulletin.planned_s,
        "lengths": lengths_data(run),
        "voice": _voice(run.spoken.voice),
        "second_voice": _voice(run.spoken.second) if run.spoken.second else None,
        "attempts": [
            {
                "engine": a.engine,
                "voice": a.voice,
                "ok": a.ok,
                "reason": a.reason,
                "sentences": a.sentences,
                "cached": a.cached,
                "seconds": round(a.seconds, 3),
            }
            for a in run.spoken.attempts
        ],
        "renditions": [
            {
                "kind": r.kind,
                "path": "" if r.kind in kept_back else str(r.path),
                "media_type": r.media_type,
                "duration_s": round(r.duration_s, 3),
                "loudness_lufs": round(r.loudness_lufs, 2),
                "true_peak_dbtp": round(r.true_peak_dbtp, 2),
                "chapters": [{"start_s": round(c.start_s, 3), "title": c.title} for c in r.chapters],
                "quality": quality_data(r.quality) if r.quality else None,
            }
            for r in bulletin.renditions
        ],
        "aired": [passage_data(p) | passage_lengths(p, run) for p in bulletin.aired],
        "dropped": left_data(bulletin.dropped),
        "rewrites": rewrites_data(run.draft.script),
        "left": left_data((*run.draft.chosen.left, *run.draft.script.left)),
        "feeds": [feed_data(report) for report in run.draft.gathered.reports],
        "episodes": [
            {
                "outlet": e.outlet,
                "guid": e.guid,
                "title": e.title,
                "kept_back": e.kept_back,
                "places": {} if e.kept_back else {name: str(place) for name, place in e.places.items()},
            }
            for e in run.episodes
        ],
        "notes": list(bulletin.notes),
        "timings_s": {stage: round(seconds, 3) for stage, seconds in run.timings.items()},
    }


def quality_data(quality: Quality) -> dict[str, Any]:
    """The quality check of a rendition; levels in LUFS and LU."""
    return {
        "fit": quality.is_fit,
        "short_term_max_lufs": round(quality.short_term_max_lufs, 2),
        "range_lu": round(quality.range_lu, 2),
        "clipped": quality.clipped,
        "dc_offset": round(quality.dc_offset, 6),
        "mono_loss_lu": round(quality.mono_loss_lu, 2),
        "faults": list(quality.faults),
        "warnings": list(quality.warnings),
        "seconds": round(quality.seconds, 3),
    }


def passage_data(passage: Passage) -> dict[str, Any]:
    """A passage with the source of each sentence."""
    return {
        "role": passage.role.value,
        "title": passage.title,
        "story": passage.story_id,
        "cut": passage.cut.value if passage.role is Role.STORY else "",
        "sentences": [
            {
                "text": s.text,
                "spoken": s.spoken,
                "sources": [
                    {"article": o.article_id, "text": o.text, "credit": o.credit, "link": o.link}
                    for o in s.origins
                ],
            }
            for s in passage.sentences
        ],
    }


def left_data(left: tuple[Left, ...]) -> list[dict[str, str]]:
    return [{"title": item.title, "reason": item.reason} for item in left]


def rewrites_data(script: Script) -> list[dict[str, Any]]:
    """The result of the rewriter for each story that it got."""
    return [
        {
            "story": item.story.id,
            "title": item.story.title,
            "state": item.rewrite.state.value,
            "reason": item.rewrite.reason,
            "tries": item.rewrite.tries,
        }
        for item in script.stories
        if item.rewrite
    ]


def feed_data(report: FeedReport) -> dict[str, Any]:
    """The report of a feed."""
    return {
        "name": report.feed.name,
        "url": report.feed.url,
        "state": report.state.value,
        "articles": report.articles,
        "newest": report.newest.isoformat() if report.newest else None,
        "reason": report.reason,
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
        "bytes": report.bytes_read,
        "credit": report.feed.credit,
        "terms": report.feed.terms,
    }


def draft_data(draft: Draft) -> dict[str, Any]:
    """A script; `bulletin script --json` prints it."""
    script = draft.script
    return {
        "station": script.station.id,
        "title": script.title,
        "at": script.at.isoformat(),
        "passages": [passage_data(p) for p in script.passages()],
        "stories": [
            {
                "id": item.story.id,
                "title": item.story.title,
                "section": item.section.value,
                "score": round(item.story.score, 3),
                "reasons": [
                    {"name": r.name, "value": round(r.value, 3), "note": r.note} for r in item.story.reasons
                ],
                "articles": [
                    {"id": a.id, "feed": a.feed, "title": a.title, "link": a.link, "credit": a.credit}
                    for a in item.story.articles
                ],
            }
            for item in script.stories
        ],
        "rewrites": rewrites_data(script),
        "foretold_s": round(draft.lasts_s, 3),
        "dropped": left_data(draft.dropped),
        "left": left_data((*draft.chosen.left, *script.left)),
        "feeds": [feed_data(report) for report in draft.gathered.reports],
        "notes": list(draft.notes),
        "timings_s": {stage: round(seconds, 3) for stage, seconds in draft.timings.items()},
    }


def longest_passages(script: Script) -> Iterator[Passage]:
    """The script with each story at its longest, once."""
    longest = {item.cuts[-1].story_id: item.cuts[-1] for item in script.stories}
    for passage in script.passages():
        if passage.role is not Role.STORY or longest.get(passage.story_id) is passage:
            yield passage
