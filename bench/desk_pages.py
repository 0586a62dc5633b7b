"""
CPU of each page of the newsroom, for a station with 10,000 stories in its archive.

`python -m bench.desk_pages [--stories 10000] [--runs 9]` fills an archive, serves it on loopback, signs in, and
prints the median CPU of the process for each page; the first request of a page, which fills caches, is not counted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert

from bulletin.archive.archive import Archive
from bulletin.archive.database import newsroom_tables
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction
from bulletin.archive.record_dataclasses import FeedMemory
from tests.newsroom.views.aired.log_archive import SUBJECTS, record
from tests.support.factories import NOW, make_article
from tests.support.newsroom_server import Browser, served_newsroom

LIMIT_MS = 50.0
"""Issue: every page of a station with 10,000 stories takes less CPU."""
_STORIES_EACH = 5
_FEEDS = 10
_PROFILE = """\
name = "{name}"
time_zone = "Europe/London"
[clock]
holidays = "GB-ENG"
[[clock.slots]]
at = "00:00-23:00"
[speech]
chain = ["tone"]
[[deliveries]]
kind = "folder"
name = "Playout PC"
path = "playout"
rendition = "podcast"
""" + "".join(f'[[feeds]]\nname = "feed{n}"\nurl = "https://feed{n}.example/rss"\n' for n in range(_FEEDS))
PAGES = (
    "log",
    "log?words=bridge",
    "log?words=no+such+words",
    "log?source=gazette&first=2026-11-01",
    "log/{bulletin}",
    "log/withdraw?story={story}&bulletin={bulletin}",
    "station",
    "station/profile",
    "station/profile/text",
    "station/clock",
    "station/feeds",
    "station/imaging",
    "station/outlets",
    "station/users",
    "audit",
)
"""Pages of the station, after /{station}/; desk and shell add theirs."""


def fill(archive: Archive, *, stories: int) -> None:
    """Bulletins of five stories each, an hour apart; a week of answers of ten feeds; deliveries."""
    count = stories // _STORIES_EACH
    for number in range(count):
        titles = [f"{SUBJECTS[n % len(SUBJECTS)]} {number}" for n in range(_STORIES_EACH)]
        at = NOW - timedelta(hours=count - 1 - number)
        record(archive, station="demo", at=at, number=number, titles=titles)
    for n in range(_FEEDS):
        url = f"https://feed{n}.example/rss"
        articles = [make_article(id=f"{n}:{m}", title=f"Item {m}") for m in range(50)]
        archive.keep_feed(FeedMemory(url=url, checked_at=NOW), articles)
        rows = [
            {"station": "demo", "feed": f"feed{n}", "at": NOW - timedelta(minutes=30 * m), "url": url}
            | {"state": "ok" if m % 9 else "failed", "articles": 50, "reason": ""}
            for m in range(336)
        ]
        archive.execute(insert(newsroom_tables.feed_answers).values(rows))
    outbox = Outbox(archive)
    for number in range(count - 50, count):
        outbox.add("demo", "Playout PC", f"demo-{number}", OutboxAction.PUBLISH, now=NOW, title="news")


def measure(browser: Browser, path: str, *, runs: int) -> tuple[float, float, int]:
    """Median CPU in milliseconds, the CPU of the first request, and the bytes of the page."""
    spent = []
    size = 0
    for _ in range(runs + 1):
        begun = time.process_time()
        answer = browser.get(path)
        spent.append(1000 * (time.process_time() - begun))
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        size = len(answer.content)
    return median(spent[1:]), spent[0], size


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--page", action="append", help="Measure this page only, such as log?words=bridge.")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        served_newsroom(Path(folder), profile=_PROFILE) as served,
    ):
        fill(served.archive, stories=options.stories)
        browser = served.browser("ada")
        last = options.stories // _STORIES_EACH
        print(f"{options.stories} stories; CPU in ms, client included: median of {options.runs}, first, kB")
        worst = 0.0
        for page in options.page or PAGES:
            path = page.format(bulletin=last, story=f"gazette:{last - 1}-0")
            warm, first, size = measure(browser, f"/demo/{path}", runs=options.runs)
            worst = max(worst, warm)
            mark = "" if warm < LIMIT_MS else f"  over {LIMIT_MS:.0f}"
            print(f"{warm:7.1f} {first:8.1f} {size / 1000:7.1f}  {page}{mark}")
        print(f"worst {worst:.1f} ms")


if __name__ == "__main__":
    main()
