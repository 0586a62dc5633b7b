"""Long sentences split where a reader would breathe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.speech.split_text_at_engine_limit import split_text


def test_a_short_text_stays_whole() -> None:
    assert split_text("  Good\n morning. ", most=100) == ("Good morning.",)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "Police closed the road. Drivers were asked to wait until the morning.",
            ("Police closed the road.", "Drivers were asked to wait until the morning."),
        ),
        (
            "After a long night of rain, the river rose above the bridge.",
            ("After a long night of rain,", "the river rose above the bridge."),
        ),
        (
            "The council will mend the old bridge and the road beside it",
            ("The council will mend the old bridge", "and the road beside it"),
        ),
        (
            "Yesterday evening the inspector Dr. Smith came over the hill again",
            ("Yesterday evening the inspector", "Dr. Smith came over the hill again"),
        ),
    ],
)
def test_the_split_comes_where_a_reader_breathes(text: str, pieces: tuple[str, ...]) -> None:
    assert split_text(text, most=46) == pieces


def test_no_piece_is_a_single_word() -> None:
    text = "The county council will close the bridge over the river for repairs during the whole month of December."

    pieces = split_text(text, most=100)

    assert len(pieces) == 2
    assert all(len(piece.split()) >= 3 for piece in pieces)


def test_an_endless_word_is_cut_anyway() -> None:
    assert split_text("a" * 250, most=100) == ("a" * 100, "a" * 100, "a" * 50)


def test_an_empty_text_has_no_piece() -> None:
    assert split_text(" … — !", most=100) == ()


@pytest.mark.slow
@given(st.text(alphabet="ab .,;\u2014?!\u201c\u201d", max_size=400))
def test_every_word_stays_in_order_within_the_limit(text: str) -> None:
    pieces = split_text(text, most=40)

    assert all(0 < len(piece) <= 40 for piece in pieces)
    assert "".join(filter(str.isalnum, "".join(pieces))) == "".join(filter(str.isalnum, text))


def test_long_phonemes_are_cut_after_a_comma() -> None:
    clause = " ".join(["ðə bɹˈɪʤ klˈQzɪz ɒn mˈʌndA"] * 8)

    pieces = split_text(f"{clause}, {clause}.", most=400)

    assert all(len(piece) <= 400 for piece in pieces)
    assert pieces[0].endswith(",")
    assert " ".join(pieces) == f"{clause}, {clause}."
