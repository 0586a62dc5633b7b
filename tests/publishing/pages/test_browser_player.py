"""The player in a real Chromium: words that follow, keys, links to a moment, position, speed, a new bulletin."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.config.tables.output_options import PageOptions
from tests.publishing.pages.browser_visits import need_browser, publish, visit
from tests.publishing.pages.page_station import Desk, make_site
from tests.support.folder_server import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Report of one visit; the browser starts once for all tests."""
    need_browser("playwright-core", "axe-core")
    work = tmp_path_factory.mktemp("player")
    with Archive.open(work / "archive.db") as archive, served(work) as address:
        desk = Desk(work / "demo", archive)
        status = PageOptions(
            stream="https://radio.example/live", now_playing="https://radio.example/status-json.xsl"
        )
        desk.site = make_site(page=status)
        publish(desk, 1, 2)
        shutil.copytree(desk.folder, work / "before")
        publish(desk, 3)
        desk.folder.rename(work / "next")
        (work / "before").rename(desk.folder)
        return visit("browser_player.mjs", f"{address}demo/", str(desk.folder), str(work / "next"))


def test_no_script_fails(report: dict[str, Any]) -> None:
    assert report["problems"] == []


def test_the_page_scrolls_with_the_words_only_while_they_play(report: dict[str, Any]) -> None:
    follow = report["follow"]

    assert follow["playing"] > 300
    assert follow["seekWhilePaused"] == 0
    assert follow["seekWhilePlaying"] == 0
    assert follow["focusElsewhere"] == 0


def test_a_scroll_by_hand_ends_following_until_the_listener_asks_for_it(report: dict[str, Any]) -> None:
    follow = report["follow"]

    assert (follow["scrolledByHand"], follow["pressed"]) == (0, "false")
    assert follow["pressedAgain"] == "true"


def test_no_way_back_is_offered_to_words_in_view(report: dict[str, Any]) -> None:
    assert report["follow"]["backInView"] is False


def test_the_way_back_is_offered_while_the_seek_line_has_the_focus(report: dict[str, Any]) -> None:
    assert report["follow"]["backFromSeekLine"] == [True, "true"]


def test_a_finger_on_the_seek_line_does_not_end_following(report: dict[str, Any]) -> None:
    assert (report["follow"]["dragged"], report["follow"]["swiped"]) == ("true", "false")


def test_after_a_seek_the_next_words_are_followed(report: dict[str, Any]) -> None:
    assert report["seek"]["sought"] == 0
    assert report["seek"]["followed"] > 100


def test_a_sound_that_fails_is_named_and_tried_again(report: dict[str, Any]) -> None:
    failing = report["failing"]

    assert failing["said"] == "The sound cannot be loaded now. Press play to try again."
    assert failing["button"] == "Play"
    assert failing["again"] == [False, True]


def test_a_place_set_before_the_sound_is_loaded_is_not_lost(report: dict[str, Any]) -> None:
    found = report["forgetful"]

    assert (found["shown"], found["skipped"]) == ("0:25", "0:35")
    assert 35 < found["link"] < 39
    assert found["resume"].startswith("0:3")
    assert 20 < found["story"] < 24


def test_the_page_of_the_newest_bulletin_is_none_of_the_archive(report: dict[str, Any]) -> None:
    assert report["archive"] == {"0800": ["From the archive", True], "0900": ["Latest bulletin", False]}


def test_the_bar_at_the_foot_has_the_seek_line(report: dict[str, Any]) -> None:
    assert (
        14 < report["follow"]["barSeek"] < 18
    )  # 15 s by the key, and the sound plays on at four times its speed


def test_keys_play_skip_and_change_the_speed(report: dict[str, Any]) -> None:
    keys = report["keys"]

    assert (keys["forward"], keys["back"], keys["nextStory"]) == (30, 20, 30)
    assert keys["faster"] == 1.25
    assert keys["help"]


def test_keys_do_nothing_in_a_field_or_when_they_are_switched_off(report: dict[str, Any]) -> None:
    assert (report["keys"]["switchedOff"], report["keys"]["inField"]) == (30, 30)


def test_a_copied_link_leads_to_the_moment(report: dict[str, Any]) -> None:
    assert report["keys"]["told"] == "Link copied (1:23)"
    assert report["keys"]["link"].endswith("/demo-20261124-0900-made.html#t=83")
    assert (report["place"]["ofLink"]["at"], report["place"]["ofLink"]["paused"]) == (83, True)


def test_the_position_is_kept_for_the_next_visit(report: dict[str, Any]) -> None:
    place = report["place"]

    assert 50 <= place["again"]["at"] < 53
    assert place["again"]["paused"]
    assert place["visible"]
    assert place["words"].startswith("Continues at 0:5")
    assert (place["start"]["at"], place["forgotten"]) == (0, 0)


def test_the_speed_is_kept_for_the_next_visit(report: dict[str, Any]) -> None:
    assert report["place"]["speed"] == 1.5


def test_the_page_knows_its_age_and_the_next_bulletin(report: dict[str, Any]) -> None:
    assert (report["renew"]["age"], report["renew"]["next"]) == ("Published 12 minutes ago", "next at 10am")


def test_an_unchanged_poll_costs_a_304(report: dict[str, Any]) -> None:
    assert report["renew"]["unchanged"] == [304]


def test_a_new_bulletin_replaces_an_idle_page(report: dict[str, Any]) -> None:
    assert report["renew"]["idle"] == "9am news"


def test_a_new_bulletin_neither_interrupts_the_sound_nor_moves_the_text(report: dict[str, Any]) -> None:
    playing, reading = report["renew"]["playing"], report["renew"]["reading"]

    assert (playing["title"], playing["paused"]) == ("8am news", False)
    assert (reading["title"], reading["top"]) == ("8am news", 900)
    assert playing["offer"] == reading["offer"] == "9am news is here: show it"


def test_the_title_of_the_live_stream_is_that_of_its_mount(report: dict[str, Any]) -> None:
    on_air = report["onAir"]

    assert (on_air["mount"], on_air["single"]) == ("<b>Song</b> & more", "Nell – Gold")
    assert (on_air["untitled"], on_air["silent"]) == (None, None)
    assert on_air["asked"] == ["https://radio.example/status-json.xsl"]
