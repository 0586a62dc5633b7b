"""
CPU time of the newsroom's pages and edits, with a large archive.

    python -m bench.newsroom_pages [--stories 10000] [--rounds 15] [--path log]

Builds a station whose archive has that many stories in bulletins of five, with the runs that weighed them, prepares a
coming bulletin, and asks for each page as a signed-in editor, in this process: the figure is processor time from
request to answer, all threads, median and worst of the rounds after a first one. The newsroom's process loads word
lists and templates eight seconds after its start; so does this one, before it begins. Then sentences are reworded.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx2
from sqlalchemy import insert

from bulletin.archive.database import newsroom_tables
from bulletin.archive.ledgers.bulletin_run_history import RunJournal, WeighedStory
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction
from bulletin.archive.record_dataclasses import FeedMemory, RunRecord
from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.roles import parse_roles
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom_web.newsroom_app import make_newsroom_app
from bulletin.newsroom_web.newsroom_main import warm_up
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
)
from tests.support.newsroom_desk import HOUR, newsroom
from tests.support.newsroom_server import CHEAP, PASSWORD

PATHS = (
    "", "next", "next/part", "read", "names", "log", "log?words=bridge", "log?words=no+such+words",
    "log?source=gazette&first=2026-11-01", "log/{bulletin}", "log/withdraw?story=old:0&bulletin={bulletin}", "station",
    "station/profile", "station/profile/text", "station/clock", "station/feeds", "station/imaging", "station/outlets",
    "station/users", "audit",
)  # fmt: skip
PER_BULLETIN = 5
LIMIT_MS = 50.0
FEEDS = 10
EXTRA = """
[[deliveries]]
kind = "folder"
name = "Playout PC"
path = "playout"
rendition = "podcast"
""" + "".join(f'[[feeds]]\nname = "feed{n}"\nurl = "https://feed{n}.example/rss"\n' for n in range(FEEDS))
WORDS = "council bridge school hospital river police festival budget railway harbour library museum election storm".split()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--path", action="append", help="a page of the station; by default all")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="bench-newsroom-pages-") as name,
        newsroom(Path(name), EXTRA) as desk,
    ):
        fill(desk, options.stories)
        fill_station(desk)
        warm_up([desk.loaded])
        asyncio.run(measure(desk, options.path or PATHS, rounds=options.rounds))


def fill(desk: Desk, count: int) -> None:
    """Bulletins of the hours before now, and a run for each."""
    journal = RunJournal(desk.archive)
    began = time.monotonic()
    for number in range(count // PER_BULLETIN):
        at = NOW - (number + 1) * HOUR
        stories = []
        for place in range(PER_BULLETIN):
            serial = number * PER_BULLETIN + place
            title = " ".join(WORDS[(serial * step) % len(WORDS)] for step in (1, 3, 5)) + f" {serial}"
            text = f"{title.capitalize()} was in the news on Monday, the council said. Residents received a letter about it. "
            stories.append(make_story(make_article(id=f"old:{serial}", title=title, summary=text, text=text)))
        scripts = [make_story_script(story) for story in stories]
        bulletin = make_bulletin(Path("old.mp3"), make_script(*scripts, at=at))
        made_at = at - timedelta(minutes=2)
        desk.archive.record_bulletin(
            desk.station, bulletin, made_at=made_at, timings={"gather": 2.0, "speak": 9.0}
        )
        weighed = [WeighedStory(story=s, place=place, verdict="aired") for place, s in enumerate(stories, 1)]
        run = RunRecord(station=desk.station, began_at=made_at, at=at, verdict="fresh")
        journal.keep_run(run, weighed=weighed)
    print(f"{count} stories archived in {time.monotonic() - began:.0f} s")


def fill_station(desk: Desk) -> None:
    """A week of answers of ten feeds, their items, and fifty deliveries."""
    for n in range(FEEDS):
        url = f"https://feed{n}.example/rss"
        articles = [make_article(id=f"{n}:{m}", title=f"Item {m}") for m in range(50)]
        desk.archive.keep_feed(FeedMemory(url=url, checked_at=NOW), articles)
        rows = [
            {"station": desk.station, "feed": f"feed{n}", "at": NOW - HOUR * (m + 0.1) / 2, "url": url}
            | {"state": "ok" if m % 9 else "failed", "articles": 50, "reason": ""}
            for m in range(336)
        ]
        desk.archive.execute(insert(newsroom_tables.feed_answers).values(rows))
    outbox = Outbox(desk.archive)
    for number in range(50):
        outbox.add(desk.station, "Playout PC", f"hill-{number}", OutboxAction.PUBLISH, now=NOW, title="news")


async def measure(desk: Desk, paths: Sequence[str], *, rounds: int) -> None:
    """Print a line for each page."""
    now = desk.now
    Accounts(archive=desk.archive, now=now, cost=CHEAP).add("ann", PASSWORD, parse_roles(["admin"]))
    app = make_newsroom_app(
        stations=lambda: [desk.loaded], output=desk.output, archive=desk.archive, now=now, cost=CHEAP
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=120) as client:
        token = csrf_of((await client.get("/sign-in")).text)
        await client.post("/sign-in", data={"csrf": token, "name": "ann", "password": PASSWORD})
        print(f"{'page':<46} {'first':>8} {'median':>8} {'worst':>8}   ms of processor")
        last = RunJournal(desk.archive).newest_id(desk.station)
        for path in paths:
            address = f"/{desk.station}/{path.format(bulletin=last)}"
            times_ms = [await page_ms(client, address) for _ in range(rounds + 1)]
            show(path or "on air", times_ms)
        csrf = csrf_of((await client.get("/account")).text)
        times_ms = [await edit_ms(client, desk, csrf, number) for number in range(rounds + 1)]
        show("reword", times_ms)


def show(name: str, times_ms: Sequence[float]) -> None:
    first, rest = times_ms[0], times_ms[1:]
    print(f"{name:<46} {first:8.1f} {statistics.median(rest):8.1f} {max(rest):8.1f}")


async def page_ms(client: httpx2.AsyncClient, address: str) -> float:
    began = time.process_time()
    answer = await client.get(address)
    taken = time.process_time() - began
    assert answer.status_code == 200, (address, answer.status_code, answer.text[:500])
    return 1000 * taken


async def edit_ms(client: httpx2.AsyncClient, desk: Desk, csrf: str, number: int) -> float:
    """A reworded sentence, from the form to the answer with its spoken words and hints."""
    story = coming_bulletin(desk).stories[0]
    sentence = story.sentences[0]
    fields = {
        "story": story.id,
        "sentence": "x",
        "original": sentence.original,
        "index": "0",
        "seen": str(sentence.version),
        "text": f"{sentence.original.rstrip('.')} for {number} weeks.",
    }
    began = time.process_time()
    answer = await client.post(f"/{desk.station}/next/sentence", data=fields, headers={"X-CSRF-Token": csrf})
    taken = time.process_time() - began
    assert answer.status_code == 200, answer.text[:500]
    return 1000 * taken


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


if __name__ == "__main__":
    main()
