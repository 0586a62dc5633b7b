"""On air, Next bulletin and Reading view in a real Chromium: typing, saving, two editors, keys, no script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bulletin.newsroom.actions.edit_stories import move_story
from bulletin.newsroom.actions.own_stories import list_own_stories
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.story_cards import short_name
from tests.newsroom_web.browser.desk_page import PAGES, field, state_of, wait_for_words, wait_until
from tests.support.chromium import PICTURES
from tests.support.newsroom_server import ServedNewsroom
from tests.support.playwright_browser import DESKTOP, PHONE, Visitor, find_violations, keep_picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "phone-dark": PHONE | {"color_scheme": "dark"},
    "desktop": DESKTOP,
    "desktop-dark": DESKTOP | {"color_scheme": "dark"},
    "forced": DESKTOP | {"forced_colors": "active"},
    "no-script": PHONE,
}


def drag(page: Page, grip: Locator, onto: Locator) -> None:
    """Drag as slowly as a hand: the list ignores moves while its cards slide."""
    start, end = grip.bounding_box(), onto.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(start["x"] + 5, start["y"] + (end["y"] + 2 - start["y"]) * step / 12)
        page.wait_for_timeout(60)
    page.mouse.up()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_is_wider_than_its_window(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk], look: str
) -> None:
    desk = hill[1]
    reword_sentence(
        desk, story="bridge", sentence="1", text="The bridge (A361) is shut, killing 3, 4, 5 and 6"
    )
    options = LOOKS[look] | ({"java_script_enabled": False} if look == "no-script" else {"bypass_csp": True})
    ann = visit("ann", **options)
    for name, path in PAGES.items():
        ann.page.goto(path)
        keep_picture(ann.page, PICTURES, f"desk-{name}-{look}")
        if look != "no-script":
            assert find_violations(ann.page) == []
            assert not ann.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_sentence_saves_itself_when_it_is_left(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit("ann", **PHONE)
    ann.page.goto(PAGES["next"])
    text = field(ann.page, hill[1], "bridge", 0)
    text.fill("Corn Bridge will be shut for 6 weeks.")
    text.blur()

    state_of(text).get_by_text("Saved 07:30").wait_for()
    beside = text.locator("xpath=../..").locator("[data-beside]")
    assert "shut for six weeks" in beside.inner_text()
    assert "8 words" in beside.inner_text()
    assert "ann, 07:30" in beside.inner_text()
    wait_for_words(hill[1], "bridge", "Corn Bridge will be shut for 6 weeks.")


def test_typing_saves_every_two_seconds_and_never_moves_the_caret(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    text = field(ann.page, hill[1], "bridge", 0)
    text.fill("")
    text.press_sequentially("The bridge is shut", delay=15)
    state_of(text).get_by_text("Saved").wait_for()  # the field still has the focus
    text.press_sequentially(" for weeks.", delay=15)
    assert text.input_value() == "The bridge is shut for weeks."
    assert text.evaluate(
        "area => area === document.activeElement && area.selectionStart === area.value.length"
    )
    wait_for_words(hill[1], "bridge", "The bridge is shut for weeks.")


def test_without_a_line_the_words_stay_on_the_device_and_are_saved_later(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    ann.page.route("**/next/sentence", lambda route: route.abort())
    text = field(ann.page, hill[1], "bridge", 0)
    text.fill("Kept on the device.")
    text.blur()
    state_of(text).get_by_text("no connection").wait_for()
    ann.page.unroute("**/next/sentence")

    ann.page.reload()  # the phone died, or the tab was closed
    again = field(ann.page, hill[1], "bridge", 0)
    assert again.input_value() == "Kept on the device."
    wait_for_words(hill[1], "bridge", "Kept on the device.")
    ann.problems[:] = [problem for problem in ann.problems if "ERR_FAILED" not in problem]


def test_a_story_of_the_stations_own_survives_a_closed_tab_and_leaves_the_form_once_it_is_added(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit("ann", **PHONE)
    ann.page.goto(PAGES["stories"])
    ann.page.get_by_label("Headline").fill("Fete raises record sum")
    ann.page.get_by_label("Text, the most important first").fill("The fete raised nine thousand pounds.")
    ann.page.reload()
    assert ann.page.get_by_label("Headline").input_value() == "Fete raises record sum"

    ann.page.get_by_role("button", name="Add the story").click()
    ann.page.locator("#status").get_by_text("is in every bulletin").wait_for()
    assert "Fete raises record sum" in [story.title for story in list_own_stories(hill[1])]
    ann.page.reload()
    assert ann.page.get_by_label("Headline").input_value() == ""


def test_of_two_editors_at_one_sentence_both_texts_are_shown_and_a_person_decides(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann, ben = visit("ann"), visit("ben")
    for visitor in (ann, ben):
        visitor.page.goto(PAGES["next"])
    theirs, mine = (field(visitor.page, hill[1], "bridge", 0) for visitor in (ben, ann))
    mine.press("Control+End")
    mine.press_sequentially(" Mine")  # ann is at work while ben saves
    theirs.fill("Ben's words.")
    theirs.blur()
    wait_for_words(hill[1], "bridge", "Ben's words.")
    mine.blur()

    box = mine.locator("xpath=..").locator("[data-conflict]")
    box.get_by_text("ben changed this sentence").wait_for()
    assert "Ben's words." in box.inner_text()
    assert mine.input_value().endswith(" Mine")
    box.get_by_role("button", name="Keep mine").click()
    wait_until(
        lambda: any(s.text.endswith("Mine") for s in coming_bulletin(hill[1]).find("bridge").sentences)
    )
    ann.problems[:] = [problem for problem in ann.problems if "409" not in problem]


def test_a_story_that_somebody_else_changed_turns_yellow_and_names_the_editor(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ben = visit("ben")
    ben.page.goto(PAGES["next"])
    other = next(story.id for story in coming_bulletin(hill[1]).stories if story.id != "bridge")
    mine = field(ben.page, hill[1], "bridge", 0)
    mine.press("Control+End")
    mine.press_sequentially(" Not saved yet")
    reword_sentence(hill[1], story=other, sentence="1", text="Ann's new words.")

    card = ben.page.locator(f"#s-{short_name(other)}.is-changed")
    card.get_by_text("Changed by ann at 07:30").wait_for()
    assert field(ben.page, hill[1], other, 0).input_value() == "Ann's new words."
    assert "Not saved yet" in mine.input_value()


def test_the_running_order_is_changed_by_drag_and_by_keyboard_alone(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    first, second, third = (story.title for story in coming_bulletin(hill[1]).stories[:3])
    cards = ann.page.locator("#stories > .story")
    cards.nth(0).locator(".inside > summary").click()  # closed: the cards are near
    drag(ann.page, cards.nth(2).locator(".grip"), cards.nth(0).locator(".grip"))
    wait_until(lambda: coming_bulletin(hill[1]).stories[0].title == third)

    up = ann.page.get_by_role("button", name=f"Down: {third}")
    up.focus()
    ann.page.keyboard.press("Enter")
    wait_until(lambda: [s.title for s in coming_bulletin(hill[1]).stories[:2]] == [first, third])
    ann.page.get_by_text(f"“{third}” moved to 2").wait_for()
    assert (
        ann.page.evaluate("document.activeElement.closest('.story')?.querySelector('h3')?.textContent")
        == third
    )
    assert ann.page.locator("#stories > .story h3").all_inner_texts()[:3] == [first, third, second]


def test_what_stands_in_the_field_is_heard_in_the_page(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit("ann", **PHONE)
    ann.page.goto(PAGES["next"])
    text = field(ann.page, hill[1], "bridge", 0)
    text.fill("Siân of Llandeilo.")
    text.locator("xpath=..").get_by_role("link", name="Listen").click()

    wait_until(lambda: ann.page.evaluate("document.getElementById('listen-player').currentTime") > 0)
    assert coming_bulletin(hill[1]).find("bridge").sentences[0].text == "Siân of Llandeilo."
    assert ann.page.url.endswith("/hill/next")


def test_approval_is_withdrawn_by_an_edit_and_the_page_says_so(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    assert "or a stand-by airs" in ann.page.inner_text("#approval")
    ann.page.click("#approve")
    ann.page.get_by_text("Approved by ann at 07:30").wait_for()
    assert coming_bulletin(hill[1]).approval.holds

    move_story(hill[1], story=coming_bulletin(hill[1]).stories[1].id, position=0)
    ann.page.get_by_text("ann changed it after the approval").wait_for()


def test_the_reading_view_follows_keys_and_offers_a_changed_script(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit()
    ann.page.goto(PAGES["read"])
    current = ann.page.locator(".line[aria-current]")
    lines = ann.page.locator(".line").all_inner_texts()
    assert current.inner_text() == lines[0]
    for key, place in ((" ", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", len(lines) - 1), ("Home", 0)):
        ann.page.keyboard.press(key)
        assert current.inner_text() == lines[place], key
    before = ann.page.evaluate("getComputedStyle(document.getElementById('reading')).fontSize")
    ann.page.keyboard.press("+")
    assert ann.page.evaluate("getComputedStyle(document.getElementById('reading')).fontSize") != before
    assert ann.page.inner_text("#wake-state")

    reword_sentence(hill[1], story="bridge", sentence="1", text="New words at the microphone.")
    ann.page.get_by_text("Changed by ann at 07:30.").wait_for()
    assert ann.page.locator(".line").all_inner_texts() == lines  # nothing moves under the reader's eyes
    ann.page.click("#reading-show")
    ann.page.get_by_text("New words at the microphone.").first.wait_for()


def test_without_a_script_words_are_saved_and_the_place_is_kept(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    ann = visit("ann", **PHONE, java_script_enabled=False)
    ann.page.goto(PAGES["next"])
    text = field(ann.page, hill[1], "bridge", 0)
    text.fill("Saved by the form.")
    card = ann.page.locator(f"#s-{short_name('bridge')}")
    card.get_by_role("button", name="Save the words").click()

    assert ann.page.url.endswith(f"#s-{short_name('bridge')}")
    assert "1 sentence saved" in ann.page.inner_text("#status")
    wait_for_words(hill[1], "bridge", "Saved by the form.")
    assert field(ann.page, hill[1], "bridge", 0).input_value() == "Saved by the form."


def test_a_recording_is_not_lost_by_a_colleagues_change_or_a_line_that_is_down(
    visit: Callable[..., Visitor], hill: tuple[ServedNewsroom, Desk]
) -> None:
    pytest.importorskip("av", reason='needs the extra "clips" (PyAV)')
    ann = visit("ann", **PHONE)
    ann.page.goto(PAGES["next"])
    field(ann.page, hill[1], "bridge", 0)
    card = ann.page.locator(f"#s-{short_name('bridge')}")
    card.get_by_text("Attach a clip").click()
    card.locator(".record").click()
    card.locator("[data-record-time]").get_by_text("0:02").wait_for()
    reword_sentence(replace(hill[1], editor="ben"), story="bridge", sentence="1", text="Ben's new words.")
    card.get_by_text("Changed by ben at 07:30").wait_for()
    assert card.locator(".is-recording").count() == 1

    ann.page.route("**/next/clip", lambda route: route.abort())
    card.get_by_role("button", name="Attach", exact=True).click()  # stops the recording, too
    ann.page.locator("#problem").get_by_text("The newsroom does not answer").wait_for()
    assert card.locator("[name=sound]").evaluate("field => field.files[0].name") == "recording.webm"
    assert ann.page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    ann.page.unroute("**/next/clip")
    card.get_by_role("button", name="Attach", exact=True).click()
    card.locator(".clip-row").wait_for(timeout=60_000)

    assert any(one.recording for one in coming_bulletin(hill[1]).find("bridge").sentences)
    assert card.locator(".has-recording").count() == 0
    assert ann.page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    ann.problems[:] = [problem for problem in ann.problems if "ERR_FAILED" not in problem]


def test_recording_says_what_it_needs_where_the_address_is_not_secure(
    browser: Browser, hill: tuple[ServedNewsroom, Desk]
) -> None:
    address = hill[0].address.replace("127.0.0.1", "newsroom.example")
    ann = Visitor(browser, address, "ann", **PHONE)
    ann.page.goto(PAGES["next"])
    card = ann.page.locator("#stories > .story").first
    card.get_by_text("Attach a clip").click()

    assert card.locator(".record").is_disabled()
    assert "https, or localhost" in card.locator("[data-record-note]").inner_text()
    ann.close()
