"""Edits that are refused, sessions that end, lines that break: nothing typed is lost, and the page goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bulletin.newsroom.actions.edit_stories import move_story
from bulletin.newsroom.actions.published.kill_list import block_entry
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from tests.newsroom_web.browser.desk_page import PAGES, field, state_of, wait_for_words, wait_until
from tests.support.newsroom_server import PASSWORD, ServedNewsroom
from tests.support.playwright_browser import Visitor

pytestmark = pytest.mark.browser

Hill = tuple[ServedNewsroom, Desk]
Visit = Callable[..., Visitor]


def forget_problems(visitor: Visitor, *statuses: str) -> None:
    """Answers that the test itself provoked."""
    visitor.problems[:] = [p for p in visitor.problems if not any(status in p for status in statuses)]


def test_words_for_a_killed_story_are_refused_once_and_the_page_goes_on(visit: Visit, hill: Hill) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    sent: list[str] = []
    ann.page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/sentence") else None)
    ann.page.route("**/next/part*", lambda route: route.abort())  # the card stays: its fields are in work
    text = field(ann.page, hill[1], "bridge", 0)
    block_entry(hill[1], entry="bridge")
    text.fill("Words for a story that is killed.")
    text.blur()

    state_of(text).get_by_text("Not saved").wait_for()
    assert "on the kill list" in state_of(text).inner_text()
    ann.page.wait_for_timeout(2600)  # longer than the pause between two savings
    assert len(sent) == 1
    other = next(story for story in coming_bulletin(hill[1]).stories if story.id != "bridge")
    ann.page.get_by_role("button", name=f"Pin: {other.title}").click()
    ann.page.get_by_text(f"“{other.title}” pinned").wait_for()
    assert text.input_value() == "Words for a story that is killed."
    forget_problems(ann, "409", "ERR_FAILED")


def test_the_same_words_typed_again_after_an_undo_are_a_new_edit(visit: Visit, hill: Hill) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    text = field(ann.page, hill[1], "bridge", 0)
    for _ in range(2):
        text.fill("The same words.")
        text.blur()
        wait_for_words(hill[1], "bridge", "The same words.")
        text.locator("xpath=..").get_by_role("button", name="Undo").click()
        wait_until(lambda: coming_bulletin(hill[1]).find("bridge").sentences[0].editor == "")
        wait_until(lambda: text.input_value() != "The same words.")


def test_undo_takes_back_the_last_words_also_while_the_field_is_in_work(visit: Visit, hill: Hill) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    text = field(ann.page, hill[1], "bridge", 0)
    for words in ("First words.", "Second words."):
        text.fill(words)  # the field keeps the focus
        wait_for_words(hill[1], "bridge", words)
    undo = text.locator("xpath=..").get_by_role("button", name="Undo")
    undo.click()
    wait_until(lambda: text.input_value() == "First words.")
    assert coming_bulletin(hill[1]).find("bridge").sentences[0].text == "First words."


def test_a_page_goes_on_after_a_new_sign_in_in_another_tab(visit: Visit, hill: Hill) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    text = field(ann.page, hill[1], "bridge", 0)
    hill[0].app.state.newsroom.sign_in.end_everywhere("ann")
    text.fill("Typed while signed out.")
    text.blur()
    state_of(text).get_by_text("you are signed out").wait_for()

    tab = ann.open_page()
    tab.goto("/sign-in")
    tab.fill("[name=name]", "ann")
    tab.fill("[name=password]", PASSWORD)
    tab.click("button")
    wait_for_words(hill[1], "bridge", "Typed while signed out.")
    state_of(text).get_by_text("Saved").wait_for()
    story = coming_bulletin(hill[1]).stories[1]
    ann.page.get_by_role("button", name=f"Pin: {story.title}").click()  # its form has the new token, too
    ann.page.get_by_text(f"“{story.title}” pinned").wait_for()
    forget_problems(ann, "401", "403")


def test_a_page_has_one_line_for_changes_and_opens_it_again_after_an_answer_of_a_proxy(
    visit: Visit, hill: Hill
) -> None:
    ann = visit()
    asked: list[str] = []
    ann.page.on("request", lambda request: asked.append(request.url) if "/events" in request.url else None)
    ann.page.route("**/hill/events", lambda route: route.fulfill(status=502, body="Bad Gateway"), times=1)
    ann.page.goto(PAGES["next"])
    ann.page.locator("body[data-line=open]").wait_for()
    assert len(asked) == 2

    other = next(story.id for story in coming_bulletin(hill[1]).stories if story.id != "bridge")
    reword_sentence(hill[1], story=other, sentence="1", text="Words of a colleague.")
    wait_until(lambda: field(ann.page, hill[1], other, 0).input_value() == "Words of a colleague.")
    forget_problems(ann, "502")


def test_the_reading_view_keeps_the_screen_awake_again_when_it_comes_back(visit: Visit) -> None:
    ann = visit()
    ann.page.add_init_script(
        """
        window.locks = [];
        Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
          const lock = Object.assign(new EventTarget(), { released: false });
          window.locks.push(lock);
          return lock;
        } } });
        """
    )
    ann.page.goto(PAGES["read"])
    ann.page.get_by_text("The screen stays on.").wait_for()
    ann.page.evaluate(
        """() => {  // the browser gives the lock back when the page is hidden
          window.locks[0].released = true;
          window.locks[0].dispatchEvent(new Event("release"));
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    wait_until(lambda: ann.page.evaluate("window.locks.length") == 2)
    assert ann.page.inner_text("#wake-state") == "The screen stays on."

    ann.page.keyboard.press("+")
    ann.page.goto(PAGES["next"])  # which deletes old drafts, and no settings
    ann.page.goto(PAGES["read"])
    assert ann.page.locator("#reading").get_attribute("data-size") == "3"


def test_a_dropped_story_can_be_taken_back_where_no_other_candidate_is_left(visit: Visit, hill: Hill) -> None:
    for story in coming_bulletin(hill[1]).others:
        block_entry(hill[1], entry=story.id)
    ann = visit()
    ann.page.goto(PAGES["next"])
    assert coming_bulletin(hill[1]).others == ()
    ann.page.get_by_text("No further candidates.").wait_for()
    first = coming_bulletin(hill[1]).stories[0].title
    ann.page.get_by_role("button", name=f"Drop: {first}").click()
    back = ann.page.get_by_role("button", name=f"Take back in: {first}")
    back.wait_for()
    assert ann.page.get_by_text("No further candidates.").is_hidden()
    back.focus()
    ann.page.keyboard.press("Enter")
    ann.page.get_by_role("button", name=f"Drop: {first}").wait_for()


def test_the_focus_stays_where_it_was_when_parts_of_a_page_are_replaced(visit: Visit, hill: Hill) -> None:
    ann = visit()
    ann.page.goto(PAGES["next"])
    ask = ann.page.get_by_role("button", name="Read feeds again")
    ask.focus()
    ann.page.keyboard.press("Enter")
    ann.page.locator(".request").first.wait_for()
    assert ann.page.evaluate("document.activeElement.textContent") == "Read feeds again"
    ann.page.focus("#approve")
    ann.page.keyboard.press("Enter")
    ann.page.get_by_text("Approved by ann").wait_for()
    assert ann.page.evaluate("document.activeElement.id") == "next-head"  # its button has gone

    ann.page.goto(PAGES["on-air"])
    link = ann.page.get_by_role("link", name="Open the next bulletin")
    link.focus()
    story = coming_bulletin(hill[1]).stories[0]
    move_story(hill[1], story=story.id, position=1)
    wait_until(lambda: ann.page.locator(".glance a").nth(1).inner_text() == story.title)
    assert link.evaluate("link => link === document.activeElement")


def test_a_new_sound_on_air_leaves_the_old_one_silent(visit: Visit) -> None:
    """Handlers of a player that was replaced would play two sounds at once."""
    ann = visit()
    ann.page.goto(PAGES["next"])
    pressed = ann.page.evaluate(
        """async () => {
          const { playAlong } = await import("/assets/play_along.js");
          const part = document.createElement("div");
          document.body.append(part);
          const played = [];
          for (const name of ["old", "new"]) {
            part.innerHTML = `<div class="columns"><audio></audio><a href="#" data-seek="1">${name}</a></div>`;
            part.querySelector("audio").play = () => played.push(name);
            playAlong(part.querySelector(".columns"));
          }
          part.querySelector("a").click();
          return played;
        }"""
    )
    assert pressed == ["new"]
