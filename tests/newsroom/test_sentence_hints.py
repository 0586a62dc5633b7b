"""Hints beside a sentence."""

from __future__ import annotations

import pytest

from bulletin.newsroom.sentence_hints import Hint, HintKind, find_hints

SOURCE = (
    "The bridge over the River Wex closes on Monday for six weeks of repairs.",
    "The county council said drivers should use the A361.",
)
LONG = "The bridge closes on Monday " + "and drivers use the road " * 6 + "today."


def hints_of(text: str, **changes: object) -> tuple[Hint, ...]:
    fields: dict[str, object] = {"source": SOURCE, "language": "en-GB", "is_edited": True} | changes
    return find_hints(text, **fields)  # type: ignore[arg-type]


def test_an_editors_words_that_the_source_has_get_no_hint() -> None:
    assert hints_of("The bridge over the Wex closes on Monday for six weeks.") == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The bridge over the Wex closes on Monday for nine weeks.", "nine"),
        ("The mayor resigned over an affair.", "nothing in the article says this"),
    ],
)
def test_what_is_not_in_the_source_is_marked_first(text: str, word: str) -> None:
    first = hints_of(text)[0]

    assert first.kind is HintKind.SOURCE
    assert word in first.text


def test_the_programs_own_sentence_and_another_language_are_not_compared_with_the_source() -> None:
    text = "The mayor resigned over an affair."

    for hints in (hints_of(text, is_edited=False), hints_of(text, language="de")):
        assert HintKind.SOURCE not in {hint.kind for hint in hints}


def test_words_in_another_language_than_the_stations_are_marked() -> None:
    text = "Die Brücke über den Fluss wird am Montag für sechs Wochen gesperrt, teilte der Kreis mit."

    assert any("does not look like en-GB" in hint.text for hint in hints_of(text))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (LONG, "long for one breath"),
        ("The bridge (A361) closes.", "cannot be heard"),
        ("It is “closed for good”, drivers say.", "quotation marks"),
        ("The bridge closes", "no full stop"),
        ("The figures are 1, 2, 3 and 4.", "many figures"),
        ("Write to the council at www.wexcombe.gov.uk.", '"www.wexcombe.gov.uk"'),
        ("The bridge over the Wex closes on Monday.", "says again"),
    ],
)
def test_what_is_hard_to_hear_is_said_plainly(text: str, word: str) -> None:
    hints = hints_of(text, is_edited=False, before=("On Monday the bridge over the Wex closes.",))

    assert any(word in hint.text and hint.kind is HintKind.SOUND for hint in hints)


def test_a_sentence_that_was_left_out_needs_no_hint() -> None:
    assert hints_of("") == ()
