"""
Podcast episodes in the archive: newest first, unchanged, and withdrawn for good.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bulletin.archive.archive import Archive
from tests.support.factories import NOW, make_episode_record

HOUR = timedelta(hours=1)


def test_episodes_come_newest_first(archive: Archive) -> None:
    for n in (1, 3, 2):
        archive.add_episode(make_episode_record(guid=f"g{n}", published=NOW + n * HOUR))
    archive.add_episode(make_episode_record(guid="g1", station="other"))

    assert [e.guid for e in archive.episodes("demo")] == ["g3", "g2", "g1"]
    assert [e.guid for e in archive.episodes("demo", limit=2)] == ["g3", "g2"]
    assert [e.guid for e in archive.episodes("demo", since=NOW + 2 * HOUR)] == ["g3", "g2"]


def test_an_episode_stays_as_it_was_published(archive: Archive) -> None:
    record = make_episode_record()
    archive.add_episode(record)
    archive.add_episode(replace(record, title="Something else"))

    assert archive.episodes("demo") == (record,)


def test_a_withdrawn_episode_is_not_listed_again(archive: Archive) -> None:
    archive.add_episode(make_episode_record())

    gone = replace(make_episode_record(), withdrawn_at=NOW)
    assert archive.withdraw_episode("demo", "demo-1", at=NOW) == gone
    archive.add_episode(make_episode_record())

    assert archive.episodes("demo") == ()
    assert archive.find_episode("demo", "demo-1") == gone
    assert archive.withdraw_episode("demo", "demo-1", at=NOW + HOUR) == gone
    assert archive.withdraw_episode("demo", "unknown", at=NOW) is None


def test_a_podcast_keeps_its_guid_when_its_address_changes(archive: Archive) -> None:
    """The example is from the documentation of the podcast namespace."""
    first = archive.podcast_guid("demo", "https://mp3s.nashownotes.com/pc20rss.xml")

    assert first == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert archive.podcast_guid("demo", "https://elsewhere.example/feed.xml") == first
    assert archive.podcast_guid("other", "http://mp3s.nashownotes.com/pc20rss.xml/") == first
