"""Editors who do the same work in three ways: by touch on a phone, without JavaScript, by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.story_cards import sentence_name, short_name
from tests.support.delivery_servers.base import wait_for
from tests.support.playwright_browser import DESKTOP, PHONE, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

_MOST_TABS = 700


class _Pages:
    """What the three have in common: where things are."""

    options: dict[str, Any] = {}

    def __init__(self, browser: Browser, address: str, desk: Desk) -> None:
        self.visitor = Visitor(browser, address, "ann", **self.options)
        self.page: Page = self.visitor.page
        self.desk = desk

    def open(self, path: str) -> None:
        self.page.goto(f"/hill/{path}")

    def card(self, story: str) -> Locator:
        return self.page.locator(f"#s-{short_name(story)}")

    def field_id(self, story: str, number: int) -> str:
        found = coming_bulletin(self.desk).find(story)
        return f"t-{sentence_name(found.id, found.sentences[number].original)}"

    def title(self, story: str) -> str:
        return coming_bulletin(self.desk).find(story).title

    def listen_to_recording(self, story: str) -> float:
        """Hear the recording in the form; its length in seconds, as the player has it."""
        player = self.card(story).locator("[data-record-sound]")
        player.wait_for()
        wait_for(lambda: player.evaluate("sound => sound.duration < 3600 && sound.currentTime === 0"))
        player.evaluate("sound => sound.play()")
        wait_for(lambda: player.evaluate("sound => sound.currentTime > 0.5"))
        return float(player.evaluate("sound => sound.pause() || sound.duration"))

    def wait_for_recorded(self, story: str, lasts_s: int) -> None:
        self.card(story).locator("[data-record-time]").get_by_text(f"0:{lasts_s:02}").wait_for(timeout=60_000)

    def last_edit(self) -> int:
        return self.desk.edits.last_id("hill")

    def wait_for_edit(self, before: int) -> None:
        wait_for(lambda: self.last_edit() > before)

    def follow(self, selector: str) -> None:
        self.page.locator(selector).first.tap()

    def read_log(self) -> str:
        self.open("log")
        self.follow("main h3 a")
        self.page.wait_for_url("**/hill/log/*")
        return self.page.inner_text("main")


class Touch(_Pages):
    """A finger on a phone's screen."""

    options = PHONE

    def respell(self, word: str, respelling: str) -> None:
        self.open("names")
        form = self.page.locator(f"form[data-word='{word}']")
        form.get_by_label(f"{word} is said as").fill(respelling)
        form.get_by_role("button", name="Hear respelled").tap()
        wait_for(lambda: self.page.evaluate("document.getElementById('names-player').currentTime") > 0)
        form.get_by_role("button", name="Save").tap()
        self.page.get_by_text(f"{word} is said “{respelling}”").wait_for()

    def reword(self, story: str, number: int, text: str) -> None:
        self.open("next")
        field = self._field(story, number)
        before = self.last_edit()
        field.fill(text)
        field.blur()
        field.locator("xpath=..").locator("[data-saving]").get_by_text("Saved").wait_for()
        assert self.last_edit() > before

    def hear(self, story: str, number: int) -> None:
        field = self._field(story, number)
        field.locator("xpath=..").get_by_role("link", name="Listen").tap()
        wait_for(lambda: self.page.evaluate("document.getElementById('listen-player').currentTime") > 0)

    def attach(self, story: str, sound: Path, *, before: str, words: str) -> None:
        card = self.card(story)
        card.get_by_text("Attach a clip").tap()
        card.get_by_label("Words before it").fill(before)
        card.get_by_label("What is said in it").fill(words)
        card.get_by_label("Sound file").set_input_files(sound)
        card.get_by_role("button", name="Attach", exact=True).tap()
        card.locator(".clip-row").wait_for(timeout=60_000)

    def record(self, story: str, *, lasts_s: int, before: str, words: str, speaker: str) -> float:
        self.open("next")
        card = self.card(story)
        if card.locator(".inside").get_attribute("open") is None:
            card.locator(".inside > summary").tap()
        card.get_by_text("Attach a clip").tap()
        card.get_by_label("Words before it").fill(before)
        card.get_by_label("What is said in it").fill(words)
        card.get_by_label("Who speaks").fill(speaker)
        card.get_by_role("button", name="Record").tap()
        self.wait_for_recorded(story, lasts_s)
        card.get_by_role("button", name="Stop").tap()
        heard_s = self.listen_to_recording(story)
        card.get_by_role("button", name="Attach", exact=True).tap()
        card.locator(".clip-row").wait_for(timeout=60_000)
        return heard_s

    def move_up(self, story: str) -> None:
        self.card(story).get_by_role("button", name="Up:").tap()
        self.page.get_by_text("moved to").first.wait_for()

    def approve(self) -> None:
        self.page.get_by_role("button", name="Approve").tap()
        self.page.get_by_text("Approved by ann").wait_for()

    def _field(self, story: str, number: int) -> Locator:
        card = self.card(story)
        if card.locator(".inside").get_attribute("open") is None:
            card.locator(".inside > summary").tap()
        return self.page.locator(f"#{self.field_id(story, number)}")


