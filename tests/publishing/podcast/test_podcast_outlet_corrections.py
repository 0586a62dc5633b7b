"""Podcast corrections: new for apps that sort by date, without becoming "latest"."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime

from lxml import etree

from tests.publishing.podcast.podcast_station import HOUR, Desk, artwork, desk  # noqa: F401 - fixtures
from tests.support.factories import NOW


def dates(desk: Desk) -> list[tuple[str, object]]:
    """Title and hours after NOW of each item, in the order of the feed."""
    items = etree.parse(desk.folder / "feed.xml").iterfind(".//item")
    return [
        (item.findtext("title"), (parsedate_to_datetime(item.findtext("pubDate")) - NOW) / HOUR)
        for item in items
    ]


def built(desk: Desk) -> float:
    """Build date of the feed, in hours after NOW."""
    text = etree.parse(desk.folder / "feed.xml").findtext(".//lastBuildDate")
    return (parsedate_to_datetime(text) - NOW) / HOUR


def correct(desk: Desk, guid: str, number: int, *, at: float) -> None:
    desk.now = NOW + at * HOUR
    outlet = desk.outlet()
    outlet.correct(guid, desk.bulletin(number, name=f"corrected-{number}"))
    outlet.show()


def latest(desk: Desk) -> tuple[str, bytes]:
    side_file = json.loads((desk.folder / "latest.json").read_text())
    return side_file["title"], (desk.folder / "latest.mp3").read_bytes()


def test_a_correction_of_an_older_bulletin_is_dated_now_and_is_not_the_latest(desk: Desk) -> None:
    first = desk.publish(1)
    desk.publish(2)
    before = latest(desk)
    assert built(desk) == 2

    correct(desk, first.guid, 1, at=2.5)

    assert dates(desk) == [("Bulletin 1", 2.5), ("Bulletin 2", 2)]
    assert built(desk) == 2.5
    assert latest(desk) == before
    assert before[0] == "Bulletin 2"


def test_a_correction_of_the_newest_bulletin_is_latest_and_keeps_its_expiry(
    desk: Desk,
) -> None:
    desk.publish(1)
    newest = desk.publish(2)
    until = json.loads((desk.folder / "latest.json").read_text())["valid_until"]

    correct(desk, newest.guid, 2, at=3)

    assert dates(desk) == [("Bulletin 2", 3), ("Bulletin 1", 1)]
    assert latest(desk) == ("Bulletin 2", (desk.folder / "demo-corrected-2.mp3").read_bytes())
    assert json.loads((desk.folder / "latest.json").read_text())["valid_until"] == until


def test_a_bulletin_after_a_correction_is_first_in_the_feed(desk: Desk) -> None:
    first = desk.publish(1)
    correct(desk, first.guid, 1, at=1.5)

    desk.publish(2)

    assert dates(desk) == [("Bulletin 2", 2), ("Bulletin 1", 1.5)]
    assert latest(desk)[0] == "Bulletin 2"


def test_corrections_of_one_withdrawal_follow_their_hours(desk: Desk) -> None:
    """They are made newest first, and each takes some time."""
    episodes = [desk.publish(number) for number in (1, 2, 3)]
    outlet = desk.outlet()
    for number in (3, 1):
        desk.now += timedelta(minutes=2)
        outlet.correct(episodes[number - 1].guid, desk.bulletin(number, name=f"corrected-{number}"))
        outlet.show()

    assert [title for title, _ in dates(desk)] == ["Bulletin 3", "Bulletin 1", "Bulletin 2"]


def test_a_correction_made_twice_keeps_its_date(desk: Desk) -> None:
    first = desk.publish(1)
    correct(desk, first.guid, 1, at=2)
    before = desk.state()

    correct(desk, first.guid, 1, at=3)

    assert desk.state() == before


def test_a_withdrawal_moves_the_date_of_the_feed_and_no_episode(desk: Desk) -> None:
    desk.publish(1)
    second = desk.publish(2)
    desk.now = NOW + 2.5 * HOUR

    desk.outlet().withdraw(second.guid)

    assert (built(desk), dates(desk)) == (2.5, [("Bulletin 1", 1)])
    before = desk.state()
    desk.now += HOUR
    desk.outlet().renew()
    assert desk.state() == before
