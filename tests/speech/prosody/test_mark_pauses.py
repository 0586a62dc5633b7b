from __future__ import annotations

import re

import pytest

from bulletin.normalization.normalize_text import make_speakable
from bulletin.speech.prosody.mark_pauses import mark_pauses


@pytest.mark.parametrize(
    ("language", "text", "marked"),
    [
        ("en-GB", "It cost two million three hundred pounds.", "It cost two million, three hundred pounds."),
        ("en-GB", "One thousand people, two million pounds.", "One thousand people, two million pounds."),
        ("en-GB", "She was replaced by Siân de Wit.", "She was replaced by, Siân de Wit."),
        ("en-GB", "It was won by a whisker.", "It was won by a whisker."),
        ("es", "Son dos millones trescientos mil.", "Son dos millones, trescientos mil."),
        ("fr-FR", "Il a trois millions deux cents.", "Il a trois millions, deux cents."),
        ("de", "Zwei Millionen dreihundert.", "Zwei Millionen dreihundert."),  # no table: as it is
    ],
)
def test_pauses_are_marked_and_no_word_changes(language: str, text: str, marked: str) -> None:
    assert mark_pauses(text, language=language) == marked
    assert re.findall(r"\w+", marked) == re.findall(r"\w+", text)


def test_figures_of_a_printed_text_are_told_in_groups() -> None:
    spoken = make_speakable("Call 020 7946 0018: £1,250,375.", language="en-GB")

    assert mark_pauses(spoken, language="en-GB") == (
        "Call oh two oh, seven nine four six, oh oh one eight: one million, two hundred and fifty thousand, "
        "three hundred and seventy-five pounds."
    )
