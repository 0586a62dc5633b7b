from __future__ import annotations

import pytest

from bulletin.script.edits.quotes import hear_quotes


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        # who speaks is told
        ('The mayor called the ferry "a disgrace".', "The mayor called the ferry a disgrace."),
        ('Joan Pike said the ferry was "past saving".', "Joan Pike said the ferry was past saving."),
        ('A court heard he had a "sudden rage".', "A court heard he had a sudden rage."),
        # names
        ('The boat "Valley Queen" has sunk.', "The boat Valley Queen has sunk."),
        ('He left the "No entry" board in place.', "He left the No entry board in place."),
        # nobody speaks
        (
            'The driver had a "sudden rage" on Monday.',
            "The driver had what was described as a sudden rage on Monday.",
        ),
        (
            'A "secret store" has been found in the boathouse.',
            "What was described as a secret store has been found in the boathouse.",
        ),
        (
            'The ferryman was sacked for "gross neglect".',
            "The ferryman was sacked for what was described as gross neglect.",
        ),
        ('The old ferry is "beyond repair".', "The old ferry is described as beyond repair."),
        ('Boats are "often wrecked by" the weir.', "Boats are described as often wrecked by the weir."),
        ('The crew "lost all sense of time" there.', "The crew reportedly lost all sense of time there."),
        ("The goat was found to be 'pregnant'.", "The goat was found to be pregnant."),
        ('The old ferry had been "a danger".', "The old ferry had been described as a danger."),
        ("She planned the murder of her 'cruel' husband.", "She planned the murder of her husband."),
        ("They paid for a 'taster' lesson.", "They paid for a taster lesson."),
        ('They cleared the claims "legacy backlog".', "They cleared the claims legacy backlog."),
        ("The road is closed.", "The road is closed."),
    ],
)
def test_somebodys_words_stay_somebodys(written: str, heard: str) -> None:
    assert hear_quotes(written) == heard


@pytest.mark.parametrize(
    "text",
    [
        'The weir could be "the death of the town" now.',
        'He went there to "teach them a lesson" and left.',
        'A "mad rush" followed the "worst blunder" in years.',
        'It ended with the mayor\'s "great surrender" on Monday.',
    ],
)
def test_where_english_has_no_place_for_it_the_marks_refuse_the_sentence(text: str) -> None:
    assert '"' in hear_quotes(text)
