"""An archive with hours of aired bulletins, for the log and its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.model import Bulletin, Episode, Level, Origin, Sentence, Story
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_passage,
    make_script,
    make_story,
    make_story_script,
)

HOUR = timedelta(hours=1)
SUBJECTS = (
    "Bridge closes for repairs",
    "School opens its doors",
    "Solar farm is refused",
    "Ferry sails again",
)


def make_stories(number: int, titles: Sequence[str]) -> list[Story]:
    """Stories of one bulletin, each with an article of the gazette."""
    return [
        make_story(
            make_article(
                id=f"gazette:{number}-{place}",
                title=title,
                summary=f"{title}, the council said on day {number}. Residents were told of it in a letter.",
                link=f"https://gazette.example/{number}/{place}",
            )
        )
        for place, title in enumerate(titles)
    ]


def record(
    archive: Archive,
    *,
    station: str = "valley",
    at: datetime = NOW,
    number: int = 0,
    titles: Sequence[str] = SUBJECTS[:2],
    level: Level = Level.FRESH,
    made_at: datetime | None = None,
    corrects_id: int | None = None,
    editor: str = "",
    notes: tuple[str, ...] = (),
) -> Bulletin:
    """Record a bulletin that aired at `at` with these stories; `editor` reworded each first sentence."""
    scripts = []
    for story in make_stories(number, titles):
        origin = Origin.of(story.best, story.best.summary)
        first, second = story.best.summary.split(". ")
        said = tuple(Sentence(text=t, spoken=t.lower(), origins=(origin,)) for t in (f"{first}.", second))
        if editor:
            words = f"Words of {editor}."
            said = (
                replace(said[0], text=words, spoken=words, editor=editor, replaced=said[0].text),
                *said[1:],
            )
        passage = make_passage(sentences=said, story_id=story.id, title=story.title)
        scripts.append(replace(make_story_script(story), cuts=(passage,)))
    script = make_script(*scripts, at=at, title=f"{at:%-I%p} news".lower())
    bulletin = make_bulletin(Path(f"{station}-{number}.mp3"), script, level=level, notes=notes)
    episode = Episode(guid=f"{station}-{number}", title=script.title, published=at, outlet="podcast")
    archive.record_bulletin(
        station, bulletin, [episode], made_at=made_at or at, timings={"mix": 1.0}, corrects_id=corrects_id
    )
    return bulletin


def record_hours(archive: Archive, count: int, *, stories: int = 2, until: datetime = NOW) -> None:
    """Bulletins of the last `count` hours."""
    for number in range(count):
        titles = [f"{SUBJECTS[(number + n) % len(SUBJECTS)]} {number}" for n in range(stories)]
        record(archive, at=until - (count - 1 - number) * HOUR, number=number, titles=titles)
