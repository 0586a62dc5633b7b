"""
Entries with labels of news and other articles: the recorded English feeds and the day of ninety publishers.

The publishers' words are outside the checkout (`../shared/data`); a label names its entry by a hash.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from bulletin.articles.feeds.feed_to_articles import adapt
from bulletin.articles.feeds.parse_feed import read_feed
from bulletin.articles.pages.extract_text import read_page
from bulletin.model import Article, Feed
from bulletin.stories.newsworthiness.article_genre import is_light

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
SEED = 1227
DRAWN = 200
MOST_OF_A_FEED = 40
"""One feed holds 300 entries of one weekly magazine, which would be half of the draw."""
ALL_OF_A_FEED = 400
LABELS = Path(__file__).parent / "data" / "newsworthiness.json"
RESERVED = Path(__file__).parent / "data" / "newsworthiness-reserved.json"
"""Keys of entries that nobody reads before the code is final, and then their labels."""
INVENTED = Path("tests/data/stories/local.txt")

_PUBLISHERS = (
    "feeds.reuters.com", "live-production.wcms.abc-cdn.net.au", "news.google.com", "www.aljazeera.com",
    "www.bbc.com", "www.cbsnews.com", "www.csmonitor.com", "www.economist.com", "www.japantimes.co.jp",
    "www.ndtv.com", "www.npr.org", "www.nytimes.com", "www.theguardian.com", "www.washingtonpost.com",
    "www.wsj.com",
)  # fmt: skip
"""English news publishers among the recorded feeds: no weblogs, no links of an aggregator's users, no sensors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One entry of one feed, and the name that its label has."""

    key: str
    file: str
    article: Article


def read_samples(data: Path) -> list[Sample]:
    """Every entry that may be drawn, each once, in the order of the files."""
    files = [path for path in _files(data) if path.name.split("__")[0] in _PUBLISHERS]
    samples = [sample for path in files for sample in _recorded(path)]
    samples += list(_day(data / "fresh" / "day-dev"))
    return list({sample.key: sample for sample in samples}.values())


def draw(samples: list[Sample], *, seed: int = SEED) -> tuple[list[Sample], list[Sample], list[Sample]]:
    """A hundred to develop with, a hundred to prove with, and the rest (to develop with)."""
    ordered = sorted(samples, key=lambda sample: sample.key)
    drawn = random.Random(seed).sample(ordered, DRAWN)
    keys = {sample.key for sample in drawn}
    return drawn[: DRAWN // 2], drawn[DRAWN // 2 :], [s for s in samples if s.key not in keys]


def read_all(data: Path, more: Path | None) -> list[Sample]:
    """Entries that may be drawn, entries beyond the forty of a feed, and entries of a folder of other feeds."""
    recorded = [p for p in _files(data) if p.name.split("__")[0] in _PUBLISHERS]
    files = [*recorded, *(sorted(more.iterdir()) if more else [])]
    beyond = [s for p in files for s in read_entries(p.name, p.read_bytes(), most=ALL_OF_A_FEED)]
    return list({sample.key: sample for sample in (*beyond, *read_samples(data))}.values())


def read_invented(path: Path) -> list[Sample]:
    """The local news that was invented for the tests, "headline | description", but for the light stories."""
    lines = [
        line for line in path.read_text("utf-8").splitlines() if "|" in line and not line.startswith("#")
    ]
    samples = []
    for number, line in enumerate(lines):
        title, summary = (part.strip() for part in line.split("|", 1))
        article = Article(
            id=str(number), feed="local", title=title, summary=summary, text=summary, published=NOW
        )
        if not is_light(article):
            samples.append(Sample(key=f"invented {number}", file=path.name, article=article))
    return samples


def read_labels(path: Path = LABELS) -> dict[str, str]:
    """Key -> "hard", "soft" or "never", with "?" where the reader was in doubt."""
    return {str(key): str(kind) for key, kind in json.loads(path.read_text("utf-8")).items()}


def _files(data: Path) -> list[Path]:
    return sorted((data / "feeds" / "recorded").iterdir())


def _recorded(path: Path) -> Iterator[Sample]:
    yield from read_entries(path.name, path.read_bytes())


def _day(folder: Path) -> Iterator[Sample]:
    for path in sorted((folder / "feeds").glob("*.xml")):
        text = path.read_text("utf-8").replace("{BASE}", "https://day.example")
        for sample in read_entries(path.name, text.encode()):
            page = folder / "pages" / f"{sample.article.link.rpartition('/')[2]}.gz"
            yield replace(sample, article=_with_page(sample.article, page))


def read_entries(file: str, body: bytes, *, most: int = MOST_OF_A_FEED) -> Iterator[Sample]:
    document = read_feed(body)
    feed = Feed(name=file.split("__")[0], url="https://feed.example/", category="news")
    for entry in document.entries[:most]:
        articles, _ = adapt(replace(document, entries=(entry,)), feed, now=NOW)
        name = f"{file}\n{entry.guid or entry.link or entry.title}".replace("https://day.example", "")
        key = hashlib.sha256(name.encode()).hexdigest()[:12]
        yield from (Sample(key=key, file=file, article=article) for article in articles)


def _with_page(article: Article, path: Path) -> Article:
    """As the reader of pages leaves it, with the publisher's own section and type."""
    page = read_page(gzip.decompress(path.read_bytes()), title=article.title)
    text = page.text or article.text
    return replace(
        article, text=text, from_page=bool(page.text), page_section=page.section, page_type=page.page_type
    )


def read_time(text: str) -> float | None:
    """RFC 2822, ISO 8601 or epoch milliseconds -> epoch seconds; nothing where the text is empty."""
    if not text:
        return None
    if text.isdigit():
        return float(text) / 1000
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
