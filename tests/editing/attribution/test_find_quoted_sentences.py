"""Sentences inside quotations."""

from __future__ import annotations

import pytest

from bulletin.editing.attribution.find_quoted_sentences import join_block_quotes, read_sentences


def quoted(*paragraphs: str) -> list[str]:
    return [sentence.text for sentence in read_sentences(paragraphs) if sentence.is_quoted]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("The road is shut. It will open in May.", []),
        ("“The road is shut,” Ann Fox said. It will open in May.", []),
        # a listener cannot hear whose words these are, in the middle of a quotation
        ("“The road is shut. It is old. It leaks,” Ann Fox said.", ['“The road is shut."', "It is old."]),
        ('Ann Fox said: "The road is shut. It is old. It leaks."', ["It is old.", '"It leaks."']),
        ("Ann Fox agreed. “It leaks.” The road is old.", ["“It leaks.”"]),
    ],
)
def test_quoted_sentences_without_a_speaker_are_found(paragraph: str, expected: list[str]) -> None:
    assert quoted(paragraph) == expected


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    assert quoted("“The road is shut. It is old.", "“It leaks,” Ann Fox said.", "It will open in May.") == [
        '“The road is shut."',
        "It is old.",
    ]


def test_an_unclosed_mark_is_a_misprint() -> None:
    assert quoted('The " road is shut. It is old.', "It will open in May.") == []


def test_the_last_sentence_of_a_quotation_keeps_its_speaker() -> None:
    *_, last = read_sentences(['"It is old. It leaks," Ann Fox said.'])
    assert last.text == '"It leaks," Ann Fox said.'
    assert not last.is_quoted


def test_a_block_quote_below_its_speaker_gets_marks() -> None:
    assert (
        join_block_quotes("The minister said:\nThe road is shut.") == 'The minister said: "The road is shut."'
    )
