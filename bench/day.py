"""
A real day, hour by hour: the bulletins of a station with default options.

    python -m bench.day [--length 3:00] [--feeds FOLDER]

Fourteen hourly bulletins, 13:00 on 17 February 2026 to 02:00 UTC, from the feeds of eight publishers as they were
that night; each entry appears at its date, on a simulated clock. Choice, words and length are the program's own.
Lengths are predicted, since no sentence is spoken, and the stories are recorded as aired. Printed for each hour: the
stories (* as news, + a repeat), the length, the event that most publishers had reported so far and whether the
bulletin carried it, and the share of stories that the previous bulletin did not carry. The entries about the day's
two biggest events are found by their headlines here, so that the grouping does not judge itself.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.articles.gather_articles import gather_articles
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Article, Bulletin, Feed, Gathered, Passage, Role, Story, Voice
from bulletin.pipeline.pieces.gather_and_choose import choose
from bulletin.pipeline.write_script_to_length import write_to_length
from bulletin.station.build_station_object import Station, open_station
from bulletin.stories.grouping.count_publishers import count_publishers

FEEDS = Path(__file__).parents[2] / "shared" / "data" / "feeds" / "recorded"
PUBLISHERS = {
    "ABC": "live-production.wcms.abc-cdn.net.au",
    "Al Jazeera": "www.aljazeera.com",
    "BBC News": "www.bbc.com",
    "CBS News": "www.cbsnews.com",
    "The Christian Science Monitor": "www.csmonitor.com",
    "NPR": "www.npr.org",
    "The New York Times": "www.nytimes.com",
    "The Washington Post": "www.washingtonpost.com",
}
FIRST = datetime(2026, 2, 17, 13, tzinfo=UTC)
HOURS = 14
TAKEN = datetime(2026, 2, 18, 3, tzinfo=UTC)
"""When the feeds had been read."""
EVENTS = {
    "the Iran talks": re.compile(
        r"\biran\b(?=.*\b(?:talks?|nuclear|negotiat\w+|geneva|diplomacy)\b)", re.IGNORECASE | re.DOTALL
    ),
    "Jesse Jackson's death": re.compile(r"\bjesse jackson\b", re.IGNORECASE),
}
_PROFILE = 'name = "A day"\ntime_zone = "UTC"\nlength = "{length}"\n[script]\ntime_check = true\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One bulletin of the day."""

    at: datetime
    stories: tuple[Story, ...]
    """What aired, in order."""
    passages: tuple[Passage, ...]
    lasts_s: float
    target_s: float
    event: str
    """The event that most publishers had reported so far, and still reported."""
    publishers: int
    places: tuple[int, ...]
    """Where it aired, from 1; nothing when it did not."""
    changed: float
    """Share of the stories that the bulletin before did not tell."""


def read_feeds(folder: Path = FEEDS) -> list[Article]:
    """All entries of the eight feeds. Raises FileNotFoundError where one is not there."""
    feeds = []
    for name, host in PUBLISHERS.items():
        paths = sorted(folder.glob(f"{host}__fastfeedparser__*.xml"))
        if not paths:
            raise FileNotFoundError(f"{folder}: no feed of {host}")
        feeds.append(Feed(url=str(paths[0]), name=name, credit=name, language="en", fetches_pages=False))
    gathered = gather_articles(feeds, now=TAKEN, options=FetchOptions(pages_per_feed=0))
    return [article for article in gathered.articles if article.is_dated]


