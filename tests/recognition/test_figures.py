from __future__ import annotations

import pytest

from bulletin.recognition.figures import Figure, join_figures

VALUES = {
    "a hundred and five": "105",
    "twelve hundred": "1200",
    "one hundred twenty five trillion": "125000000000000",
    "two million three hundred thousand": "2300000",
    "two thousand and twenty six": "2026",
    "twenty twenty six": "2026",
    "nineteen oh five": "1905",
    "three six one": "361",
    "zero point zero five": "0.05",
    "6.50": "6.5",
    "half a million": "500000",
    "six billion and four million": "6004000000",
    "two and a half": "2.5",
    "twenty first": "21",
    "nil": "0",
}


@pytest.mark.parametrize(("words", "value"), VALUES.items())
def test_a_figure_has_one_value_however_it_is_said(words: str, value: str) -> None:
    figures = [item for item, _, _ in join_figures(words.split())]

    assert [item.value for item in figures if isinstance(item, Figure)] == [value]


@pytest.mark.parametrize(
    "words", ["oh dear", "a man and a half", "the point of it", "and then", "half of it"]
)
def test_words_that_only_look_like_figures_stay_words(words: str) -> None:
    assert [item for item, _, _ in join_figures(words.split())] == words.split()
