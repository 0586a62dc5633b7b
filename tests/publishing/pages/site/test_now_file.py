"""now.json, which open pages poll, and the coming slots in it."""

from __future__ import annotations

import json

from tests.publishing.pages.page_station import Desk, desk  # noqa: F401 - fixtures


def test_it_names_the_newest_bulletin_and_the_coming_slots(desk: Desk) -> None:
    desk.publish(1)

    assert json.loads((desk.folder / "now.json").read_bytes()) == {
        "page": "demo-20261124-0800-made",
        "title": "Bulletin 1",
        "due": "2026-11-24T08:00:00Z",
        "made": "2026-11-24T08:00:00Z",
        "next": [
            {"at": "2026-11-24T09:00:00Z", "text": "next at 9am"},
            {"at": "2026-11-24T10:00:00Z", "text": "next at 10am"},
            {
                "at": "2026-11-25T10:00:00Z",
                "text": "next on Wednesday at 10am",
                "texts": [
                    {"until": "2026-11-25T00:00:00Z", "text": "next tomorrow at 10am"},
                    {"until": "2026-11-25T10:00:00Z", "text": "next at 10am"},
                ],
            },
        ],
    }
    assert desk.read().xpath("//*[@class='next']/text()") == ["next at 9am"]
    assert desk.read().xpath("//*[@class='next']/@data-at") == ["2026-11-24T09:00:00Z"]
    assert desk.read().xpath("//time[@class='age']/span/text()") == ["Published at 8am"]


def test_a_withdrawn_bulletin_leaves_it(desk: Desk) -> None:
    desk.publish(1)
    episode = desk.publish(2, "Secret story")
    desk.page.withdraw(episode.guid)

    assert json.loads((desk.folder / "now.json").read_bytes())["title"] == "Bulletin 1"
