"""Log and Station in a real browser: accessible in every look, by keyboard, on a phone, and without JavaScript."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.newsroom_web.views_room import views_room
from tests.support.chromium import run_in_chromium
from tests.support.newsroom_server import PASSWORD

pytestmark = pytest.mark.browser

RATE = 16_000
PAGES, LOOKS = 12, 5


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("views")
    script = Path(__file__).with_name("views.mjs")
    with views_room(folder) as room:
        public = room.output / "demo"
        public.mkdir(exist_ok=True)
        sound = (np.sin(np.arange(RATE * 230) / 9) * np.linspace(0.1, 0.6, RATE * 230)).astype(np.float32)
        soundfile.write(public / "demo-1.mp3", sound, RATE, format="MP3")
        seen = run_in_chromium(script, room.address, PASSWORD, pictures=folder)
        seen["profile"] = tomllib.loads(room.stations[0].path.read_text("utf-8"))
    return seen


def test_axe_finds_nothing_in_any_look_and_nothing_is_wider_than_the_screen(report: dict[str, Any]) -> None:
    assert {name: found for name, found in report["axe"].items() if found} == {}
    assert len(report["axe"]) == PAGES * LOOKS
    assert report["overflows"] == []


def test_no_foreign_text_runs_and_no_script_fails(report: dict[str, Any]) -> None:
    assert report["dialogs"] == []
    assert report["problems"] == []


def test_the_log_answers_while_it_is_searched(report: dict[str, Any]) -> None:
    assert report["searched"]


def test_a_mark_of_the_waveform_jumps_to_its_story(report: dict[str, Any]) -> None:
    assert report["seeked"] > 100
    assert report["line"] != "M0 0V112"


def test_a_mix_point_is_set_by_keyboard_alone_and_the_place_is_kept(report: dict[str, Any]) -> None:
    assert f"speech starts at {report['mixField']} seconds" == report["mixWords"]
    assert report["profile"]["imaging"]["ident_mix_s"] == float(report["mixField"])
    assert "(set here)" in report["mixSaved"]
    assert report["placeKept"] == "#ident"


def test_a_refused_text_stays_and_its_line_is_selected(report: dict[str, Any]) -> None:
    assert report["selected"] == "gap_s = 9"
    assert "audio" not in report["profile"]


def test_search_profile_and_clock_work_without_javascript(report: dict[str, Any]) -> None:
    assert len(report["plainFound"]) == 1
    assert "The profile is saved" in report["plainSaved"]
    assert "The clock is saved" in report["plainClock"]
    assert report["profile"]["slogan"] == "News of the valley"
    assert report["profile"]["clock"]["slots"][1]["at"] == "23:30"
