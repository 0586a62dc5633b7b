"""The running order of a real day, with what each story is taken for and why; `bench.newsworthiness --day`."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.newsdata import draw, read_samples
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_options import StoriesOptions
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.station.build_station_object import open_station, overrides_from
from bulletin.stories.newsworthiness.hard_or_soft_news import judge_article

_PROFILE = """
name = "Day"
length = "{length}"
language = "en-US"
time_zone = "America/New_York"
[fetch]
pages_per_feed = 20
host_gap_s = 0.0
[speech]
chain = ["tone"]
[outputs]
make = ["podcast"]
"""


def choose_day(data: Path, feeds: str, *, length_s: float, hides: bool) -> None:
    """Draft one bulletin from the feeds and print it; `hides` masks headlines of the unread hundred."""
    hidden = {sample.article.title for sample in draw(read_samples(data))[1]} if hides else set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.toml"
        minutes, seconds = divmod(int(length_s), 60)
        path.write_text(_PROFILE.format(length=f"{minutes}:{seconds:02}") + feeds, "utf-8")
        loaded = load_profile(str(path))
        overrides = overrides_from(loaded.profile, length_s=length_s)
        with open_station(loaded, output=Path(folder) / "out", overrides=overrides) as station:
            draft = draft_bulletin(station, now=datetime.now(UTC))
            print_draft(draft, hidden=hidden, options=station.profile.stories)


def print_draft(draft: Draft, *, hidden: set[str], options: StoriesOptions) -> None:
    """One line a story; "air" is what the length has room for."""
    aired = {item.story.id for item in draft.script.stories}
    for story in draft.chosen.stories:
        judgement = judge_article(story.best, options=options, language="en-US")
        mark = "air" if story.id in aired else "   "
        light = " light" if story.is_light else ""
        title = "(of the unread hundred)" if story.title in hidden else story.title[:88]
        print(f"{mark} {judgement.worth:9}{light} {title} | {judgement.reason}")
    print(f"notes: {draft.notes}")
    for left in draft.chosen.left:
        print(
            f"    left: {'(of the unread hundred)' if left.title in hidden else left.title[:70]} | {left.reason}"
        )
