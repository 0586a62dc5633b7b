"""Text for feeds: foreign words become one harmless line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title


@pytest.mark.parametrize(
    ("given_", "line"),
    [
        ("  two \n\n words\t", "two words"),
        ("a\x00b\x07c\x1bd\x9fe", "abcde"),
        ("a\x85b\u2028c\x1fd", "a b c d"),
        ("half \ud83d pair", "half pair"),
        ("turn \u202eround\u202c", "turn round"),
        ("العربية 👩‍👩‍👧 café", "العربية 👩‍👩‍👧 café"),
        ("]]> & <b>", "]]> & <b>"),
        ("\u202e \u202e", ""),
    ],
)
def test_a_line_is_clean_and_keeps_its_letters(given_: str, line: str) -> None:
    assert plain_line(given_) == line


def test_a_title_never_looks_like_markup() -> None:
    assert plain_title("<script>x</script> 3 < 4") == "‹script>x‹/script> 3 < 4"


def test_a_long_title_is_cut_after_a_word() -> None:
    assert plain_title("word " * 100) == "word " * 50 + "word…"
    assert plain_title("longer " * 100) == "longer " * 35 + "longer…"


def test_a_long_title_without_blanks_is_cut_anyway() -> None:
    assert plain_title("x" * 10_000) == "x" * 254 + "…"


@given(st.text(st.characters(), max_size=400))
def test_any_title_can_stand_in_xml(text: str) -> None:
    element = etree.Element("title")
    element.text = title = plain_title(text)

    assert etree.fromstring(etree.tostring(element)).text == (title or None)
    assert title == title.strip()
    assert len(title) <= 255
    assert title == plain_title(title)
