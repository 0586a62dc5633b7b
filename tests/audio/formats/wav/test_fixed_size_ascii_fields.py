"""Text of any script as ASCII in fields of a fixed size."""

from __future__ import annotations

from datetime import datetime

import pytest

from bulletin.audio.formats.wav.fixed_size_ascii_fields import (
    from_date_and_time,
    from_field,
    to_ascii,
    to_date_and_time,
    to_field,
    to_lines,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Łódź – “£3m” ☔", 'Lodz - "GBP3m"'),
        ("Αθήνα, Москва, Größe", "Athina, Moskva, Grosse"),
        ("مرحبا", "mrhb"),
        ("東京", "DongJing"),
        ("e\u0301te\u0301", "ete"),
        ("a\r\nb\x00c\x7fd", "a b c d"),
        ("👩‍👩‍👧", ""),
        ("½ °C ™", "1/2 degC TM"),
        ("ratio 3:1:0", "ratio 3:1:0"),
    ],
)
def test_words_are_spelt_with_the_letters_of_ascii(text, plain):
    assert to_ascii(text) == plain


def test_a_field_is_cut_after_a_word_and_ends_with_a_zero():
    assert to_field("one two three", size=10) == b"one two\0\0\0"
    assert to_field("one two three", size=8) == b"one two\0"
    assert to_field("onetwothree", size=8) == b"onetwot\0"
    assert to_field("a longwordatlast", size=10) == b"a longwor\0"
    assert from_field(to_field("one", size=10)) == "one"


def test_a_field_in_latin_1_is_read():
    assert from_field(b"Caf\xe9  \0rest") == "Café"


def test_lines_end_with_crlf_and_fill_an_even_size():
    assert to_lines("one\n\n two \u2028three") == b"one\r\ntwo\r\nthree\r\n\0"
    assert to_lines("") == b""


def test_a_wall_clock_takes_eighteen_bytes_in_every_year():
    for moment in (datetime(2026, 11, 24, 7, 5, 9), datetime(7, 1, 2, 3, 4, 5)):  # noqa: DTZ001
        data = to_date_and_time(moment)
        assert len(data) == 18
        assert from_date_and_time(data) == moment
    assert to_date_and_time(datetime(2026, 11, 24, 7, 5, 9)) == b"2026-11-2407:05:09"  # noqa: DTZ001


@pytest.mark.parametrize("data", [b"2026-13-2407:05:09", b"24.11.202607:05:09", bytes(18), b"\xff" * 18])
def test_an_invalid_date_is_none(data):
    assert from_date_and_time(data) is None


def test_other_separators_are_read():
    assert from_date_and_time(b"2026/11/2407-05-09") == datetime(2026, 11, 24, 7, 5, 9)  # noqa: DTZ001
