"""Check of a published station: without faults, and with each fault."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.diagnostics.remote.check_published_station import check_published_station
from bulletin.errors import FetchError
from bulletin.model.diagnostic_findings import Verdict
from bulletin.publishing.files.write_newest_bulletin import write_flash
from bulletin.publishing.json_sidecar_file import SideFile
from tests.diagnostics.remote.conftest import NOW

pytestmark = pytest.mark.slow

Station = tuple[str, Path]
Broken = Callable[[str, bytes | None], None]


def problems(url: str, *, hours: float = 0.0, private: bool = True) -> list[str]:
    """Messages of all findings that are not OK."""
    findings = check_published_station(url, now=NOW + timedelta(hours=hours), is_private=private)
    return [f"{finding.part}: {finding.message}" for finding in findings if finding.verdict is not Verdict.OK]


def put_speaker(station: Station, broken: Broken, sound: bytes) -> None:
    """Replace the speaker's sound and correct its side file."""
    side_file = json.loads((station[1] / "speaker.json").read_bytes())
    side_file |= {"bytes": len(sound), "sha256": hashlib.sha256(sound).hexdigest(), "guid": ""}
    broken("speaker.mp3", sound)
    broken("speaker.json", json.dumps(side_file).encode())


def file_name(folder: Path, ending: str) -> str:
    return next(path.name for path in folder.glob(f"valley-*{ending}"))


def test_our_own_publication_has_no_findings(station: Station) -> None:
    findings = check_published_station(station[0], now=NOW, is_private=True)

    assert [finding for finding in findings if finding.verdict is not Verdict.OK] == []
    assert {finding.part for finding in findings} == {
        "feed",
        "episode",
        "latest",
        "artwork",
        "speaker",
        "page",
        "clock",
    }
    assert problems(f"{station[0]}feed.xml") == []
    assert problems(station[0].rstrip("/")) == []
    assert problems(f"{station[0]}index.html") == []


def test_an_overdue_episode_is_reported(station: Station) -> None:
    (message,) = problems(station[0], hours=3)

    assert message.startswith("clock: the newest episode is 3.0 h old; the episode of ")


def test_private_addresses_need_an_option(station: Station) -> None:
    (message,) = problems(station[0], private=False)

    assert (
        "not on the open internet, so it is not fetched; for an address of your own network, add --private"
        in message
    )


def test_a_feed_with_a_wrong_address_points_to_base_url(station: Station, broken: Broken) -> None:
    feed = (station[1] / "feed.xml").read_bytes()
    broken("feed.xml", feed.replace(station[0].encode(), b"https://localhost/valley/"))

    messages = [
        message
        for message in problems(station[0])
        if message.startswith("episode: https://localhost/valley/")
    ]

    assert messages
    assert all("check [outputs.podcast] base_url" in message for message in messages)


def test_an_item_without_an_enclosure_is_not_requested(station: Station, broken: Broken) -> None:
    feed = (station[1] / "feed.xml").read_bytes()
    broken("feed.xml", re.sub(rb"<enclosure[^>]*>", b"", feed))

    messages = problems(station[0])

    assert any("enclosure: has no sound file, or several" in message for message in messages)
    assert not any(message.startswith("episode:") for message in messages)


def test_an_argument_that_is_no_address_is_an_error() -> None:
    with pytest.raises(FetchError):
        check_published_station("feed.xml", now=NOW)


def test_a_replaced_sound_file_is_reported(station: Station, broken: Broken) -> None:
    episode = file_name(station[1], ".mp3")
    broken(episode, (station[1] / episode).read_bytes()[:-1000])

    (message,) = problems(station[0])
    assert "bytes, the feed says" in message


def test_a_feed_edited_by_hand_is_reported(station: Station, broken: Broken) -> None:
    feed = (station[1] / "feed.xml").read_bytes()
    broken("feed.xml", feed.replace(b"<itunes:explicit>false", b"<itunes:explicit>clean"))

    assert any("itunes:explicit" in message for message in problems(station[0]))

    broken("feed.xml", feed[:-20])
    assert any("is not XML" in message for message in problems(station[0]))


def test_a_briefing_within_the_limits_has_no_findings(station: Station, broken: Broken) -> None:
    side_file = SideFile.read(station[1] / "speaker.json")
    briefed = write_flash(side_file, station="Valley Radio", made=NOW, address=station[0], site="")
    broken("flash.json", briefed)

    findings = check_published_station(station[0], now=NOW, is_private=True)
    assert [finding for finding in findings if finding.verdict is not Verdict.OK] == []
    assert [finding.part for finding in findings].count("speaker") == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"updateDate": "2026-01-10T07:00:00.0Z"}, "older than seven days"),
        ({"updateDate": "yesterday"}, "must look like"),
        ({"mainText": "x" * 5000}, "mainText"),
        ({"streamUrl": "http://elsewhere.example/latest.mp3"}, "https"),
        ({"uid": ""}, "uid"),
    ],
)
def test_a_briefing_that_a_speaker_would_refuse_is_reported(
    station: Station, broken: Broken, changes: dict[str, str], message: str
) -> None:
    broken("flash.json", briefing(station, **changes))

    assert message in " ".join(problems(station[0]))


def test_the_speaker_file_without_a_briefing_is_measured_too(station: Station, broken: Broken) -> None:
    findings = check_published_station(station[0], now=NOW, is_private=True)
    assert [finding.verdict for finding in findings if finding.part == "speaker"] == [Verdict.OK]

    put_speaker(station, broken, b"no sound")
    assert any(
        message.startswith("speaker: ") and "cannot be played" in message for message in problems(station[0])
    )


def briefing(station: Station, **changes: str) -> bytes:
    item = {
        "uid": "urn:uuid:1335c695-cfb8-4ebb-abbd-80da344efa6b",
        "updateDate": f"{NOW:%Y-%m-%dT%H:%M:%S}.0Z",
        "titleText": "Valley Radio News",
        "mainText": "",
        "streamUrl": f"{station[0]}latest.mp3",
    }
    return json.dumps(item | changes).encode()
