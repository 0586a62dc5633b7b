"""What recognisers heard otherwise before a bulletin aired, in its log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bulletin.newsroom.desk import Desk
from tests.newsroom.views.aired.log_archive import record
from tests.support.chromium import PICTURES
from tests.support.newsroom_server import ServedNewsroom
from tests.support.playwright_browser import DESKTOP, PHONE, Visitor, find_violations, keep_picture

pytestmark = pytest.mark.browser

TEXT = "School opens its doors, the council said on day 0."
NOTE = (
    f'figure "0" was heard as "10" by both recognisers at 0:21: "{TEXT}" (spoken again, and still heard so)'
)


@pytest.mark.parametrize("look", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_doubtful_sentence_is_marked_in_the_log_and_beside_its_words(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk], look: dict[str, Any]
) -> None:
    record(hill[1].archive, station="hill", notes=(NOTE,))
    vera = visit("vera", **look, bypass_csp=True)
    vera.page.goto("/hill/log")
    vera.page.get_by_text("1 sentence heard otherwise").wait_for()
    vera.page.get_by_role("link", name="news").first.click()

    sentence = vera.page.locator(".sentences li", has_text=TEXT).first
    assert f"Before air: {NOTE}" in sentence.inner_text()
    assert vera.page.locator(".sentences .warning").count() == 1
    keep_picture(vera.page, PICTURES, f"heard-otherwise-{'phone' if look is PHONE else 'desktop'}")
    assert not vera.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert find_violations(vera.page) == []
