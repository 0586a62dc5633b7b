from __future__ import annotations

from bulletin.articles.markup.keep_text_in_station_language import keep_language

ENGLISH = "The ferry that sank off the coast of Wexcombe was one of the oldest in the county, said the owner."
GERMAN = (
    "Die Fähre, die vor der Küste gesunken ist, war eine der ältesten der Grafschaft, sagte der Besitzer."
)


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def test_the_half_in_the_station_language_is_kept_in_any_position() -> None:
    own = text(*[ENGLISH] * 3)

    assert keep_language(text(own, *[GERMAN] * 3), language="en-GB") == own
    assert keep_language(text(*[GERMAN] * 3, own), language="en-GB") == own
    assert keep_language(text(own, *[GERMAN] * 3), language="de") == text(*[GERMAN] * 3)


def test_languages_that_alternate_are_refused() -> None:
    assert keep_language(text(*[ENGLISH, GERMAN] * 3), language="en-GB") == ""


def test_a_short_own_part_is_no_article() -> None:
    assert keep_language(text(ENGLISH, ENGLISH, *[GERMAN] * 4), language="en-GB") == ""


def test_a_quotation_stays() -> None:
    mixed = text(*[ENGLISH] * 3, GERMAN, ENGLISH)

    assert keep_language(mixed, language="en-GB") == mixed


def test_a_text_in_a_single_language_stays() -> None:
    assert keep_language(text(*[GERMAN] * 4), language="en-GB") == text(*[GERMAN] * 4)
    assert keep_language("", language="en-GB") == ""
