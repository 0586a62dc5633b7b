"""The installed page in a real Chromium without a network."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.archive.archive import Archive
from tests.publishing.pages.browser_visits import draw_pictures, need_browser, publish, visit
from tests.publishing.pages.page_station import Desk, make_site
from tests.support.folder_server import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Report of one visit; the browser starts once for all tests."""
    need_browser("playwright-core", "axe-core")
    work = tmp_path_factory.mktemp("offline")
    with Archive.open(work / "archive.db") as archive, served(work) as address:
        desk = Desk(work / "demo", archive)
        desk.site = make_site(pictures=draw_pictures())
        publish(desk, 1, 2)
        return visit("browser_offline.mjs", f"{address}demo/", str(desk.folder))


def test_the_browser_offers_to_install_the_page(report: dict[str, Any]) -> None:
    assert report["manifest"] == []
    assert [error["errorId"] for error in report["installability"]] in ([], ["in-incognito"])


def test_the_last_bulletin_can_be_read_and_heard_without_a_network(report: dict[str, Any]) -> None:
    assert report["title"] == "8am news"
    assert report["style"] == "rgb(11, 110, 79)"
    assert 65 < report["at"] < 80


def test_without_a_network_another_page_leads_to_the_last_bulletin(report: dict[str, Any]) -> None:
    assert report["archive"] == {
        "path": "index.html#",
        "title": "8am news",
        "style": "rgb(11, 110, 79)",
    }
    assert report["player"] == "failed"  # a front page in the frame of another site would be no player


def test_a_full_storage_does_not_keep_an_old_page(report: dict[str, Any]) -> None:
    assert report["full"] == "9am news"


def test_the_data_saver_keeps_no_sound(report: dict[str, Any]) -> None:
    assert "index.html" in report["saved"]
    assert not [name for name in report["saved"] if name.endswith(".mp3")]


def test_only_the_newest_sound_is_kept(report: dict[str, Any]) -> None:
    sounds = [name for name in report["kept"] if name.endswith(".mp3")]

    assert sounds == ["demo-20261124-0900-made.mp3"]
