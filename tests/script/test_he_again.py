"""Who is told of twice is "she" the second time, where nobody else could be meant."""

from __future__ import annotations

import pytest

from bulletin.model import Origin
from bulletin.script.he_again import say_he_again
from bulletin.script.telling import Piece

SOURCE = "Singer Joan Pike paid for the ferry. Bill Fox sold it to her. Zorin Quay rowed it."


def read(*sentences: str) -> list[str]:
    origin = (Origin(article_id="a", text="", credit="", link=""),)
    pieces = tuple(
        Piece(sentences=(text,), origins=origin, place=place) for place, text in enumerate(sentences)
    )
    return [one for piece in say_he_again(pieces, source=SOURCE) for one in piece.sentences]


def test_a_name_and_a_pronoun_take_turns() -> None:
    assert read(
        "Singer Joan Pike paid for the ferry.",
        "Pike said the old one leaked.",
        "Pike has sung in Wexcombe since May.",
        "Pike also rows.",
    ) == [
        "Singer Joan Pike paid for the ferry.",
        "She said the old one leaked.",
        "Pike has sung in Wexcombe since May.",
        "She also rows.",
    ]


@pytest.mark.parametrize(
    ("before", "text"),
    [
        # somebody else
        ("Joan Pike bought the ferry from Fox.", "Pike said it leaked."),
        ("Joan Pike thanked the mayor.", "Pike said it leaked."),
        # not what the sentence is about
        ("The ferry of Joan Pike sank.", "Pike said it leaked."),
        ("When Pike came, the ferry was gone.", "Pike said it leaked."),
        # nobody knows
        ("Zorin Quay rowed the ferry.", "Quay said it leaked."),
        ("The ferry sank.", "Pike said it leaked."),
    ],
)
def test_but_not_where_anybody_else_could_be_meant(before: str, text: str) -> None:
    assert read(before, text) == [before, text]
