"""
CPU seconds of the choice of stories, for growing numbers and lengths of articles.

    python -m bench.choice [--runs 3]

An invented day: one to six publishers report each event in different words, drawn from a vocabulary with few common
and many rare words, as in a real language. An archive of aired stories, a kill list and the station's local words
are in use. Printed: CPU seconds of this process, the least of the runs. The last column is microseconds for each
article: it stays level if the cost grows linearly, and then the exponent is 1.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bulletin.archive.record_dataclasses import Aired
from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article
from bulletin.stories.choose_stories import choose_stories

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
COUNTS = (300, 1_000, 3_000, 10_000)
SENTENCES = (10, 100, 800)
_SYLLABLES = "ba ke li mo nu ra se ti vo wen dar fel gor hin jas kol mer nor pel tor".split()
_SMALL = "the of to and in a has said that for on with was it is by at from".split()


def make_day(count: int, *, sentences: int = 4, seed: int = 1) -> list[Article]:
    """About `count` / 2 events; a hundred feeds of ten categories."""
    dice = random.Random(seed)
    vocabulary = ["".join(dice.choices(_SYLLABLES, k=dice.choice((2, 3, 3, 4)))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
    articles: list[Article] = []
    while len(articles) < count:
        event = dice.choices(vocabulary, weights=weights, k=14)
        published = NOW - timedelta(minutes=dice.randrange(20 * 60))
        for _ in range(min(dice.choice((1, 1, 1, 2, 3, 6)), count - len(articles))):
            number = len(articles)
            source = dice.randrange(100)
            own = dice.choices(vocabulary, weights=weights, k=4)
            articles.append(
                Article(
                    id=f"a{number}",
                    feed=f"feed{source}",
                    credit=f"paper {source}",
                    category=f"category {source % 10}",
                    title=" ".join(dice.sample(event[:8], 6) + own[:2]).capitalize(),
                    summary="",
                    text=_text([*event, *own], sentences, dice),
                    link=f"https://paper{source}.example/{number}",
                    published=published + timedelta(minutes=dice.randrange(90)),
                    position=dice.randrange(30),
                )
            )
    return articles


def _text(words: Sequence[str], sentences: int, dice: random.Random) -> str:
    return " ".join(
        " ".join(
            word
            for pair in zip(dice.choices(words, k=9), dice.choices(_SMALL, k=9), strict=True)
            for word in pair
        ).capitalize()
        + "."
        for _ in range(sentences)
    )


def measure(articles: list[Article], *, runs: int) -> tuple[float, int]:
    """The least CPU seconds of `runs` choices, and how many events there were."""
    memory = {
        article.id: Aired(
            story_id=article.id,
            article_ids=(article.id,),
            title=article.title,
            text=article.text[:300],
            times=1,
            first_at=NOW,
            last_at=NOW,
        )
        for article in articles[:: max(1, len(articles) // 40)]
    }
    options = StoriesOptions(
        most=40,
        per_source=50,
        local_words=("Wexcombe", "A361"),
        kill=("nobody knows this", "https://x.example/1"),
    )
    best, events = float("inf"), 0
    for _ in range(runs):
        began = time.process_time()
        chosen = choose_stories(articles, now=NOW, options=options, aired=memory)
        best = min(best, time.process_time() - began)
        events = len(chosen.stories) + len(chosen.left)
    return best, events


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    measure(make_day(50), runs=1)  # imports and caches
    print(f"{'articles':>9}{'sentences':>11}{'events':>8}{'CPU s':>8}{'µs each':>9}")
    jobs = [(count, 4) for count in COUNTS] + [(300, sentences) for sentences in SENTENCES]
    spent: list[float] = []
    for count, sentences in jobs:
        seconds, events = measure(make_day(count, sentences=sentences), runs=args.runs)
        spent.append(seconds)
        print(f"{count:>9}{sentences:>11}{events:>8}{seconds:>8.2f}{1e6 * seconds / count:>9.0f}")
    exponent = math.log(spent[len(COUNTS) - 1] / spent[0]) / math.log(COUNTS[-1] / COUNTS[0])
    print(f"\ncost grows as articles ^ {exponent:.2f}")
    shorter, longer = spent[-2:]
    for count, seconds in zip(SENTENCES[-2:], (shorter, longer), strict=True):
        each = 1e6 * (seconds - spent[0]) / (300 * (count - 4))
        print(f"{count} sentences: {each:.1f} µs for each one more than four")


if __name__ == "__main__":
    main()
