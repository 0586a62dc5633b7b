"""Expansion of abbreviations that an article explains in brackets."""

from __future__ import annotations

from bulletin.editing.sentence_model.airable_sentence_classifier import PLAIN
from bulletin.editing.sentences.expand_abbreviations import expand_abbreviations, explained_abbreviations
from tests.editing.test_edit_article_for_radio import LEAD, edited_sentences


def test_the_name_is_the_last_words_with_these_initials() -> None:
    text = "Mayor Joan Pike told the U.S. Wexcombe Harbour and River Company ({}), which Ann Fox (X) owns."
    assert explained_abbreviations([text.format("Whrc")]) == {
        "Whrc": "the Wexcombe Harbour and River Company"
    }
    assert explained_abbreviations([text.format("Whc")]) == {}


def test_a_well_known_abbreviation_is_kept() -> None:
    assert explained_abbreviations(["It is for the United Nations (UN)."]) == {}


def test_later_sentences_use_the_full_name() -> None:
    explains = (
        "The Wexcombe Harbour Company (WHC) said on Monday that it would pay for the repairs of the quay."
    )
    later = "WHC said on Tuesday that an WHC engineer had looked at the quay."
    spoken = edited_sentences(f"{LEAD}\n\n{explains}\n\n{later}", thresholds=PLAIN)
    assert spoken[1] == explains.replace(" (WHC)", "")
    assert spoken[2].startswith(
        "The Wexcombe Harbour Company said on Tuesday that a Wexcombe Harbour Company engineer"
    )


def test_a_word_that_only_contains_the_letters_is_kept() -> None:
    assert (
        expand_abbreviations("The WHCs and X-WHC", {"WHC": "the Wexcombe Harbour Company"})
        == "The WHCs and X-WHC"
    )
