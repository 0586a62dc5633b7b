"""Weights of words of harm and of public effect."""

from __future__ import annotations

from bulletin.stories.newsworthiness.weigh_effects_on_people import weigh_effects
from tests.support.factories import make_article


def weigh(title: str, text: str = "", **options: object) -> tuple[float, float]:
    terms = weigh_effects([make_article(title=title, summary=text, text=text)], **options)  # type: ignore[arg-type]
    return terms[0].value, terms[1].value


def test_the_strongest_word_of_each_table_counts_once() -> None:
    assert weigh("Two dead and nine injured in ferry crash") == (2.0, 0.0)
    assert weigh("Council approves ban after fatal crash") == (2.0, 1.0)
    assert weigh("Doris the goose gets her own road sign") == (0.0, 0.0)


def test_the_first_words_of_a_text_count_half() -> None:
    assert weigh("Ferry aground", "A passenger has died.") == (1.0, 0.0)
    assert weigh("Ferry aground", "word " * 70 + "A passenger has died.") == (0.0, 0.0)


def test_full_words_match_and_phrases_in_their_order() -> None:
    assert weigh("Diehard fans at the warehouse") == (0.0, 0.0)
    assert weigh("Power cuts across Wexcombe")[1] == 1.5
    assert weigh("Nobody shouts: the Prime’s minister")[1] == 1.0  # "minister" alone


def test_a_station_changes_words_and_adds_its_own() -> None:
    assert weigh("Ferry strike", own_words={"ferry": 1.5, "strike": 0.0}) == (0.0, 1.5)
    assert weigh("Two dead", own_words={"dead": 0.5}) == (0.5, 0.0)


def test_a_language_without_a_table_has_only_the_stations_words() -> None:
    assert weigh("Two dead", language="nl") == (0.0, 0.0)
    assert weigh("Veerpont ligt stil", language="nl", own_words={"veerpont": 1.0}) == (0.0, 1.0)


def test_a_term_names_its_word_and_its_place() -> None:
    harm, _ = weigh_effects([make_article(title="Two dead")])

    assert harm.note == '"dead" in the headline'