class WithoutScripts(_Pages):
    """A phone whose browser runs no JavaScript: forms and links alone."""

    options = PHONE | {"java_script_enabled": False}

    def respell(self, word: str, respelling: str) -> None:
        self.open("names")
        form = self.page.locator(f"form[data-word='{word}']")
        form.get_by_label(f"{word} is said as").fill(respelling)
        form.get_by_role("button", name="Hear respelled").tap()
        sound = self.page.locator("#names-player[src]").get_attribute("src")
        assert sound
        assert self._fetch(sound) == "audio/mpeg"
        assert form.get_by_label(f"{word} is said as").input_value() == respelling
        form.get_by_role("button", name="Save").tap()
        self.page.get_by_text(f"{word} is said “{respelling}”").wait_for()

    def reword(self, story: str, number: int, text: str) -> None:
        self.open("next")
        self._inside(story)
        self.page.locator(f"#{self.field_id(story, number)}").fill(text)
        self.card(story).get_by_role("button", name="Save the words").tap()
        self.page.get_by_text("1 sentence saved").wait_for()

    def hear(self, story: str, number: int) -> None:
        self._inside(story)
        field = self.page.locator(f"#{self.field_id(story, number)}")
        address = field.locator("xpath=..").get_by_role("link", name="Listen").get_attribute("href")
        assert address
        assert self._fetch(address) == "audio/mpeg"

    def attach(self, story: str, sound: Path, *, before: str, words: str) -> None:
        self._inside(story)
        card = self.card(story)
        card.get_by_text("Attach a clip").tap()
        card.get_by_label("Words before it").fill(before)
        card.get_by_label("What is said in it").fill(words)
        card.get_by_label("Sound file").set_input_files(sound)
        card.get_by_role("button", name="Attach", exact=True).tap()
        self.page.locator("#status").get_by_text("Clip attached").wait_for(timeout=60_000)

    def move_up(self, story: str) -> None:
        self.card(story).get_by_role("button", name="Up:").tap()
        self.page.locator("#status").get_by_text("moved to").wait_for()

    def approve(self) -> None:
        self.page.get_by_role("button", name="Approve").tap()
        self.page.locator("#approval").get_by_text("Approved by ann").wait_for()

    def _inside(self, story: str) -> None:
        inside = self.card(story).locator(".inside")
        if inside.get_attribute("open") is None:
            inside.locator("summary").first.tap()

    def _fetch(self, address: str) -> str:
        answer = self.visitor.context.request.get(address)
        assert answer.status == 200
        return answer.headers["content-type"]


