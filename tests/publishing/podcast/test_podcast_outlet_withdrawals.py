"""Withdrawn episodes."""

from __future__ import annotations

import json

import pytest

from bulletin.errors import OutletError
from tests.publishing.podcast.podcast_station import Desk, artwork, desk  # noqa: F401 - fixtures


def test_a_withdrawn_episode_leaves_feed_folder_and_latest(desk: Desk) -> None:
    desk.publish(1)
    episode = desk.publish(2)

    for _ in range(2):
        desk.outlet().withdraw(episode.guid)

    assert desk.titles() == ["Bulletin 1"]
    assert not [name for name in desk.state() if name.startswith("demo-2")]
    assert (desk.folder / "latest.mp3").read_bytes() == (desk.folder / "demo-1.mp3").read_bytes()
    assert json.loads((desk.folder / "latest.json").read_text("utf-8"))["title"] == "Bulletin 1"


def test_the_only_episode_can_be_withdrawn(desk: Desk) -> None:
    episode = desk.publish(1)

    desk.outlet().withdraw(episode.guid)

    assert desk.titles() == []
    assert not (desk.folder / "latest.mp3").exists()


def test_withdrawing_an_unknown_episode_does_nothing(desk: Desk) -> None:
    desk.publish(1)
    before = desk.state()

    desk.outlet().withdraw("unknown")

    assert desk.state() == before


def test_a_withdrawn_bulletin_is_not_published_again(desk: Desk) -> None:
    episode = desk.publish(1)
    desk.outlet().withdraw(episode.guid)

    with pytest.raises(OutletError, match="was withdrawn"):
        desk.publish(1)


def test_withdrawn_audio_is_deleted_even_when_the_feed_cannot_be_written(desk: Desk) -> None:
    episode = desk.publish(1)
    (desk.folder / "feed.xml").unlink()
    (desk.folder / "feed.xml").mkdir()

    with pytest.raises(OutletError, match="cannot be written"):
        desk.outlet().withdraw(episode.guid)

    assert not (desk.folder / "demo-1.mp3").exists()
    assert not (desk.folder / "latest.mp3").exists()
