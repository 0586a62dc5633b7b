"""Captions: line length, line breaks and display time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.publishing.podcast.captions import LEAST_MS, split_text, to_captions

DETOUR = (
    "The county council said drivers should use the A361 while the work goes on, and that buses would run "
    "every ten minutes from the station, which stays open until the end of the year."
)


def srt(text: str) -> list[tuple[str, ...]]:
    return split_text(text, columns=32, rows=2)


def test_a_short_sentence_is_one_caption() -> None:
    assert srt("More news at eight o’clock.") == [("More news at eight o’clock.",)]


def test_a_long_sentence_is_several_broken_at_phrases() -> None:
    assert srt(DETOUR) == [
        ("The county council said drivers", "should use the A361 while"),
        ("the work goes on, and that buses", "would run every ten minutes"),
        ("from the station, which stays", "open until the end of the year."),
    ]
    assert split_text(DETOUR, columns=65, rows=1) == [
        ("The county council said drivers should use the A361 while",),
        ("the work goes on, and that buses would run every ten minutes",),
        ("from the station, which stays open until the end of the year.",),
    ]


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("Traders in the old town say it was the bridge that made them.", ("the bridge", "the old")),
        (
            "Councillor Joan Pethick said the work would cost 3.5 million pounds.",
            ("Joan Pethick", "3.5 million"),
        ),
        (
            "Police were called to a house in Mill Lane on Tuesday 25 November 2026.",
            ("Mill Lane", "25 November"),
        ),
        (
            "The plan for the new school was put to Mr. Oduya and the governors.",
            ("Mr. Oduya", "the governors"),
        ),
        ("Von der Stadt heißt es, dass die Brücke im Mai 2027 fertig wird.", ("die Brücke", "Mai 2027")),
        ("Le maire a dit que le pont sera fermé pendant la nuit de lundi.", ("le pont", "la nuit")),
    ],
)
def test_words_of_a_phrase_stay_on_one_line(text: str, together: tuple[str, ...]) -> None:
    lines = [line for card in srt(text) for line in card]

    assert len(lines) > 1
    for words in together:
        assert any(words in line for line in lines), lines


def test_a_comma_is_the_best_line_break() -> None:
    (card,) = srt("It rained all night, so the river rose.")

    assert card == ("It rained all night,", "so the river rose.")


@pytest.mark.parametrize(
    ("text", "joint"),
    [
        ("Die Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft tagt.", ""),
        ("市議会は月曜日に、老朽化した橋の架け替え工事を来年四月から始めることを全会一致で決めました。", ""),
        ("See https://www.example.org/news/2026/11/28/bridge-over-the-river-wex-closes for more.", ""),
        ("ก" + "่" * 80, ""),  # punctuation only
    ],
)
@pytest.mark.parametrize(("columns", "rows"), [(32, 2), (65, 1)])
def test_words_longer_than_a_line_are_broken_and_none_is_lost(
    text: str, joint: str, columns: int, rows: int
) -> None:
    cards = split_text(text, columns=columns, rows=rows)

    assert all(len(line) <= columns for card in cards for line in card)
    assert joint.join("".join(card) for card in cards).replace(" ", "") == text.replace(" ", "")


def test_japanese_breaks_after_its_comma() -> None:
    (card,) = srt("市議会は月曜日に橋の工事を始めることを決めましたが、費用はまだ分かりません。")

    assert card == ("市議会は月曜日に橋の工事を始めることを決めましたが、", "費用はまだ分かりません。")


def test_a_sentences_time_is_shared_out_by_letters() -> None:
    captions = to_captions([(400, 9400, DETOUR)], columns=32, rows=2)

    lasted = [caption.end_ms - caption.start_ms for caption in captions]
    letters = [sum(map(str.isalpha, "".join(caption.lines))) for caption in captions]
    assert (captions[0].start_ms, captions[-1].end_ms) == (400, 9400)
    assert all(caption.end_ms == following.start_ms for caption, following in pairwise(captions))
    for ms, count in zip(lasted, letters, strict=True):
        assert ms / 9000 == pytest.approx(count / sum(letters), abs=0.05)


def test_figures_take_longer_than_their_letter_count() -> None:
    text = "The scheme would cost £31,250,000, the council said to everybody."
    figures, words = to_captions([(0, 6000, text)], columns=34, rows=1)

    assert "£31,250,000" in figures.lines[0]
    assert words.start_ms == figures.end_ms > 3500


def test_a_short_caption_stays_during_the_pause_after_it() -> None:
    first, second = to_captions([(0, 400, "No."), (1600, 3000, "She said so.")], columns=32, rows=2)

    assert (first.end_ms, second.start_ms) == (LEAST_MS, 1600)


def test_no_caption_overlaps_the_next() -> None:
    first, second = to_captions([(0, 5000, "One."), (300, 2000, "Two.")], columns=32, rows=2)

    assert (first.end_ms, second.start_ms) == (300, 300)


WORDS = st.text(st.characters(codec="utf-8"), max_size=300)
SPANS = st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 60_000), WORDS), max_size=4)


@pytest.mark.slow
@given(SPANS, st.sampled_from([(32, 2), (65, 1)]))
def test_any_text_has_short_lines_in_order(
    sentences: list[tuple[int, int, str]], shape: tuple[int, int]
) -> None:
    spans = sorted((start, end, " ".join(text.split())) for start, end, text in sentences if text.strip())
    columns, rows = shape

    captions = to_captions(spans, columns=columns, rows=rows)

    lines = [line for caption in captions for line in caption.lines]
    assert all(0 < len(line) <= columns for line in lines)
    assert all(len(caption.lines) <= rows for caption in captions)
    assert all(caption.start_ms < caption.end_ms for caption in captions)
    assert all(caption.end_ms <= following.start_ms for caption, following in pairwise(captions))
    assert "".join("".join(lines).split()) == "".join("".join(text.split()) for _, _, text in spans)
