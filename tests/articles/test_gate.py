from __future__ import annotations

import pytest

from bulletin.articles.gate import judge_text

STORY = "The council approved its budget on Tuesday evening after a long debate about services. " * 6


def test_an_article_that_tells_of_its_title_passes() -> None:
    assert judge_text(STORY, title="Council approves budget") == ""


def test_word_endings_make_no_difference() -> None:
    assert judge_text(STORY, title="Budgets: councils approving, serviced") == ""


def test_an_honest_brief_passes() -> None:
    brief = "The council approved its budget on Tuesday evening after a long debate. It will spend more on roads and schools."

    assert judge_text(brief, title="Council approves budget") == ""


def test_a_page_without_words_does_not() -> None:
    assert judge_text("The council.", title="Council") == "the page holds 2 words only"


def test_another_story_does_not() -> None:
    assert "something else" in judge_text(STORY, title="Striker leaves Marlbridge United")


def test_a_title_without_words_asks_nothing() -> None:
    assert judge_text(STORY, title="") == ""
    assert judge_text(STORY, title="24-18") == ""


@pytest.mark.parametrize(
    ("wall", "reason"),
    [
        ("Before you continue. We and our 842 partners store and/or access information.", "consent"),
        ("The council approved it. Subscribe to continue reading. Already a subscriber? Log in.", "paywall"),
        ("Just a moment. Enable JavaScript and cookies to continue.", "robots"),
        ("Page not found. The page may have moved to another address.", "error page"),
    ],
)
def test_a_wall_is_no_article(wall: str, reason: str) -> None:
    assert reason in judge_text(wall, title="Council approves budget")


def test_a_long_wall_is_no_article_either() -> None:
    wall = (
        STORY[:400] + " Subscribe to continue reading. Already a subscriber? Log in to read." + " word" * 20
    )

    assert "wall" in judge_text(wall, title="Council approves budget")


def test_an_article_may_speak_of_cookies() -> None:
    words = STORY + "Shops will have to ask for consent to cookies, said the council. " * 5

    assert judge_text(words, title="Council approves budget on cookies") == ""
