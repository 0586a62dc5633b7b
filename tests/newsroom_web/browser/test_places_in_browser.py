"""The place in a page after a save, a check or a way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.playwright_browser import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


def test_the_way_back_from_a_bulletin_leads_to_the_search_as_it_stood(visit: Visit) -> None:
    vera = visit("vera")
    vera.page.goto("/hill/log")
    vera.page.get_by_label("Words that aired").fill("ferry")
    vera.page.wait_for_url("**/hill/log?words=ferry*")
    vera.page.goto("/hill/names")
    vera.page.go_back()
    assert vera.page.get_by_label("Words that aired").input_value() == "ferry"


def test_a_text_that_was_only_checked_keeps_its_place_and_is_not_left_without_a_warning(visit: Visit) -> None:
    ada = visit("ada")
    ada.page.goto("/hill/station/profile/text")
    text = ada.page.locator("textarea.text-editor")
    text.fill(text.input_value() + "# a line\n" * 200)
    text.evaluate("area => { area.setSelectionRange(700, 700); area.scrollTop = 900; }")
    ada.page.get_by_role("button", name="Only check").click()
    ada.page.get_by_text("It is not saved yet").wait_for()

    assert text.evaluate("area => [area.selectionStart, area.scrollTop]") == [700, 900]
    leaves = "dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert ada.page.evaluate(leaves) is False
    ada.page.get_by_role("button", name="Check and save").click()
    ada.page.get_by_text("The profile is saved").wait_for()
    assert ada.page.evaluate(leaves) is True
    assert text.evaluate("area => area.scrollTop") == 900
