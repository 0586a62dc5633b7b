"""Corrections, blocks, backups and feeds in a real Chromium: accessible in every look, with and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Slot
from bulletin.service.slots.slot_progress import SlotProgress, progress_file
from tests.articles.site import Site
from tests.newsroom_web.site_room import do_back_up, site_room
from tests.support.chromium import PICTURES
from tests.support.factories import NOW
from tests.support.newsroom_server import ServedNewsroom
from tests.support.playwright_browser import DESKTOP, PHONE, Visitor, chromium, find_violations, keep_picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LOOKS = {
    "phone": PHONE,
    "phone-dark": PHONE | {"color_scheme": "dark"},
    "desktop": DESKTOP,
    "desktop-dark": DESKTOP | {"color_scheme": "dark"},
    "forced": DESKTOP | {"forced_colors": "active"},
}
FORM = "/demo/log/correct?story=gazette:1-0&bulletin=1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedNewsroom, str]]:
    with Site() as site, site_room(tmp_path_factory.mktemp("site"), site) as served:
        served.browser("root").post("/demo/station/backups/make")
        do_back_up(served)
        begin_slot(served)
        yield served, site.url("").rstrip("/")


def begin_slot(served: ServedNewsroom) -> None:
    """A slot whose bulletin is being made."""
    due = NOW + timedelta(minutes=5)
    ledger = SlotLedger(served.archive)
    ledger.plan([Slot(station="demo", due=due, length_s=60.0)])
    assert ledger.claim("demo", due, owner="service", now=NOW, lease=timedelta(minutes=2))
    stages = SlotProgress(path=progress_file(served.output, "demo"), due=due)
    stages.path.parent.mkdir(parents=True, exist_ok=True)
    stages.begin("write")
    stages.end("write", 1.2, "6 stories")
    stages.begin("speak")


def test_every_page_is_accessible_in_every_look(browser: Browser, room: tuple[ServedNewsroom, str]) -> None:
    found = {}
    for look, options in LOOKS.items():
        visitor = Visitor(browser, room[0].address, "root", bypass_csp=True, **options)
        for name in ("form", "refused", "confirm", "block", "backups", "feeds", "on air"):
            page = visitor.open_page()  # a page with unsaved words asks before it is left
            open_page(page, name, site=room[1])
            found[f"{name} {look}"] = find_violations(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[f"{name} {look}"].append("wider than the screen")
            keep_picture(page, PICTURES, f"{name}-{look}")
            page.close()
        visitor.close()
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert len(found) == 7 * len(LOOKS)


def open_page(page: Page, name: str, *, site: str) -> None:
    """Go to a page as a person does."""
    if name == "backups":
        page.goto("/demo/station/backups")
        page.get_by_role("link", name=".tar.gz").wait_for()
    elif name == "feeds":
        page.goto("/demo/station/feeds")
        page.locator("[name=url]").first.fill(f"{site}/moved")
        page.locator("form[action$='feeds/find'] button").click()
        page.get_by_role("heading", name="Gazette sport").wait_for()
    elif name == "on air":
        page.goto("/demo/")
        page.get_by_text("The bulletin is being made: speaking").wait_for()
    elif name == "block":
        page.goto("/demo/station/blocked")
        page.get_by_label("Word or words").fill("ferry sails")
        page.get_by_role("button", name="Block …").click()
        page.get_by_text("One bulletin is withdrawn").wait_for()
    else:
        page.goto(FORM)
        if name == "confirm":
            page.get_by_label("Sentence 1").fill("The right words.")
        if name != "form":
            page.get_by_role("button", name="Say what will happen").click()
            page.get_by_text("no word of" if name == "refused" else "This is what will").wait_for()


@pytest.mark.parametrize("has_script", [True, False])
def test_words_typed_for_a_correction_are_kept_until_it_is_confirmed(
    browser: Browser, room: tuple[ServedNewsroom, str], has_script: bool
) -> None:
    visitor = Visitor(browser, room[0].address, "eddie", java_script_enabled=has_script, **PHONE)
    page = visitor.page
    page.goto("/demo/log/1")
    page.get_by_role("link", name="Correct … Bridge closes").click()
    old = page.get_by_label("Sentence 1").input_value()
    page.get_by_label("Sentence 1").fill("The right words.")
    page.get_by_role("button", name="Say what will happen").click()
    page.get_by_text(f'"{old}" becomes "The right words."').wait_for()
    assert "One bulletin is remade with your words" in page.locator(".confirm").inner_text()
    page.get_by_role("button", name="Change the words").click()
    assert page.get_by_label("Sentence 1").input_value() == "The right words."
    page.get_by_role("link", name="Withdraw the story instead").wait_for()
    visitor.close()
    assert visitor.problems == []
    assert room[0].archive.bulletins("demo")[0].withdrawn_at is None


@pytest.mark.parametrize("has_script", [True, False])
def test_a_backup_is_downloaded(
    browser: Browser, room: tuple[ServedNewsroom, str], tmp_path: Path, has_script: bool
) -> None:
    visitor = Visitor(browser, room[0].address, "root", java_script_enabled=has_script, **DESKTOP)
    visitor.page.goto("/demo/station/backups")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name=".tar.gz").click()
    download.value.save_as(tmp_path / "down.tar.gz")
    (kept,) = (room[0].output / ".bulletin" / "backups" / "demo").glob("*.tar.gz")
    assert (tmp_path / "down.tar.gz").read_bytes() == kept.read_bytes()
    visitor.close()


def test_a_feed_of_a_site_is_added(browser: Browser, room: tuple[ServedNewsroom, str]) -> None:
    visitor = Visitor(browser, room[0].address, "ada", **PHONE)
    open_page(visitor.page, "feeds", site=room[1])
    visitor.page.get_by_role("button", name="Add Gazette sport").click()
    visitor.page.get_by_text("The feed is added").first.wait_for()
    assert f"{room[1]}/feeds/sport.atom" in room[0].stations[0].path.read_text("utf-8")
    visitor.close()
    assert visitor.problems == []
