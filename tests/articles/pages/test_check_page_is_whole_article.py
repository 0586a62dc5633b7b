from __future__ import annotations

import pytest

from bulletin.articles.pages.check_page_is_whole_article import cut_unfinished, cut_wall, find_fault

STORY = "The council approved its budget on Tuesday evening after a long debate about services. " * 6


def test_an_article_about_its_title_passes() -> None:
    assert find_fault(STORY, title="Council approves budget") == ""


def test_word_endings_make_no_difference() -> None:
    assert find_fault(STORY, title="Budgets: councils approving, serviced") == ""


def test_an_honest_brief_passes() -> None:
    brief = "The council approved its budget on Tuesday evening after a long debate. It will spend more on roads and schools."

    assert find_fault(brief, title="Council approves budget") == ""


def test_a_page_without_words_fails() -> None:
    assert find_fault("The council.", title="Council") == "the page holds 2 words only"


def test_another_story_fails() -> None:
    assert "something else" in find_fault(STORY, title="Striker leaves Marlbridge United")


def test_a_title_without_words_is_not_checked() -> None:
    assert find_fault(STORY, title="") == ""
    assert find_fault(STORY, title="24-18") == ""


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
    assert reason in find_fault(wall, title="Council approves budget")


def test_a_long_wall_is_no_article_either() -> None:
    wall = (
        STORY[:400] + " Subscribe to continue reading. Already a subscriber? Log in to read." + " word" * 20
    )

    assert "wall" in find_fault(wall, title="Council approves budget")


def test_an_article_may_mention_cookies() -> None:
    words = STORY + "Shops will have to ask for consent to cookies, said the council. " * 5

    assert find_fault(words, title="Council approves budget on cookies") == ""


FEATURE = "The valley that time forgot"


def test_a_feature_passes_when_the_page_has_its_title() -> None:
    assert "something else" in find_fault(STORY, title=FEATURE)
    assert find_fault(STORY, title=FEATURE, headlines=["Valley that time forgot | Gazette"]) == ""


def test_a_feature_passes_when_it_repeats_the_feed_text() -> None:
    summary = "Council approves budget after long debate about the services of the county"

    assert find_fault(STORY, title=FEATURE, summary=summary) == ""


def test_a_front_page_does_not_pass_for_its_own_name() -> None:
    assert "something else" in find_fault(STORY, title=FEATURE, headlines=["Wexcombe Gazette", ""])


def test_a_long_wall_does_not_pass_for_the_articles_title() -> None:
    wall = (
        "We value your privacy and our 842 partners use cookies, so accept all of them on this device. " * 8
    )

    assert find_fault(wall, title=FEATURE, headlines=[FEATURE]) != ""


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe now to read the rest. Already a subscriber? Log in.",
        "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
        "Jetzt weiterlesen mit dem Digitalabo.",
        "Contenido exclusivo para suscriptores",
    ],
)
def test_a_wall_under_a_text_is_cut_and_noticed(wall: str) -> None:
    text = f"{STORY.strip()}\n\nThe leader said that the\n\n{wall}\n\nFollow us."

    assert cut_wall(text) == (STORY.strip(), True)


def test_a_complete_text_is_not_cut() -> None:
    text = f"{STORY.strip()}\n\nSign up for our newsletter."

    assert cut_wall(text) == (text, False)


def test_a_text_that_breaks_off_ends_with_its_last_full_sentence() -> None:
    assert cut_unfinished("It sank. “Nobody drowned.” The owner of the…") == "It sank. “Nobody drowned.”"
    assert cut_unfinished("It sank") == "It sank"