def replay(
    articles: Sequence[Article], *, length: str = "3:00", first: int = 0, hours: int = HOURS
) -> Iterator[Hour]:
    """The day's bulletins from the `first` on, one after the other; nothing is kept of them."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "day.toml"
        profile.write_text(_PROFILE.format(length=length), encoding="utf-8")
        with open_station(load_profile(str(profile)), output=Path(folder) / "out") as station:
            before: frozenset[str] = frozenset()
            for number in range(first, first + hours):
                hour = _make(station, articles, FIRST + timedelta(hours=number), before)
                yield hour
                before = frozenset(story.id for story in hour.stories)


def _make(station: Station, articles: Sequence[Article], at: datetime, before: frozenset[str]) -> Hour:
    seen = _seen(articles, at)
    gathered = Gathered(articles=seen, reports=())
    chosen = choose(gathered, station, now=at)
    written = write_to_length(station, chosen, at=at)
    script, foreseen = written.whole, written.foreseen
    made = Bulletin(
        script=script,
        voice=Voice(name="", engine="", language="en-GB"),
        renditions=(),
        aired=foreseen.aired,
        planned_s=foreseen.lasts_s,
    )
    known = {item.story.id: item.story for item in script.stories}
    stories = tuple(known[name] for name in made.story_ids)
    event, publishers = _most_told(seen, at)
    hour = Hour(
        at=at,
        stories=stories,
        passages=foreseen.aired,
        lasts_s=foreseen.lasts_s,
        target_s=station.profile.length,
        event=event,
        publishers=publishers,
        places=tuple(
            n for n, story in enumerate(stories, 1) if _covers_event(event, story.id, foreseen.aired)
        ),
        changed=sum(story.id not in before for story in stories) / max(1, len(stories)),
    )
    station.archive.record_bulletin(station.words.id, made, made_at=at, timings={})
    return hour


def _seen(articles: Sequence[Article], at: datetime) -> tuple[Article, ...]:
    """Entries of the feeds at that time, each at its place of that time."""
    by_feed: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        if article.published <= at:
            by_feed[article.feed].append(article)
    return tuple(
        replace(article, position=position)
        for held in by_feed.values()
        for position, article in enumerate(sorted(held, key=lambda entry: entry.position))
    )


def _most_told(seen: Sequence[Article], at: datetime) -> tuple[str, int]:
    """The event that most publishers have reported within a day; of equals, the event with more entries."""
    fresh = [article for article in seen if article.published > at - timedelta(hours=24)]
    counts = []
    for event in EVENTS:
        telling = [article for article in fresh if _tells(event, article)]
        counts.append((count_publishers(telling), len(telling), event))
    publishers, _, event = max(counts)
    return event, publishers


def _tells(event: str, article: Article) -> bool:
    return bool(EVENTS[event].search(f"{article.title}\n{article.summary}"))


def _covers_event(event: str, story_id: str, passages: Sequence[Passage]) -> bool:
    """Whether the aired passages of a story, with its headline, mention the event; its articles do not count."""
    aired_text = "\n".join(f"{p.title}\n{p.text}" for p in passages if p.story_id == story_id)
    return bool(EVENTS[event].search(aired_text))


def print_hour(hour: Hour) -> None:
    aired_passages = {p.story_id: p for p in hour.passages if p.role is Role.STORY}
    minutes, seconds = divmod(round(hour.lasts_s), 60)
    print(
        f"\n{hour.at:%d %b %H:%M}  {len(hour.stories)} stories, {minutes}:{seconds:02}, {hour.changed:.0%} changed"
    )
    where = f"in, at {', '.join(map(str, hour.places))}" if hour.places else "NOT IN"
    print(f"  most reported so far: {hour.event} ({hour.publishers} publishers): {where}")
    for number, story in enumerate(hour.stories, 1):
        mark = f"+{story.times_aired}" if story.times_aired else "* "
        publishers = count_publishers(story.articles)
        words = len(aired_passages[story.id].text.split())
        print(f"  {number:>2} {mark} {story.score:5.1f} {publishers}p {words:>3}w  {story.title[:88]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--length", default="3:00")
    parser.add_argument("--feeds", type=Path, default=FEEDS)
    args = parser.parse_args()
    hours = []
    for hour in replay(read_feeds(args.feeds), length=args.length):
        print_hour(hour)
        hours.append(hour)
    changes = [hour.changed for hour in hours[1:]]
    print(f"\nthe most reported event was in {sum(bool(h.places) for h in hours)} of {len(hours)} bulletins")
    twice = [f"{hour.at:%H:%M}" for hour in hours if len(hour.places) > 1]
    print(f"aired twice in one bulletin in {len(twice)}", *twice)
    print(f"changed from hour to hour: median {statistics.median(changes):.0%}", end="")
    print(f", {min(changes):.0%} to {max(changes):.0%}")
    print(f"shortest {min(h.lasts_s for h in hours):.0f} s, longest {max(h.lasts_s for h in hours):.0f} s")


if __name__ == "__main__":
    main()
