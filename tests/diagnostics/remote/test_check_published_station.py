"""A published station as its clients see it: well, and with each of its ills."""

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

Station = tuple[str, Path]
Broken = Callable[[str, bytes | None], None]


def ills(url: str, *, hours: float = 0.0, private: bool = True) -> list[str]:
    """What is wrong, in words."""
    findings = check_published_station(url, now=NOW + timedelta(hours=hours), is_private=private)
    return [f"{one.part}: {one.message}" for one in findings if one.verdict is not Verdict.OK]


def put_speaker(station: Station, broken: Broken, sound: bytes) -> None:
    """As if it had been made so: what is told of it is true."""
    told = json.loads((station[1] / "speaker.json").read_bytes())
    told |= {"bytes": len(sound), "sha256": hashlib.sha256(sound).hexdigest(), "guid": ""}
    broken("speaker.mp3", sound)
    broken("speaker.json", json.dumps(told).encode())


def one_of(folder: Path, ending: str) -> str:
    return next(path.name for path in folder.glob(f"valley-*{ending}"))


def test_what_we_publish_and_serve_is_well(station: Station) -> None:
    findings = check_published_station(station[0], now=NOW, is_private=True)

    assert [one for one in findings if one.verdict is not Verdict.OK] == []
    assert {one.part for one in findings} == {
        "feed",
        "episode",
        "latest",
        "artwork",
        "speaker",
        "page",
        "clock",
    }
    assert ills(f"{station[0]}feed.xml") == []
    assert ills(station[0].rstrip("/")) == []
    assert ills(f"{station[0]}index.html") == []


def test_an_episode_that_is_missing_by_the_clock_is_told(station: Station) -> None:
    (told,) = ills(station[0], hours=3)

    assert told.startswith("clock: the newest episode is 3.0 h old; the episode of ")


def test_private_addresses_need_leave(station: Station) -> None:
    (told,) = ills(station[0], private=False)

    assert "not on the open internet; for an address of your own network: --private" in told


def test_a_feed_that_names_another_address_of_the_network_is_told_of_its_base_url(
    station: Station, broken: Broken
) -> None:
    feed = (station[1] / "feed.xml").read_bytes()
    broken("feed.xml", feed.replace(station[0].encode(), b"https://localhost/valley/"))

    told = [one for one in ills(station[0]) if one.startswith("episode: https://localhost/valley/")]

    assert told
    assert all("check [outputs.podcast] base_url" in one for one in told)


def test_an_item_without_a_sound_is_not_asked_for(station: Station, broken: Broken) -> None:
    feed = (station[1] / "feed.xml").read_bytes()
    broken("feed.xml", re.sub(rb"<enclosure[^>]*>", b"", feed))

    told = ills(station[0])

    assert any("enclosure: is missing or repeated" in one for one in told)
    assert not any(one.startswith("episode:") for one in told)


def test_what_is_no_address_is_said() -> None:
    with pytest.raises(FetchError):
        check_published_station("feed.xml", now=NOW)


def test_sound_that_was_replaced_is_noticed(station: Station, broken: Broken) -> None:
    name = one_of(station[1], ".mp3")
    broken(name, (station[1] / name).read_bytes()[:-1000])

    (told,) = ills(station[0])
    assert "bytes, the feed says" in told


def test_a_feed_edited_by_hand_is_noticed(station: Station, broken: Broken) -> None:
    feed = (station[1] / "feed.xml").read_bytes()
    broken("feed.xml", feed.replace(b"<itunes:explicit>false", b"<itunes:explicit>clean"))

    assert any("itunes:explicit" in told for told in ills(station[0]))

    broken("feed.xml", feed[:-20])
    assert any("is not XML" in told for told in ills(station[0]))


def test_a_briefing_within_the_limits_of_speakers_is_well(station: Station, broken: Broken) -> None:
    side_file = SideFile.read(station[1] / "speaker.json")
    briefed = write_flash(side_file, station="Valley Radio", made=NOW, address=station[0], site="")
    broken("flash.json", briefed)

    findings = check_published_station(station[0], now=NOW, is_private=True)
    assert [one for one in findings if one.verdict is not Verdict.OK] == []
    assert [one.part for one in findings].count("speaker") == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"updateDate": "2026-01-10T07:00:00.0Z"}, "older than seven days"),
        ({"updateDate": "yesterday"}, "must look like"),
        ({"mainText": "x" * 5000}, "mainText"),
        ({"streamUrl": "http://elsewhere.example/latest.mp3"}, "https"),
        ({"uid": ""}, "uid"),
    ],
)
def test_a_briefing_that_a_speaker_would_refuse_is_noticed(
    station: Station, broken: Broken, changes: dict[str, str], told: str
) -> None:
    broken("flash.json", briefing(station, **changes))

    assert told in " ".join(ills(station[0]))


def test_the_speakers_file_alone_is_measured_too(station: Station, broken: Broken) -> None:
    findings = check_published_station(station[0], now=NOW, is_private=True)
    assert [one.verdict for one in findings if one.part == "speaker"] == [Verdict.OK]

    put_speaker(station, broken, b"no sound")
    assert any(told.startswith("speaker: ") and "cannot be played" in told for told in ills(station[0]))


def briefing(station: Station, **changes: str) -> bytes:
    item = {
        "uid": "urn:uuid:1335c695-cfb8-4ebb-abbd-80da344efa6b",
        "updateDate": f"{NOW:%Y-%m-%dT%H:%M:%S}.0Z",
        "titleText": "Valley Radio News",
        "mainText": "",
        "streamUrl": f"{station[0]}latest.mp3",
    }
    return json.dumps(item | changes).encode()
