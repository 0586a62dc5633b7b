"""Disclosure of the synthetic voice in sound, captions and feed, in the profile's words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from bulletin.config.load_profile import load_profile
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.station.build_station_object import open_station
from tests.publishing.podcast.feed_rules import PODCAST
from tests.service.slots.test_publish_best_standby import ITEM, TEXT

NOW = datetime(2026, 11, 25, 7, 1, tzinfo=UTC)
OURS = "This bulletin was read by a synthetic voice."
PROFILE = """\
name = "Valley Radio"
length = "0:40"
[[feeds]]
url = "gazette.rss"
[script]
{option}
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm", "speaker"]
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("option", "disclosure"),
    [
        ("", OURS),
        pytest.param(
            'disclosure = "A computer reads the news here."',
            "A computer reads the news here.",
            marks=pytest.mark.slow,
        ),
        pytest.param('disclosure = ""', "", marks=pytest.mark.slow),
    ],
)
def test_every_rendition_has_the_disclosure_of_the_profile(
    tmp_path: Path, option: str, disclosure: str
) -> None:
    item = ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT)
    (tmp_path / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{item}</channel></rss>', encoding="utf-8"
    )
    (tmp_path / "valley.toml").write_text(PROFILE.format(option=option), encoding="utf-8")

    with open_station(load_profile(str(tmp_path / "valley.toml")), output=tmp_path / "output") as station:
        bulletin = make_bulletin(station, now=NOW).bulletin

    folder = tmp_path / "output" / "valley"
    words = next(folder.glob("valley-*.vtt")).read_text(encoding="utf-8")
    for rendition in bulletin.renditions:
        assert rendition.aired[-1].text.endswith(disclosure)
        assert ("synthetic" in rendition.aired[-1].text) is (disclosure == OURS)
    assert disclosure in words
    feed = etree.parse(folder / "feed.xml")
    marks = [
        mark.getparent().tag for mark in feed.iter(f"{PODCAST}txt") if mark.get("purpose") == "ai-content"
    ]
    assert marks == ["channel", "item"]
    assert {mark.text for mark in feed.iter(f"{PODCAST}txt")} == {"true"}
