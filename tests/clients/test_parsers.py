"""The feed parsers of Podcast Index and gPodder read what was published."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx2
import podcastparser
import pytest

from tests.clients.conftest import NODE_MODULES, Run

pytestmark = pytest.mark.clients

PARTYTIME = """
const { parseFeed } = require(process.argv[1] + "/podcast-partytime");
fetch(process.argv[2]).then((got) => got.text()).then((xml) => console.log("\\n" + JSON.stringify(parseFeed(xml))));
"""
Station = tuple[str, Path]


def published_episodes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("valley-*.mp3")}


@pytest.fixture
def partytime(station: Station, run: Run) -> dict[str, Any]:
    if not (NODE_MODULES / "podcast-partytime").is_dir():
        pytest.skip("podcast-partytime is not installed here; .ci/tools installs it from npm")
    done = run("node", "-e", PARTYTIME, str(NODE_MODULES), f"{station[0]}feed.xml")
    assert done.returncode == 0, done.stderr
    parsed: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return parsed


def test_podcast_index_reads_the_channel(partytime: dict[str, Any], station: Station) -> None:
    address = station[0]

    assert partytime["title"] == "Valley Radio News"
    assert partytime["pubsub"] == {"self": f"{address}feed.xml", "hub": "https://hub.example/"}
    assert partytime["itunesCategory"] == ["News > Daily News"]
    assert (partytime["explicit"], partytime["itunesType"], partytime["medium"]) == (
        False,
        "episodic",
        "podcast",
    )
    assert (partytime["locked"], partytime["podcastOwner"]) == (True, "news@valley.example")
    assert partytime["itunesImage"].startswith(f"{address}artwork-")
    assert len(partytime["guid"]) == 36


def test_podcast_index_reads_every_episode(partytime: dict[str, Any], station: Station) -> None:
    files = published_episodes(station[1])

    assert len(partytime["items"]) == len(files) == 2
    for item in partytime["items"]:
        name = item["enclosure"]["url"].removeprefix(station[0])
        stem = item["enclosure"]["url"].removesuffix(".mp3")
        digest = base64.b64encode(hashlib.sha256(files[name]).digest()).decode()
        (same,) = item["alternativeEnclosures"]
        assert item["enclosure"] == {
            "url": f"{stem}.mp3",
            "length": len(files[name]),
            "type": "audio/mpeg",
        }
        assert same["integrity"] == {"type": "sri", "value": f"sha256-{digest}"}
        assert {transcript["url"] for transcript in item["podcastTranscripts"]} == {
            f"{stem}.vtt",
            f"{stem}.srt",
            f"{stem}.json",
        }
        assert item["podcastChapters"] == {
            "url": f"{stem}.chapters.json",
            "type": "application/json+chapters",
        }
        assert item["duration"] == 30


def test_podcastparser_reads_the_same(station: Station) -> None:
    address = f"{station[0]}feed.xml"
    feed = httpx2.get(address, trust_env=False)

    with Path(station[1] / "feed.xml").open("rb") as stream:
        read = podcastparser.parse(address, stream)

    files = published_episodes(station[1])
    assert feed.status_code == 200
    assert (read["title"], read["type"], read["language"]) == ("Valley Radio News", "episodic", "en-GB")
    assert read["itunes_categories"] == [["News", "Daily News"]]
    sizes = {}
    for episode in read["episodes"]:
        (sound,) = episode["enclosures"]
        sizes[sound["url"].removeprefix(station[0])] = sound["file_size"]
        assert (sound["mime_type"], episode["total_time"], episode["explicit"]) == ("audio/mpeg", 30, False)
    assert sizes == {name: len(data) for name, data in files.items()}
