from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bulletin.editing.names.words_newsreaders_know import KnownWords
from bulletin.model import Sentence
from bulletin.normalization.load_pronunciation_lexicon import load_lexicon
from bulletin.script.list_unusual_names import UnusualName, list_unusual_names

NONE = load_lexicon({}, language="xx")
ORDINARY = frozenset(
    ("council", "floods", "river", "police", "black", "thorn", "bridge", "ferry", "marsh", "mine", "lower")
)
COMMON = frozenset(("anna", "joan", "pike", "smith", "john", "ann", "london"))


def often(word: str) -> float:
    return 4.0 if word in ORDINARY else 0.0


def vocabulary(zipf: Callable[[str], float] = often) -> KnownWords:
    return KnownWords(
        ordinary=ORDINARY,
        common=COMMON,
        pronounced=frozenset(("ruritania",)),
        zipf=zipf,
    )


def hard(*sentences: str, **known: str) -> list[str]:
    lexicon = load_lexicon(known, language="xx")
    names = list_unusual_names(sentences, lexicon, vocabulary=vocabulary())
    return [word for name in names for word in name.words]


def test_a_hard_name_is_listed_in_full_with_its_hard_word_and_its_sentence() -> None:
    sentence = Sentence(text="Police spoke to Anna Bogumilska.", spoken="")

    (name,) = list_unusual_names([sentence], NONE, vocabulary=vocabulary())

    assert name == UnusualName(
        name="Anna Bogumilska",
        words=("Bogumilska",),
        sentence="Police spoke to Anna Bogumilska.",
        stumble=name.stumble,
    )


def test_a_surname_alone_belongs_to_the_full_name() -> None:
    sentences = ("Bogumilska won.", "It was Anna Bogumilska's day, Bogumilska’s best.")

    names = list_unusual_names(sentences, NONE, vocabulary=vocabulary())

    assert [(name.name, name.sentence) for name in names] == [("Anna Bogumilska", "Bogumilska won.")]


def test_ordinary_words_and_common_names_are_not_listed() -> None:
    assert hard("The Council says London will send John Smith's police, and Pikes too.") == []


@pytest.mark.parametrize("respelling", ["Wecks-cum", ""])
def test_a_name_that_the_lexicon_holds_is_not_listed_even_without_a_respelling(respelling: str) -> None:
    assert hard("Floods in Dzhaliq", Dzhaliq=respelling) == []
    assert hard("Floods in Nether Dzhaliq", **{"Nether Dzhaliq": respelling}) == []
    assert hard("Floods in Dzhaliq and Lower Dzhaliq", **{"Nether Dzhaliq": respelling}) == ["Dzhaliq"]


def test_only_the_hard_part_of_a_hyphened_name_counts() -> None:
    assert hard("Ann Smith-Pike") == []
    assert hard("Ann Smith-Zbigniewska") == ["Smith-Zbigniewska"]


def test_initials_addresses_and_names_made_of_words_are_not_listed() -> None:
    assert hard("The NHS, MPs, @Wexcombia, #Wexfloodz, FerryMine and Blackthorn") == []


def test_a_word_of_english_that_is_hardly_ever_written_may_be_a_hard_name() -> None:
    def list_with(zipf: float) -> list[str]:
        words = replace(vocabulary(lambda word: zipf), ordinary=ORDINARY | {"mohzalla"})
        return [name.name for name in list_unusual_names(["at Mohzalla"], NONE, vocabulary=words)]

    assert list_with(1.0) == ["Mohzalla"]
    assert list_with(3.0) == []


def test_people_of_a_known_place_are_known() -> None:
    assert hard("the Ruritanians won") == []


def test_a_name_is_harder_beside_another_unknown_name() -> None:
    def zipf(word: str) -> float:
        return 1.7

    (beside_known,) = list_unusual_names(["at Anna Dzhaliq"], NONE, vocabulary=vocabulary(zipf))
    (beside_unknown,) = list_unusual_names(["at Bogumila Dzhaliq"], NONE, vocabulary=vocabulary(zipf))

    assert beside_unknown.stumble > beside_known.stumble


def test_a_plural_is_as_well_known_as_its_stem() -> None:
    def zipf(word: str) -> float:
        return 3.5 if word == "velmaro" else 0.0

    names = list_unusual_names(["the Velmaros", "the Dzhaliqs"], NONE, vocabulary=vocabulary(zipf))

    assert [name.name for name in names] == ["Dzhaliqs"]


def test_a_name_that_is_often_written_is_known() -> None:
    def zipf(word: str) -> float:
        return 3.5 if word == "bogumilska" else 0.0

    names = list_unusual_names(["Anna Bogumilska met Jan Zwolnic"], NONE, vocabulary=vocabulary(zipf))

    assert [name.name for name in names] == ["Jan Zwolnic"]


def test_a_foreign_spelling_is_harder_than_an_english_one() -> None:
    def zipf(word: str) -> float:
        return 2.0

    names = list_unusual_names(["at Ferrybury", "at Dzhaliq"], NONE, vocabulary=vocabulary(zipf))

    assert [name.name for name in names] == ["Dzhaliq"]


def test_the_hardest_name_comes_first_and_equals_keep_their_order() -> None:
    sentences = ["in Bogumilska", "in Zbigniewska", "in Mbeguilo", "in Dzhaliq", "in Mbeguila"]

    names = list_unusual_names(sentences, NONE, vocabulary=vocabulary())

    order = [(-round(name.stumble), sentences.index(name.sentence)) for name in names]
    assert len(order) == len(sentences)
    assert order == sorted(order)
    assert len({hardness for hardness, _ in order}) not in (1, len(order))


def test_a_name_not_said_as_written_is_listed_even_if_in_a_dictionary() -> None:
    knows_towns = replace(vocabulary(), common=COMMON | {"altrincham"})

    (name,) = list_unusual_names(["Floods in Altrincham"], NONE, vocabulary=knows_towns)

    assert name.words == ("Altrincham",)


def test_an_accent_does_not_make_a_common_name_hard() -> None:
    assert hard("Police spoke to Joän Piké.") == []
