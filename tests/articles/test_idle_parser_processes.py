"""Parser processes of a group's worker end when no feed is read, and start again for the next one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.articles.worker import parser_process
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.support.delivery_servers.base import wait_for
from tests.support.factories import NOW

pytestmark = pytest.mark.slow


def test_idle_parser_processes_end_and_the_next_feed_starts_one(
    site: Site, options: FetchOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the next hour, and while a worker mixes, they would cost memory alone."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(_start())
        return started[-1]

    _start = parser_process._start
    monkeypatch.setattr(parser_process, "_start", start)
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        reader = FeedsForAll(archive, idle_s=0.0)
        for number in range(2):
            url = site.reply(f"/{number}", rss(item(title=f"Bridge {number} closes")))
            feed = Feed(url=url, name=str(number), is_private=True)
            assert not reader.read_feed(feed, now=NOW, options=options).reason
            wait_for(lambda: all(process.poll() is not None for process in started))
            assert len(started) == number + 1
            assert len(reader.gather([feed], now=NOW, options=options).articles) == 1
        reader.close()
