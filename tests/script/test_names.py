from __future__ import annotations

from bulletin.model import Sentence
from bulletin.script.lexicon import load_lexicon
from bulletin.script.names import UnusualName, list_unusual_names

NONE = load_lexicon({}, language="xx")


def names(*sentences: str, **known: str) -> list[str]:
    return [found.name for found in list_unusual_names(sentences, load_lexicon(known, language="xx"))]


def test_a_name_that_no_lexicon_knows_is_listed_with_its_sentence() -> None:
    sentence = Sentence(text="Police spoke to Anna Bogumilska.", spoken="")

    found = list_unusual_names([sentence], NONE)

    assert found[-1] == UnusualName(name="Bogumilska", sentence="Police spoke to Anna Bogumilska.")


def test_ordinary_words_and_common_names_are_not_listed() -> None:
    assert names("The Council says Exeter and London will send John Smith's nurses on Monday.") == []


def test_a_name_in_the_lexicon_is_not_listed() -> None:
    assert names("Floods in Wexcombe", Wexcombe="Wecks-cum") == []


def test_a_name_within_a_longer_entry_is_not_listed() -> None:
    assert names("Floods in Nether Wexcombe", **{"Nether Wexcombe": "Nether Wecks-cum"}) == []


def test_each_name_is_listed_once_and_without_its_possessive() -> None:
    assert names("Zbigniewska won.", "It was Zbigniewska's day, Zbigniewska’s best.") == ["Zbigniewska"]


def test_hyphened_names_are_judged_by_their_parts() -> None:
    assert names("Ann Smith-Jones and Bo Smith-Zbigniewska") == ["Smith-Zbigniewska"]


def test_initials_and_addresses_are_no_names() -> None:
    assert names("The NHS and MPs, @Wexcombery and #Wexfloodz") == []
