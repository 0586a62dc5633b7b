from __future__ import annotations

import pytest

from bulletin.rewriter.guard.find_wrong_names_and_speakers import find_strange_names, names_in

SOURCE = "Joan Pike, 54, told Wexcombe's council that the plan would not cost £3.5m, but twenty-seven thousand pounds."


@pytest.mark.parametrize(
    "text",
    [
        SOURCE,
        "Fifty-four-year-old Joan Pike told the council about a plan.",
        "It would not cost £3.5m.",
        "But Wexcombe has a plan.",
    ],
)
def test_a_name_of_the_source_is_known(text: str) -> None:
    assert find_strange_names(text, [SOURCE]) == ()


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Tom Pike told the council.", ("Tom",)),
        ("The council of Brenford met.", ("Brenford",)),
        ("Joan Pike spoke on Monday.", ("Monday",)),
    ],
)
def test_any_other_name_is_strange(text: str, strange: tuple[str, ...]) -> None:
    assert find_strange_names(text, [SOURCE]) == strange


def test_names_are_words_with_a_capital() -> None:
    assert names_in("The mayor of Wexcombe met Dr Ann Fox on the EasyBus.") == [
        "Wexcombe",
        "Ann",
        "Fox",
        "EasyBus",
    ]
