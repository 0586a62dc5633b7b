"""Factories of model objects with sensible defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.model import (
    Article,
    Bulletin,
    Chapter,
    Cue,
    Origin,
    Passage,
    Rendition,
    Role,
    Script,
    Sentence,
    StationWords,
    Story,
    StoryScript,
    Voice,
)

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""Tuesday morning."""


def make_article(**changes: Any) -> Article:
    """Article with a short local story, an hour old."""
    fields: dict[str, Any] = {
        "id": "gazette:1",
        "feed": "gazette",
        "title": "Bridge over the Wex closes for repairs",
        "summary": "The bridge over the River Wex closes on Monday for six weeks of repairs.",
        "text": "The bridge over the River Wex closes on Monday for six weeks of repairs. "
        "The county council said drivers should use the A361.",
        "link": "https://gazette.example/bridge",
        "published": datetime(2026, 11, 24, 6, 0, tzinfo=UTC),
        "credit": "the Wexcombe Gazette",
    }
    return Article(**(fields | changes))


def make_story(*articles: Article, **changes: Any) -> Story:
    """Story of these articles, or of one default article."""
    story_articles = articles or (make_article(),)
    fields: dict[str, Any] = {"id": story_articles[0].id, "articles": story_articles, "score": 1.0}
    return Story(**(fields | changes))


def make_passage(text: str = "Good morning.", **changes: Any) -> Passage:
    """Passage of text that needs no normalization."""
    fields: dict[str, Any] = {"role": Role.STORY, "sentences": (Sentence(text=text, spoken=text),)}
    return Passage(**(fields | changes))


def make_words(**changes: Any) -> StationWords:
    """Station words of the demo."""
    fields: dict[str, Any] = {
        "id": "demo",
        "name": "Wexcombe Radio",
        "frequencies": ("103.5", "105.3"),
        "slogan": "The sound of the valley",
    }
    return StationWords(**(fields | changes))


def make_story_script(story: Story | None = None, **changes: Any) -> StoryScript:
    """Story script with one cut, its sentence traced to the article."""
    story = story or make_story()
    best = story.best
    origin = Origin(article_id=best.id, text=best.summary, credit=best.credit, link=best.link)
    sentence = Sentence(text=best.summary, spoken=best.summary, origins=(origin,))
    passage = make_passage(sentences=(sentence,), story_id=story.id, title=story.title)
    return StoryScript(**({"story": story, "cuts": (passage,)} | changes))


def make_script(*stories: StoryScript, **changes: Any) -> Script:
    """Script with opening, stories and closing."""
    fields: dict[str, Any] = {
        "station": make_words(),
        "title": "7am news, Tuesday 24 November 2026",
        "at": NOW,
        "opening": make_passage("Wexcombe Radio news at seven.", role=Role.OPENING),
        "stories": stories or (make_story_script(),),
        "closing": make_passage("That is the news.", role=Role.CLOSING),
    }
    return Script(**(fields | changes))


def make_bulletin(path: Path, script: Script | None = None, **changes: Any) -> Bulletin:
    """Bulletin with a podcast rendition at `path`, which need not exist, ten seconds a passage."""
    script = script or make_script()
    passages = [script.opening, *(item.cuts[-1] for item in script.stories), script.closing]
    times = [(10.0 * n, 10.0 * (n + 1), passage) for n, passage in enumerate(passages)]
    rendition = Rendition(
        kind="podcast",
        path=path,
        media_type="audio/mpeg",
        duration_s=10.0 * len(passages),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.8,
        chapters=tuple(
            Chapter(start_s=start, end_s=end, title=p.title or p.role, story_id=p.story_id)
            for start, end, p in times
        ),
        cues=tuple(
            Cue(start_s=start, end_s=end, text=p.text, role=p.role, story_id=p.story_id)
            for start, end, p in times
        ),
    )
    fields: dict[str, Any] = {
        "script": script,
        "voice": Voice(name="heart", engine="tone", language="en-GB"),
        "renditions": (rendition,),
        "aired": tuple(passages),
        "planned_s": 120.0,
    }
    return Bulletin(**(fields | changes))


def make_episode_record(**changes: Any) -> EpisodeRecord:
    fields: dict[str, Any] = {
        "guid": "demo-1",
        "station": "demo",
        "title": "7am news",
        "published": NOW,
        "audio": "demo-1.mp3",
        "media_type": "audio/mpeg",
        "bytes": 1000,
        "duration_s": 61.25,
        "description": "<p>Bridge closes</p>",
        "sha256": "ab" * 32,
        "files": (("chapters", "demo-1.chapters.json", "application/json+chapters"),),
        "due": NOW + timedelta(hours=1),
    }
    return EpisodeRecord(**(fields | changes))
