"""Earlier bulletins on the front page, listed by what was new in them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.publishing.pages.front_page import EARLIER, compose_front
from bulletin.publishing.pages.json_bulletin_lists_by_day import DayEntry
from tests.publishing.pages.page_station import Desk, desk  # noqa: F401 - fixtures
from tests.support.factories import NOW


def entry(hour: int, *stories: str, ids: tuple[str, ...] = ()) -> DayEntry:
    due = NOW + timedelta(hours=hour)
    return DayEntry(guid=str(hour), page=str(hour), due=due, made=due, stories=stories, story_ids=ids)


def test_a_story_that_goes_on_under_another_headline_is_not_new() -> None:
    before = [
        entry(2, "Fire is out", "School opens", ids=("fire", "school")),
        entry(1, "Fire in warehouse", ids=("fire",)),
    ]

    front = compose_front(None, before, ())

    assert [item.new for item in front.earlier] == [("School opens",), ("Fire in warehouse",)]


def test_older_lists_without_ids_are_compared_by_title() -> None:
    front = compose_front(None, [entry(2, "Fire", "School", ids=("a", "b")), entry(1, "Fire")], ())

    assert [item.new for item in front.earlier] == [("School",), ("Fire",)]


def test_one_bulletin_more_than_shown_tells_what_was_new_in_the_last() -> None:
    before = [entry(9 - hour, "Fire", f"Story {9 - hour}") for hour in range(EARLIER + 1)]

    front = compose_front(None, before, ())

    assert [item.new for item in front.earlier] == [(f"Story {9 - hour}",) for hour in range(EARLIER)]


def test_the_page_marks_what_is_new(desk: Desk) -> None:
    desk.publish(1, "Bridge closes")
    desk.publish(2, "Bridge closes", "School opens")
    desk.publish(3, "Bridge closes", "School opens")

    assert desk.read().xpath("//span[@class='new']") == []
    assert desk.read().xpath("//ol[@class='past']//li[1]//span[@class='top']/text()") == ["School opens"]
    desk.publish(4, "Solar farm", "Bridge closes")
    assert desk.read().xpath("//h3[span[@class='new']]//span[@class='head']/text()") == ["Solar farm"]
    hours = desk.read().xpath("//ol[@class='past']//time/b/text()")
    assert hours == ["9am", "8am"], "10am had no new story"
    assert desk.read().xpath("//ol[@class='past']//a/@href")[0] == "demo-20261124-0900-made.html#play"
    assert "2 stories, 1 new" in desk.words()


@pytest.mark.parametrize("page", ["index.html", "player.html"])
def test_a_first_bulletin_marks_nothing_as_new(desk: Desk, page: str) -> None:
    desk.publish(1, "Bridge closes")

    assert desk.read(page).xpath("//span[@class='new']") == []
