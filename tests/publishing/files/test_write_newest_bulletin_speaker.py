"""Smart speakers: the Flash Briefing beside the audio file."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.publishing.files.newest_station import HOUR, Desk, desk  # noqa: F401 - fixtures
from tests.support.factories import NOW

SPEAKER = {"kind": "speaker", "flash_at": "https://news.example/demo/"}


def speak(desk: Desk, number: int = 1, *, duration_s: float = 30.0):
    """Publish a bulletin of hour `number` for smart speakers."""
    desk.now = NOW + number * HOUR
    made = desk.bulletin(number, suffix=".mp3")
    sound = replace(made.renditions[1], kind="speaker", media_type="audio/mpeg", duration_s=duration_s)
    return desk.outlet(**SPEAKER).publish(replace(made, renditions=(sound,)))


def test_the_flash_briefing_describes_the_file_beside_it(desk: Desk) -> None:
    episode = speak(desk)

    flash = desk.about("flash.json")
    assert flash["uid"].endswith(episode.guid)
    assert flash["streamUrl"] == "https://news.example/demo/speaker.mp3"
    assert desk.names() == {"speaker.mp3", "speaker.json", "flash.json"}


def test_each_bulletin_has_its_own_item_id(desk: Desk) -> None:
    speak(desk)
    first = (desk.folder / "flash.json").read_bytes()

    speak(desk)
    again = (desk.folder / "flash.json").read_bytes()
    speak(desk, 2)

    assert again == first
    assert (desk.folder / "flash.json").read_bytes() != first


def test_a_bulletin_that_alexa_refuses_leaves_no_item_of_another(desk: Desk) -> None:
    speak(desk)

    speak(desk, 2, duration_s=700.0)

    assert desk.names() == {"speaker.mp3", "speaker.json"}


def test_a_withdrawn_bulletin_takes_its_item_with_it(desk: Desk) -> None:
    episode = speak(desk)

    desk.outlet(**SPEAKER).withdraw(episode.guid)

    assert desk.names() == set()


def test_after_a_new_address_the_item_names_it(desk: Desk) -> None:
    speak(desk)
    moved = desk.outlet(**SPEAKER | {"flash_at": "https://new.example/demo/"})
    before = json.loads((desk.folder / "flash.json").read_bytes())

    assert moved.renew() == 1
    assert moved.renew() == 0

    item = json.loads((desk.folder / "flash.json").read_bytes())
    assert item == before | {
        "streamUrl": "https://new.example/demo/speaker.mp3",
        "redirectionUrl": "https://new.example/demo/",
    }
    assert desk.outlet(**SPEAKER | {"flash_at": "http://new.example/demo/"}).renew() == 0
    assert not (desk.folder / "flash.json").exists()
