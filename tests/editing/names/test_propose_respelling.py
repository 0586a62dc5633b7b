"""First respellings: what a voice reads otherwise than names are said."""

from __future__ import annotations

import re

import pytest

from bulletin.editing.names.propose_respelling import (
    Reading,
    load_respelling_model,
    propose_respelling,
    spell_as_english,
)
from bulletin.editing.names.spell_phonemes import spell_phonemes


def by_rule(phonemes: str) -> Reading:
    return Reading(phonemes=phonemes, is_known=False)


def test_a_name_of_the_dictionary_is_spelt_as_it_is_said() -> None:
    said = propose_respelling("Rheims", lambda _: Reading(phonemes="ɹˈimz", is_known=True))

    assert said == "Reemz"


def test_the_letters_of_a_clearly_foreign_name_are_read_as_english_ones() -> None:
    read: list[str] = []

    propose_respelling("Kowalczyk", lambda word: read.append(word) or by_rule("kOvəlʧɪk"))

    assert read == ["Kowalczyk", "Kovalchyk"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Szczecin", "shchetsin"),
        ("Jaruzelski", "yaruzelski"),
        ("Zhuhai", "juhai"),
        ("Siân", "shân"),
        ("Siobhán", "shován"),
        ("Smith", "smith"),
        ("Council", "council"),
    ],
)
def test_only_unmistakable_spellings_are_changed(name: str, letters: str) -> None:
    assert spell_as_english(name) == letters


def test_a_correction_applies_beside_its_letters_only() -> None:
    """Learnt: "cci" between vowels is the sound of "ch", as in names with a known pronunciation."""
    model = load_respelling_model()

    assert model.correct("Masaccio", "mæsˈæksɪˌO") != "mæsæksɪO"
    assert model.correct("Smith", "smˈɪθ") == "smɪθ"


def test_each_part_of_a_double_name_is_respelled() -> None:
    said = propose_respelling("Anne-Rheims", lambda word: by_rule("ˈæn" if word == "Anne" else "ɹˈimz"))

    assert said.count(" ") == 1


@pytest.mark.parametrize("name", ["", "-", "'"])
def test_no_word_has_no_respelling(name: str) -> None:
    assert propose_respelling(name, lambda _: by_rule("ˈæn")) == ""


def test_a_word_that_the_voice_cannot_read_has_no_respelling() -> None:
    assert propose_respelling("Xqz", lambda _: None) == ""
    assert propose_respelling("Brrr", lambda _: by_rule("bɹ")) == ""


@pytest.mark.parametrize(
    "phonemes", ["məsˈɑʧiO", "ʃˈI", "ˈIlə", "ɡˈɛɹi", "fjˈuɡ", "ŋɡwˈɛn", "stɹˈɛŋθs", "Qɑɒaɜᵻ"]
)
def test_a_respelling_is_letters_and_hyphens(phonemes: str) -> None:
    """So that the lexicon accepts it."""
    assert re.fullmatch("[A-Z][a-z]*(-[a-z]+)*", spell_phonemes(phonemes))
