"""Feeds of a group by their id."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.group.pieces.feeds_of_group import GroupFeeds

STATION = 'name = "{name}"\ntime_zone = "UTC"\n'
FEED = '[[feeds]]\nurl = "https://gazette.example/{number}.rss"\n{more}'


def load(folder: Path, name: str, feeds: int, more: str = "") -> LoadedProfile:
    path = folder / f"{name}.toml"
    text = "".join(FEED.format(number=number, more=more) for number in range(feeds))
    path.write_text(STATION.format(name=name.title()) + text, encoding="utf-8")
    return load_profile(str(path))


def test_a_feed_is_that_of_the_station_which_wants_most_of_it_until_its_profile_changes(
    tmp_path: Path,
) -> None:
    stations = {"hill": load(tmp_path, "hill", 2, "pages = false\n"), "moor": load(tmp_path, "moor", 1)}
    feeds = GroupFeeds()
    first, second = feeds.of(stations["hill"])
    found = feeds.find(first.id, stations), feeds.find(second.id, stations)
    assert [one and one.feed.fetches_pages for one in found] == [True, False]
    del stations["moor"]
    assert feeds.find(first.id, stations) == first
    stations["hill"] = load(tmp_path, "hill", 1)
    assert feeds.find(second.id, stations) is None


def test_stations_may_come_and_go_while_feeds_are_looked_up(tmp_path: Path) -> None:
    """Pieces run in threads of their own, while another one reads the profiles again."""
    hill = load(tmp_path, "hill", 3)
    stations, ended = {str(number): hill for number in range(300)}, threading.Event()
    feeds = GroupFeeds()

    def look_up() -> bool:
        wanted = feeds.of(hill)[0].id
        while not ended.is_set():
            if feeds.find(wanted, stations) is None:
                return False
        return True

    with ThreadPoolExecutor(1) as thread:
        looked = thread.submit(look_up)
        for number in range(3000):
            stations[f"more {number}"] = hill
            stations.pop(str(number), None)
        ended.set()
        assert looked.result()
