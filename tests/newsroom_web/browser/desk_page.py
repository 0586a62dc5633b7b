"""Addresses and fields of On air, Next bulletin and Reading view of the station "hill" in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.story_cards import sentence_name, short_name
from tests.support.delivery_servers.base import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PAGES = {"on-air": "/hill/", "next": "/hill/next", "read": "/hill/read", "stories": "/hill/next/stories"}


def field(page: Page, desk: Desk, story: str, number: int) -> Locator:
    """Text field of a sentence; its story is opened."""
    found = coming_bulletin(desk).find(story)
    card = page.locator(f"#s-{short_name(story)}")
    if not card.locator(".inside").get_attribute("open"):
        card.locator(".inside > summary").click()
    name = sentence_name(found.id, found.sentences[number].original)
    return page.locator(f"#t-{name}")


def wait_for_words(desk: Desk, story: str, words: str) -> None:
    """Wait until a story has these words in the archive."""
    wait_until(lambda: words in [each.text for each in coming_bulletin(desk).find(story).sentences])


def wait_until(is_so: Callable[[], bool]) -> None:
    wait_for(is_so)


def state_of(text_field: Locator) -> Locator:
    return text_field.locator("xpath=..").locator("[data-saving]")
