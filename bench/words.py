"""
CPU seconds of the script, for growing numbers and lengths of articles.

    python -m bench.words [--most 10000]

If the cost is linear, the last column hardly changes. The articles are the project's own openly licensed ones, each
with a number, so that no cache holds them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from bulletin.config.profile_options import ScriptOptions
from bulletin.model import Article, StationWords, Story
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.write_script import write_script

ARTICLES = Path(__file__).parents[1] / "tests" / "data" / "script" / "open_articles.jsonl"
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
ITEMS = (10, 30, 100, 300, 1_000, 3_000, 10_000)
SENTENCES = (10, 20, 50, 100, 200, 400, 800)


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU seconds for the words.")
    parser.add_argument("--most", type=int, default=10_000, help="items; fewer for a quick look")
    most = parser.parse_args().most
    texts = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    write([_story(0, texts[0]["title"], texts[0]["text"])])
    print(f"{'items':>9} {'CPU s':>8} {'ms each':>9}")
    for count in (count for count in ITEMS if count <= most):
        chosen = list(islice(cycle(texts), count))
        stories = [_story(number, article["title"], article["text"]) for number, article in enumerate(chosen)]
        spent = write(stories)
        print(f"{count:9,} {spent:8.2f} {1000 * spent / count:9.2f}")
    print(f"\n{'sentences':>9} {'CPU s':>8} {'ms each':>9}   (twenty articles)")
    lines = [line for article in texts for line in article["text"].splitlines() if line.strip()]
    for count in SENTENCES:
        body = "\n".join(islice(cycle(lines), count))
        spent = write([_story(number, "The valley in the news", body) for number in range(20)]) / 20
        print(f"{count:9,} {spent:8.4f} {1000 * spent / count:9.3f}")


def write(stories: Sequence[Story]) -> float:
    """CPU seconds of one script."""
    station = StationWords(id="bench", name="Wexcombe Radio", frequencies=("103.5",))
    begin = time.process_time()
    write_script(stories, station=station, at=NOW, options=ScriptOptions(), lexicon=Lexicon())
    return time.process_time() - begin


def _story(number: int, title: str, text: str) -> Story:
    article = Article(
        id=f"bench:{number}",
        feed="bench",
        title=title,
        summary="",
        text=f"{text}\n\nThis is item {number} of the list.",
        published=NOW,
    )
    return Story(id=article.id, articles=(article,))


if __name__ == "__main__":
    main()
