from __future__ import annotations

from bulletin.normalization.load_pronunciation_lexicon import load_lexicon
from bulletin.normalization.pronunciation_lexicon import (
    Lexicon,
    Pronunciation,
    unshield,
)


def respell(text: str, **names: str) -> str:
    lexicon = Lexicon(entries=tuple(Pronunciation(written=k, said=v) for k, v in names.items()))
    return unshield(*lexicon.shield(text))


def test_the_longest_match_comes_first() -> None:
    names = {"Bath": "Barth", "Bath Road": "Barth Rode", "Bath Road East": "Barth Rode Eest"}

    assert respell("Bath, Bath Road, Bath Road East", **names) == "Barth, Barth Rode, Barth Rode Eest"


def test_only_whole_words_match() -> None:
    assert respell("Ely, Elysium, O-Ely, Ely's", Ely="Eelee") == "Eelee, Elysium, O-Eelee, Eelee's"


def test_case_counts() -> None:
    assert respell("reading in Reading", Reading="Redding") == "reading in Redding"


def test_a_headline_in_capitals_matches_too() -> None:
    assert respell("WEXCOMBE FLOODS", Wexcombe="Wecks-cum") == "Wecks-cum FLOODS"


def test_a_short_name_in_capitals_may_be_initials() -> None:
    assert respell("the ELY report", Ely="Eelee") == "the ELY report"


def test_a_word_in_small_letters_matches_at_a_sentence_start() -> None:
    assert respell("Lieutenant, lieutenant", lieutenant="leftenant") == "leftenant, leftenant"


def test_names_may_begin_with_a_symbol() -> None:
    assert unshield(*load_lexicon({"#Wex2026": "Wex"}).shield("at #Wex2026!")) == "at Wex!"


def test_a_respelling_is_not_respelled_again() -> None:
    assert respell("Bath and Barth", Bath="Barth", Barth="Borth") == "Barth and Borth"


def test_hundreds_of_names_in_one_text_are_all_respelled() -> None:
    names = {f"Name{number}": f"said {number}" for number in range(600)}

    assert respell(", ".join(names), **names).split(", ") == list(names.values())
