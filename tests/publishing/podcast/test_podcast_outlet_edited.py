"""Feed edited or damaged by hand: it is rewritten, and a copy keeps the edit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bulletin.publishing.podcast.detect_hand_edited_feed import has_valid_checksum, seal_feed
from tests.publishing.podcast.feed_rules import broken_rules
from tests.publishing.podcast.podcast_station import HOUR, Desk, artwork, desk  # noqa: F401 - fixtures

FOREIGN = b"<item><title>Our Christmas concert</title><guid>concert</guid></item>"

EDITS: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda feed: feed[:-200],
    "no XML any more": lambda feed: feed.replace(b"<title>", b"<title", 1),
    "items missing": lambda feed: feed[: feed.index(b"    <item>")] + b"  </channel>\n</rss>\n",
    "a foreign item": lambda feed: feed.replace(b"  </channel>", FOREIGN + b"  </channel>"),
    "another program's": lambda feed: b"<rss version='2.0'><channel><title>Mine</title></channel></rss>",
    "noise": lambda feed: bytes(range(256)),
}


def copies(desk: Desk) -> list[bytes]:
    return [path.read_bytes() for path in sorted(desk.folder.glob("feed.xml.edited-*"))]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edited_feed_is_rewritten_and_a_copy_is_kept(desk: Desk, edit: Callable[[bytes], bytes]) -> None:
    desk.publish(1)
    edited = edit((desk.folder / "feed.xml").read_bytes())
    (desk.folder / "feed.xml").write_bytes(edited)

    episode = desk.publish(2)

    assert desk.titles() == ["Bulletin 2", "Bulletin 1"]
    assert broken_rules((desk.folder / "feed.xml").read_bytes()) == []
    assert copies(desk) == [edited]
    (note,) = episode.notes
    assert "feed.xml.edited-" in note
    assert "[outputs.podcast]" in note


def test_an_unedited_feed_is_not_copied(desk: Desk) -> None:
    notes = [desk.publish(number).notes for number in (1, 2, 3)]

    assert notes == [(), (), ()]
    assert copies(desk) == []


def test_a_missing_or_empty_feed_is_rewritten_without_a_note(desk: Desk) -> None:
    desk.publish(1)
    (desk.folder / "feed.xml").unlink()
    assert desk.publish(2).notes == ()
    (desk.folder / "feed.xml").write_bytes(b"")

    assert desk.publish(3).notes == ()
    assert desk.titles() == ["Bulletin 3", "Bulletin 2", "Bulletin 1"]
    assert copies(desk) == []


@pytest.mark.slow
def test_hourly_edits_do_not_fill_the_disk(desk: Desk) -> None:
    for number in range(1, 10):
        desk.publish(number)
        (desk.folder / "feed.xml").write_bytes(f"edit {number}".encode())

    desk.publish(10)

    assert copies(desk) == [f"edit {number}".encode() for number in (5, 6, 7, 8, 9)]


def test_a_withdrawal_keeps_a_copy_of_an_edited_feed(desk: Desk) -> None:
    episode = desk.publish(1)
    (desk.folder / "feed.xml").write_bytes(b"edited")
    desk.now += HOUR

    desk.outlet().withdraw(episode.guid)

    assert copies(desk) == [b"edited"]
    assert desk.titles() == []


def test_a_withdrawn_episode_leaves_the_copies_and_edits_stay(desk: Desk) -> None:
    """Copies of the hours before, and the feed edited at that moment."""
    first = desk.publish(1)
    desk.publish(2)
    edited = EDITS["a foreign item"]((desk.folder / "feed.xml").read_bytes())
    (desk.folder / "feed.xml").write_bytes(edited)
    desk.publish(3)
    (desk.folder / "feed.xml").write_bytes(edited)
    desk.now += HOUR

    desk.outlet().withdraw(first.guid)

    assert len(copies(desk)) == 2
    for copy in copies(desk):
        assert first.guid.encode() not in copy
        assert b"Bulletin 1" not in copy
        assert b"Bulletin 2" in copy
        assert FOREIGN in copy


def test_a_copy_that_cannot_be_parsed_is_deleted_at_a_withdrawal(desk: Desk) -> None:
    first = desk.publish(1)
    torn = f"<rss><channel><guid>{first.guid}</guid> Bulletin 1".encode()
    (desk.folder / "feed.xml").write_bytes(torn)
    desk.publish(2)
    assert copies(desk) == [torn]

    desk.outlet().withdraw(first.guid)

    assert copies(desk) == []


@pytest.mark.parametrize("feed", [b"<rss/>\n", b"", b"<!-- bulletin 00000000000000000000000000000000 -->\n"])
def test_the_checksum_covers_every_byte_before_it(feed: bytes) -> None:
    sealed = seal_feed(feed)

    assert has_valid_checksum(sealed)
    assert not has_valid_checksum(feed)
    assert not has_valid_checksum(b" " + sealed)
    assert not has_valid_checksum(sealed + b"\n")
    assert not has_valid_checksum(sealed.replace(b"bulletin", b"Bulletin"))