class KeyboardAlone(_Pages):
    """No pointer: Tab, Enter, Space and letters."""

    options = DESKTOP

    def __init__(self, browser: Browser, address: str, desk: Desk) -> None:
        super().__init__(browser, address, desk)
        # playwright does not wait until Chromium hands file dialogs over: where the first listener comes with the key
        # that opens one, Chromium may have cancelled the dialog by then
        self.page.on("filechooser", lambda _dialog: None)

    def respell(self, word: str, respelling: str) -> None:
        self.open("names")
        self._tab_to(f"form[data-word='{word}'] input[name=respelling]")
        self._type(respelling)
        self._press(f"form[data-word='{word}'] .hear-respelled")
        wait_for(lambda: self.page.evaluate("document.getElementById('names-player').currentTime") > 0)
        self._press(f"form[data-word='{word}'] [value=save]")
        self.page.get_by_text(f"{word} is said “{respelling}”").wait_for()

    def reword(self, story: str, number: int, text: str) -> None:
        self.open("next")
        self._open_card(story)
        before = self.last_edit()
        self._tab_to(f"#{self.field_id(story, number)}")
        self._type(text)
        self.page.keyboard.press("Tab")
        self.wait_for_edit(before)

    def hear(self, story: str, number: int) -> None:
        self._press(f"#f-{self.field_id(story, number)[2:]} a.listen")
        wait_for(lambda: self.page.evaluate("document.getElementById('listen-player').currentTime") > 0)

    def attach(self, story: str, sound: Path, *, before: str, words: str) -> None:
        card = f"#s-{short_name(story)}"
        self._press(f"{card} .attach > summary")
        self._tab_to(f"{card} [name=before]")
        self._type(before)
        self._tab_to(f"{card} .attach [name=words]")
        self._type(words)
        self._choose_file(f"{card} [name=sound]", sound)
        self._press(f"{card} .attach .primary")
        self.card(story).locator(".clip-row").wait_for(timeout=60_000)

    def record(self, story: str, *, lasts_s: int, before: str, words: str, speaker: str) -> float:
        card = f"#s-{short_name(story)}"
        self.open("next")
        self._open_card(story)
        self._press(f"{card} .attach > summary")
        for field, text in (("before", before), ("words", words), ("speaker", speaker)):
            self._tab_to(f"{card} .attach [name={field}]")
            self._type(text)
        self._press(f"{card} .record")
        self.wait_for_recorded(story, lasts_s)
        self.page.keyboard.press("Enter")  # the focus has stayed on the button
        heard_s = self.listen_to_recording(story)
        self._press(f"{card} .attach .primary")
        self.card(story).locator(".clip-row").wait_for(timeout=60_000)
        return heard_s

    def _choose_file(self, field: str, sound: Path) -> None:
        """Open the system's dialog by Enter."""
        self._tab_to(field)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(sound)

    def move_up(self, story: str) -> None:
        self._press(f"#s-{short_name(story)} [value=up]")
        self.page.get_by_text("moved to").first.wait_for()

    def approve(self) -> None:
        self._press("#approve")
        self.page.get_by_text("Approved by ann").wait_for()

    def follow(self, selector: str) -> None:
        self._press(selector)

    def _open_card(self, story: str) -> None:
        if self.card(story).locator(".inside").get_attribute("open") is None:
            self._press(f"#s-{short_name(story)} .inside > summary")

    def _tab_to(self, selector: str) -> None:
        """Press Tab until the element has the focus, from the top of the page."""
        self.page.evaluate("document.activeElement?.blur(); window.getSelection()?.removeAllRanges()")
        self.page.keyboard.press("Control+Home")
        for _ in range(_MOST_TABS):
            if self.page.evaluate(f"document.activeElement?.matches({selector!r}) ?? false"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    def _press(self, selector: str) -> None:
        self._tab_to(selector)
        self.page.keyboard.press("Enter")

    def _type(self, text: str) -> None:
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


EDITORS: dict[str, type[Touch | WithoutScripts | KeyboardAlone]] = {
    "phone": Touch,
    "without scripts": WithoutScripts,
    "keyboard alone": KeyboardAlone,
}
