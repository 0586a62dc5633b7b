"""Flash Briefing: its content, and when none is written."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.check_flash_briefing import judge_briefing
from bulletin.model import Bulletin
from bulletin.publishing.files.write_newest_bulletin import why_no_flash, write_flash
from bulletin.publishing.json_sidecar_file import SideFile
from tests.support.factories import NOW, make_bulletin, make_script

ADDRESS = "https://news.example/demo/"
GUID = "demo-speaker-20261124T0700Z-abc"


def write(bulletin: Bulletin, *, site: str = "") -> bytes:
    sound = bulletin.renditions[0]
    side_file = SideFile(
        title=bulletin.script.title, guid=GUID, audio="speaker.mp3", media_type=sound.media_type
    )
    return write_flash(side_file, station="Wexcombe Radio", made=NOW, address=ADDRESS, site=site)


def flash(bulletin: Bulletin, **changes: str) -> dict[str, Any]:
    item: dict[str, Any] = json.loads(write(bulletin, **changes))
    return item


def test_it_is_one_item_with_all_fields_that_amazon_requires() -> None:
    item = flash(make_bulletin(Path("speaker.mp3")))

    assert item == {
        "uid": "urn:bulletin:demo-speaker-20261124T0700Z-abc",
        "updateDate": "2026-11-24T07:00:00.0Z",
        "titleText": "7am news, Tuesday 24 November 2026",
        "mainText": "",
        "streamUrl": "https://news.example/demo/speaker.mp3",
        "redirectionUrl": "https://news.example/demo/",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\dZ", item["updateDate"])


def test_the_doctor_reports_no_problem() -> None:
    answer = HttpResponse(
        url=f"{ADDRESS}flash.json", status=200, headers={}, body=write(make_bulletin(Path("speaker.mp3")))
    )

    assert list(judge_briefing(answer, SideFile(guid=GUID), sounds=(f"{ADDRESS}speaker.mp3",), now=NOW)) == []


def test_the_briefing_links_to_the_stations_site() -> None:
    assert flash(make_bulletin(Path("a.mp3")), site="https://radio.example/")["redirectionUrl"] == (
        "https://radio.example/"
    )
    assert flash(make_bulletin(Path("a.mp3")), site="http://radio.example/")["redirectionUrl"] == ADDRESS


def test_a_hostile_title_is_a_plain_line() -> None:
    script = make_script(title="<script>alert(1)</script>\x00\n\u202e" + "x" * 1000)

    title = flash(make_bulletin(Path("a.mp3"), script))["titleText"]

    assert title.startswith("‹script>alert(1)‹/script> x")
    assert len(title) <= 255


def test_without_a_title_it_has_the_name_of_the_station() -> None:
    assert flash(make_bulletin(Path("a.mp3"), make_script(title="\x00 ")))["titleText"] == "Wexcombe Radio"


@pytest.mark.parametrize(
    ("changes", "address", "reason"),
    [
        ({}, ADDRESS, ""),
        ({"duration_s": 600.0}, ADDRESS, ""),
        ({"duration_s": 9.0}, ADDRESS, "9 seconds"),
        ({"duration_s": 601.0}, ADDRESS, "601 seconds"),
        ({"media_type": "audio/wav"}, ADDRESS, "MP3"),
        ({}, "http://localhost/demo/", "https"),
    ],
)
def test_no_briefing_for_audio_that_alexa_refuses(changes: dict[str, Any], address: str, reason: str) -> None:
    sound = replace(make_bulletin(Path("a.mp3")).renditions[0], **changes)

    side_file = SideFile(media_type=sound.media_type, duration_s=sound.duration_s)
    why = why_no_flash(side_file, address=address)

    assert reason in why
    assert bool(reason) == bool(why)
