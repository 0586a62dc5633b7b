"""The listener page in a real Chromium: desktop, phone, dark, keyboard, without scripts, embedded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bulletin.archive.archive import Archive
from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.model import Bulletin
from tests.publishing.pages.page_station import Desk, make_site
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
)
from tests.support.folder_server import served
from tests.support.hostile_texts import HOSTILE

pytestmark = pytest.mark.browser

MODULES = Path(__file__).parents[3] / ".venv-clients"
PICTURES = os.environ.get("BULLETIN_PICTURES", "")
"""Folder for the screenshots, set by developers who want to look at them."""
RATE = 44_100
TITLES = ("Bridge closes for repairs", "School opens its doors", "Solar farm is refused", *HOSTILE)


def write_mp3(path: Path, *, length_s: int) -> None:
    """Tone that swells and fades every second."""
    time_s = np.arange(length_s * RATE, dtype=np.float32) / RATE
    sound = (0.3 * np.sin(2764.6 * time_s) * (0.55 + 0.45 * np.sin(6.2832 * time_s))).astype(np.float32)
    with path.open("w+b") as file:
        writer = Mp3Encoder(file, rate_hz=RATE, channels=1, kbps=64)
        writer.write(sound[:, None])
        writer.close()


def make_long(path: Path, number: int) -> Bulletin:
    """Bulletin of ten seconds a passage, each story in two sentences, so that the page must scroll."""
    story_scripts = []
    for at, title in enumerate(TITLES):
        words = (
            f"{title[:200]}. The council said more about it on Monday, and residents were told of it. " * 3
        )
        story = make_story(make_article(id=f"gazette:{at}", title=title, summary=words))
        story_scripts.append(make_story_script(story))
    return make_bulletin(
        path, make_script(*story_scripts, title=f"{6 + number}am news", at=NOW + number * timedelta(hours=1))
    )


def publish(desk: Desk) -> None:
    desk.folder.mkdir()
    for number in (1, 2):
        desk.now = NOW + number * timedelta(hours=1)
        path = desk.folder / f"demo-20261124-0{7 + number}00-made.mp3"
        bulletin = make_long(path, number)
        write_mp3(path, length_s=round(bulletin.renditions[0].duration_s) + number)
        desk.hand_over(bulletin)
    frame = '<!doctype html><link rel="icon" href="data:,"><iframe src="player.html" width="640" height="240"></iframe>'
    (desk.folder / "embedding.html").write_text(frame, encoding="utf-8")


@pytest.fixture(scope="module")
def visit_report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Report of one visit; the browser starts once for all tests."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    node = shutil.which("node")
    if not chromium or not node or not (MODULES / "node_modules" / "axe-core").is_dir():
        pytest.skip("needs Chromium, node, playwright-core and axe-core: run .ci/tools")
    work = tmp_path_factory.mktemp("pages")
    pictures = Path(PICTURES) if PICTURES else work
    with Archive.open(work / "archive.db") as archive, served(work) as address:
        desk = Desk(work / "demo", archive)
        desk.site = make_site()
        publish(desk)
        script = str(Path(__file__).with_name("browser.mjs"))
        done = subprocess.run(
            [node, script, f"{address}demo/", str(pictures), str(MODULES), chromium],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_axe_finds_nothing_on_any_page_in_any_view(visit_report: dict[str, Any]) -> None:
    assert len(visit_report["looks"]) == 15
    assert {
        name: look["violations"] for name, look in visit_report["looks"].items() if look["violations"]
    } == {}
    assert all(look["passes"] >= 10 for look in visit_report["looks"].values())


def test_nothing_is_wider_than_its_window(visit_report: dict[str, Any]) -> None:
    assert [name for name, look in visit_report["looks"].items() if look["overflows"]] == []


def test_no_script_fails_and_no_other_site_is_asked(visit_report: dict[str, Any]) -> None:
    """Among the titles are scripts: one that ran would open a dialog, or be refused by the policy with an error."""
    assert visit_report["problems"] == []
    assert visit_report["strangers"] == []


def test_the_play_button_plays_and_shows_pause(visit_report: dict[str, Any]) -> None:
    before, playing = visit_report["before"], visit_report["playing"]

    assert (before["at"], before["paused"], before["button"]) == (0, True, "Play")
    assert (before["litWords"], before["chapter"]) == ("", "")
    assert playing["at"] > 0.6
    assert (playing["error"], playing["button"]) == (None, "Pause")
    assert playing["wave"] > 0
    assert playing["value"].endswith(" of 3:40")


def test_a_click_on_a_chapter_plays_it_and_highlights_its_words(visit_report: dict[str, Any]) -> None:
    jumped = visit_report["jumped"]

    assert 20.6 < jumped["at"] < 30
    assert jumped["chapter"] == TITLES[1]
    assert jumped["litWords"].startswith(TITLES[1])


def test_the_page_scrolls_with_the_words(visit_report: dict[str, Any]) -> None:
    followed = visit_report["followed"]

    assert 50 < followed["at"] < 60
    assert followed["inView"]
    assert visit_report["barIsShown"]
    assert visit_report["paused"]["paused"]


def test_the_lock_screen_knows_what_plays(visit_report: dict[str, Any]) -> None:
    media = visit_report["jumped"]["media"]

    assert (media["title"], media["artist"], media["state"]) == (TITLES[1], "Wexcombe Radio", "playing")
    assert media["artwork"][0].endswith(".jpg")


def test_everything_can_be_done_with_the_keyboard(visit_report: dict[str, Any]) -> None:
    keys = visit_report["keys"]

    assert keys["skip"]
    assert keys["play"]
    assert keys["seek"]
    assert keys["jump"]
    assert keys["outline"] == "solid"
    assert keys["moved"] == pytest.approx(10, abs=0.5)  # two arrows of five seconds
    assert 10 < keys["heard"]["at"] < 20


def test_without_scripts_there_is_a_player_and_every_word(visit_report: dict[str, Any]) -> None:
    bare = visit_report["noscript"]

    assert bare["controls"]
    assert not bare["button"]
    assert all(title in bare["words"] for title in TITLES[:3])
    assert bare["jump"] == "demo-20261124-0900-made.mp3#t=20.0"


def test_the_first_load_is_below_100_kb(visit_report: dict[str, Any]) -> None:
    weights = visit_report["weights"]

    assert any(name.endswith(".css") for name in weights)
    assert any(name.endswith(".js") for name in weights)
    assert not any(name.endswith(".mp3") for name in weights)
    assert sum(weights.values()) < 100_000


def test_the_player_plays_in_a_frame(visit_report: dict[str, Any]) -> None:
    assert visit_report["embedded"] > 0.6
