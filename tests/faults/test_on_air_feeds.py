"""Faults of feeds: the station is on air at the hour."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.record_dataclasses import Kill
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.model import Level, SlotState
from tests.articles.site import Site
from tests.faults.cases import level
from tests.faults.station_on_clock import AT_WORK, EIGHT, SEVEN, Air, feed, news
from tests.faults.test_feeds import BAD

pytestmark = pytest.mark.faults

HOSTILE = Path(__file__).parents[2].parent / "shared" / "tools" / "hostile" / "make_hostile.py"


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as running:
        yield [running.enter_context(Site()) for _ in range(3)]


def test_all_feeds_down(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write(feeds=feed("http://127.0.0.1:9/one") + feed("http://127.0.0.1:9/two"))
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "down"), due=EIGHT)


def test_all_feeds_down_for_a_moment(on_air_at_seven: Air, sites: list[Site]) -> None:
    """The network comes up after the service. A failed feed is cached for seconds, except in this case."""
    air, site = on_air_at_seven, sites[0]
    air.answers = ResponseCache()
    air.write(feeds=feed(site.reply("/one", "", status=500)))
    air.switch_on()
    begins = EIGHT - AT_WORK
    air.tick(begins)
    on_air, row = air.on_air_file(), air.row(EIGHT)
    assert on_air
    assert (on_air.due, on_air.level) == (SEVEN, Level.FRESH)
    assert (row.state, row.standby) == (SlotState.PLANNED, None)

    site.reply("/one", news(first=5))
    air.tick(begins + timedelta(seconds=5))
    air.tick(begins + timedelta(seconds=12))
    air.tick(EIGHT + timedelta(seconds=1))

    air.expect(level("Feeds", "moment"), due=EIGHT)
    assert air.row(EIGHT).tries == 2
    assert air.events["met"] == 1


def test_a_slot_without_new_news_is_not_retried(on_air_at_seven: Air) -> None:
    """Only one try: all feeds answered, so a retry would end the same."""
    air = on_air_at_seven
    assert air.archive
    air.archive.add_kill("valley", Kill(entry="council", added_at=air.now))

    air.slot(EIGHT)

    row = air.row(EIGHT)
    assert (row.state, row.level, row.tries) == (SlotState.DONE, Level.LAST_GOOD, 1)
    air.expect(Level.LAST_GOOD, due=EIGHT)


def test_all_feeds_slow(on_air_at_seven: Air, sites: list[Site]) -> None:
    air = on_air_at_seven
    urls = [site.reply("/slow", news(first=5), drip_s=1.0) for site in sites]
    air.write(feeds="".join(map(feed, urls)))
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "slow"), due=EIGHT)


def test_all_feeds_unchanged(air: Air, sites: list[Site]) -> None:
    urls = [site.reply("/etag", news(first=n), etag=f'"{n}"') for n, site in enumerate(sites)]
    air.write(feeds="".join(map(feed, urls)))
    air.switch_on()
    air.slot(SEVEN)

    air.slot(EIGHT)

    air.expect(level("Feeds", "unchanged"), due=EIGHT)
    assert [site.asked[-1].headers.get("if-none-match") for site in sites] == ['"0"', '"1"', '"2"']


def test_all_feeds_broken(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    with ExitStack() as running:
        urls = [running.enter_context(Site()).reply("/bad", **reply) for reply, _ in BAD.values()]
        air.write(feeds="".join(map(feed, urls)), fetch="feed_mb = 0.5")
        air.switch_on()

        air.slot(EIGHT)

    air.expect(level("Feeds", "broken"), due=EIGHT)


def test_all_hostile_files_at_once(on_air_at_seven: Air) -> None:
    """
    Hostile feeds take no more than the feeds' share of the time, however many need to be killed.

    One good feed has news; none of the hostile ones has a usable story.
    """
    if not HOSTILE.is_file():
        pytest.skip("needs the hostile files beside the checkout")
    air = on_air_at_seven
    folder = air.folder / "hostile"
    subprocess.run([sys.executable, str(HOSTILE), str(folder)], check=True, capture_output=True)
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".xml", ".json", ".html"))
    assert len(files) > 50
    hostile = "".join(f'[[feeds]]\nurl = "{path}"\npages = false\n' for path in files)
    air.write(feeds=air.write_feeds(1, stories=8) + hostile)
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "hostile"), due=EIGHT)


def test_a_feed_of_twenty_thousand(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write_news(count=20_000)

    air.slot(EIGHT)

    air.expect(level("Feeds", "long"), due=EIGHT)


def test_a_thousand_stories_at_once(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write(feeds=air.write_feeds(4, stories=250))
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "many"), due=EIGHT)
