from __future__ import annotations

import pytest

from bulletin.script.support import find_unsupported, names_in, numbers_in

SOURCE = "Joan Pike, 54, told Wexcombe's council that the plan would not cost £3.5m, but twenty-seven thousand pounds."


@pytest.mark.parametrize(
    "text",
    [
        SOURCE,
        "Fifty-four-year-old Joan Pike told the council about a plan.",
        "It would not cost £3.5m.",
        "The plan would cost 27 thousand pounds.",
        "But Wexcombe has a plan.",
    ],
)
def test_what_stands_in_the_source_is_supported(text: str) -> None:
    assert find_unsupported(text, [SOURCE]) == ()


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("The plan would cost £4.5m.", ("4.5",)),
        ("Forty-five-year-old Joan Pike spoke.", ("45",)),
        ("Tom Pike told the council.", ("Tom",)),
        ("The council of Brenford met.", ("Brenford",)),
        ("Joan Pike never told the council and it would not cost money.", ("not",)),
        ("Joan Pike spoke on Monday.", ("Monday",)),
    ],
)
def test_what_does_not_is_named(text: str, lost: tuple[str, ...]) -> None:
    assert find_unsupported(text, [SOURCE]) == lost


def test_a_reckoned_day_is_supported() -> None:
    assert find_unsupported("Joan Pike spoke on Monday.", [SOURCE], days=("Monday",)) == ()


def test_numbers_in_words_and_figures_are_the_same() -> None:
    assert numbers_in("twenty-seven, 1,200, 3.5 and nine") == ["1200", "3.5", "27", "9"]


def test_names_are_words_with_a_capital() -> None:
    assert names_in("The mayor of Wexcombe met Dr Ann Fox on the EasyBus.") == [
        "Wexcombe",
        "Ann",
        "Fox",
        "EasyBus",
    ]
