"""The listener page in a real Chromium: desktop, phone, dark, keyboard, without scripts, embedded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from tests.publishing.pages.browser_visits import (
    PICTURES,
    TITLES,
    draw_pictures,
    need_browser,
    publish,
    visit,
)
from tests.publishing.pages.page_station import Desk, make_site
from tests.support.folder_server import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visit_report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Report of one visit; the browser starts once for all tests."""
    need_browser("playwright-core", "axe-core")
    work = tmp_path_factory.mktemp("pages")
    pictures = Path(PICTURES) if PICTURES else work
    with Archive.open(work / "archive.db") as archive, served(work) as address:
        desk = Desk(work / "demo", archive)
        desk.site = make_site(pictures=draw_pictures())
        publish(desk, 1, 2)
        return visit("browser.mjs", f"{address}demo/", str(pictures))


def test_axe_finds_nothing_on_any_page_in_any_view(visit_report: dict[str, Any]) -> None:
    assert len(visit_report["looks"]) == 20
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


def test_a_wide_screen_lists_the_stories_beside_the_words(visit_report: dict[str, Any]) -> None:
    beside = visit_report["beside"]

    assert beside
    assert set(beside) <= {f"#p{number}" for number in range(1, 99)}


def test_the_page_scrolls_with_the_words(visit_report: dict[str, Any]) -> None:
    followed = visit_report["followed"]

    assert 50 < followed["at"] < 60
    assert followed["inView"]
    assert visit_report["barIsShown"]
    assert visit_report["paused"]["paused"]


def test_on_a_phone_the_first_view_has_news_and_the_live_stream(visit_report: dict[str, Any]) -> None:
    touch = visit_report["touch"]

    assert touch["headline"]
    assert touch["live"]["height"] >= 44
    assert touch["moved"] == 0, "the title that plays has its place from the start"
    assert touch["scrolled"] == 0, "the headline of what plays is in view"
    assert TITLES[1] in touch["heard"]["chapter"]


def test_on_a_phone_the_bar_shows_when_the_play_button_leaves_the_view(visit_report: dict[str, Any]) -> None:
    touch = visit_report["touch"]

    assert not touch["barAtTop"]
    assert 56 <= touch["bar"]["height"] <= 64


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
    assert any("/thumb-" in name for name in weights)
    assert not any(name.endswith(".mp3") for name in weights)
    assert sum(weights.values()) < 100_000


def test_the_player_plays_in_a_frame(visit_report: dict[str, Any]) -> None:
    assert visit_report["embedded"] > 0.6


def test_a_printer_gets_the_words_and_their_sources_alone(visit_report: dict[str, Any]) -> None:
    seen = dict(visit_report["printed"])

    assert seen.pop("ground") == "rgba(0, 0, 0, 0)"
    assert [what for what, is_seen in seen.items() if is_seen] == ["h1", ".said", ".from"]
