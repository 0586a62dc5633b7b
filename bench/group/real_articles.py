"""Real articles of `bench.group`: news that any station would tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Story
from bulletin.stories.choose_stories import choose_stories

SLICES = Path(__file__).parents[3] / "shared" / "data" / "fresh"
"""Recorded articles beside the checkout; their texts are not ours to publish."""
STORIES = 60
_FILES = 5
_WHOLE_WINDOW = StoriesOptions(max_age_h=336)


@cache
def read_articles() -> tuple[tuple[str, str], ...]:
    """
    Title and text of so many real articles: the first that are certain news, each about another event.

    Features wait until a bulletin would be short, and reports of one event are one story: with them, sixty articles
    would be half as many stories. Raises SystemExit where the articles are missing.
    """
    if not SLICES.is_dir():
        raise SystemExit("../shared/data/fresh is missing: this benchmark needs real articles")
    lines = [
        line
        for number in range(1, _FILES + 1)
        for line in (SLICES / f"slice-{number:02}.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    rows, now = [json.loads(line) for line in lines], datetime.now(UTC)
    articles = [
        Article(
            id=str(place), feed=str(place), title=row["title"], summary="", text=row["text"], published=now
        )
        for place, row in enumerate(rows)
    ]
    ranked = choose_stories(articles, now=now, options=_WHOLE_WINDOW).ranked
    places = sorted(int(story.best.id) for story in ranked if _is_certain(story))
    return tuple((rows[place]["title"], rows[place]["text"]) for place in places[:STORIES])


def _is_certain(story: Story) -> bool:
    return story.is_light or not story.is_soft
