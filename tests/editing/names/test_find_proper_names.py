from __future__ import annotations

import pytest

from bulletin.editing.names.find_proper_names import find_names

ORDINARY = frozenset(("university", "floods", "bank", "police", "residents", "the", "board", "late"))


def names(*sentences: str) -> list[str]:
    return [
        proper_name.name
        for proper_name in find_names(sentences, is_ordinary=lambda word: word.lower() in ORDINARY)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It is the University of Wexcombe.", ["University of Wexcombe"]),
        ("He met Joan Pike of Wexcombe.", ["Joan Pike", "Wexcombe"]),
        ("He met Vincent van Pyke and Omar al-Tarn.", ["Vincent van Pyke", "Omar al-Tarn"]),
        ("He met Joan F. Pike, Anna Tarn and Dr. Bo Marsh.", ["Joan F. Pike", "Anna Tarn", "Bo Marsh"]),
        ("He met Wexcombe Borough Councillor Joan Pike on Friday.", ["Joan Pike"]),
        ("He met Prime Minister Joan Pike Tuesday.", ["Joan Pike"]),
        ("It is Wexcombe's Joan Pike.", ["Wexcombe", "Joan Pike"]),
        ("It is a Pike-led board with MPs of the NHS.", ["Pike"]),
    ],
)
def test_a_name_is_separated_from_its_neighbours(sentence: str, expected: list[str]) -> None:
    assert names(sentence) == expected


def test_an_ordinary_word_at_a_sentence_start_is_no_name() -> None:
    assert names("Residents left.", "Police in Wexcombe came.") == ["Wexcombe"]


def test_a_capitalised_word_inside_another_sentence_is_a_name() -> None:
    assert names("Bank closed.", "He went to Bank by train.") == ["Bank"]


def test_a_name_at_a_sentence_start_loses_the_common_word_before_it() -> None:
    assert names("Late Wexcombe goals won it.") == ["Wexcombe"]
