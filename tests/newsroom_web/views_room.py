"""A newsroom with an aired bulletin of hostile titles, a week of feed answers, a delivery that failed, and jingles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert

from bulletin.archive.database import newsroom_tables
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxState
from bulletin.archive.record_dataclasses import FeedMemory
from tests.newsroom.views.aired.log_archive import record
from tests.support.factories import NOW, make_article, make_episode_record
from tests.support.hostile_texts import HOSTILE
from tests.support.newsroom_server import ServedNewsroom, served_newsroom

SCRIPT = "<script>alert(1)</script>"
PROFILE = """\
name = "{name}"
time_zone = "Europe/London"
[[clock.slots]]
at = "06:00-19:00"
[[feeds]]
name = "gazette"
url = "https://gazette.example/feed.xml?token=s3cretvalue9"
credit = "<script>alert(1)</script>"
[speech]
chain = ["tone"]
[stream]
url = "http://127.0.0.1:8000/radio.mp3"
password = "hunter2hunter2"
[[deliveries]]
kind = "folder"
name = "Playout PC"
path = "playout"
rendition = "podcast"
"""


@contextmanager
def views_room(folder: Path) -> Iterator[ServedNewsroom]:
    """Served while the block runs; bulletin 1 has the titles SCRIPT, HOSTILE and "Ferry sails"."""
    with served_newsroom(folder, profile=PROFILE) as served:
        archive = served.archive
        record(archive, station="demo", at=NOW, number=1, titles=[SCRIPT, *HOSTILE, "Ferry sails"])
        archive.add_episode(make_episode_record(guid="demo-1", station="demo", audio="demo-1.mp3"))
        url = served.stations[0].profile.feeds[0].url
        articles = [make_article(id="x", title=SCRIPT, link="javascript:alert(1)")]
        archive.keep_feed(FeedMemory(url=url, checked_at=NOW), articles)
        answer = {"station": "demo", "feed": "gazette", "at": NOW, "url": url, "articles": 1}
        archive.execute(
            insert(newsroom_tables.feed_answers).values(answer | {"state": "failed", "reason": SCRIPT})
        )
        outbox = Outbox(archive)
        outbox.add("demo", "Playout PC", "demo-1", OutboxAction.PUBLISH, now=NOW, title=SCRIPT)
        (item,) = outbox.waiting("demo", "Playout PC")
        outbox.finish(item, now=NOW, state=OutboxState.GIVEN_UP, note=SCRIPT)
        yield served
