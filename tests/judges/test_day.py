"""A recorded day hour by hour: the top story stays, and the bulletins are full and new."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from bench.day import FEEDS, Hour, read_feeds, replay

pytestmark = pytest.mark.judges


@pytest.fixture(scope="module")
def hours(shared: Path) -> list[Hour]:
    if not FEEDS.is_dir():
        pytest.skip("the recorded feeds are not beside this checkout")
    return list(replay(read_feeds(FEEDS)))


def test_the_top_story_is_in_every_bulletin(hours: list[Hour]) -> None:
    missing = [f"{hour.at:%H:%M} {hour.event}" for hour in hours if not hour.places]

    assert len(hours) == 14
    assert missing == []


def test_no_bulletin_has_the_top_story_twice(hours: list[Hour]) -> None:
    twice = [f"{hour.at:%H:%M} {hour.event} at {hour.places}" for hour in hours if len(hour.places) > 1]

    assert twice == []


def test_a_third_to_two_thirds_of_the_stories_change_from_hour_to_hour(hours: list[Hour]) -> None:
    changed = [hour.changed for hour in hours[1:]]

    print(f"changed: {[round(share, 2) for share in changed]}")
    assert 1 / 3 <= statistics.median(changed) <= 2 / 3


def test_every_bulletin_has_its_target_length(hours: list[Hour]) -> None:
    assert all(abs(hour.lasts_s - hour.target_s) < 1 for hour in hours)


def test_a_first_bulletin_leads_with_the_top_story() -> None:
    """The station starts in the night, when all eight publishers have the story."""
    [night] = replay(read_feeds(FEEDS), first=13, hours=1)

    assert night.publishers == 8
    assert night.places[0] == 1
