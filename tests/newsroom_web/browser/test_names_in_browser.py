"""Names in a real Chromium: heard with its respelling, saved by keyboard, accessible, and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.editing.names import first_respelling as respelling_module
from bulletin.newsroom.desk import Desk
from tests.support.chromium import PICTURES
from tests.support.newsroom_pages import served_hill
from tests.support.newsroom_server import ServedNewsroom
from tests.support.playwright_browser import DESKTOP, PHONE, Visitor, chromium, find_violations, keep_picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

LOOKS = {
    "phone": PHONE,
    "phone-dark": PHONE | {"color_scheme": "dark"},
    "desktop": DESKTOP,
    "forced": DESKTOP | {"forced_colors": "active"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def hill(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[ServedNewsroom, Desk]]:
    respelling_module.first_respelling.cache_clear()
    monkeypatch.setattr(respelling_module, "read_name", lambda word: ("wˈɛks", False))
    with served_hill(tmp_path_factory.mktemp("hill")) as served:
        yield served


def test_names_have_no_violations_and_fit_a_phone(
    browser: Browser, hill: tuple[ServedNewsroom, Desk]
) -> None:
    for name, look in LOOKS.items():
        visitor = Visitor(browser, hill[0].address, "ann", bypass_csp=True, **look)
        visitor.page.goto("/hill/names")
        assert find_violations(visitor.page) == [], name
        assert not visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
        keep_picture(visitor.page, PICTURES, f"names-{name}")
        visitor.close()


def test_a_name_is_heard_and_saved_by_keyboard(browser: Browser, hill: tuple[ServedNewsroom, Desk]) -> None:
    served, desk = hill
    visitor = Visitor(browser, served.address, "ann", **PHONE)
    page = visitor.page
    page.goto("/hill/names")
    word = page.locator("form.respell").first.get_attribute("data-word")
    page.locator("form.respell input[name=respelling]").first.fill("Zorvik")
    page.keyboard.press("Enter")  # hears, and does not save
    page.locator("#names-player[src^='blob:']").wait_for()
    assert RespelledNames(desk.archive).respellings(desk.station) == {}
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "save"
    page.keyboard.press("Enter")
    page.get_by_text("is said “Zorvik” from the next bulletin on").wait_for()
    assert RespelledNames(desk.archive).respellings(desk.station) == {word: "Zorvik"}
    assert visitor.problems == []
    visitor.close()


def test_without_a_script_the_page_comes_back_with_the_sound(
    browser: Browser, hill: tuple[ServedNewsroom, Desk]
) -> None:
    visitor = Visitor(browser, hill[0].address, "ann", java_script_enabled=False, **PHONE)
    page = visitor.page
    page.goto("/hill/names")
    page.locator("form.respell input[name=respelling]").first.fill("Zorvik")
    page.locator(".hear-respelled").first.click()
    assert "respelling=Zorvik" in (page.locator("#names-player").get_attribute("src") or "")
    assert page.locator("form.respell input[name=respelling]").first.input_value() == "Zorvik"
    visitor.close()
