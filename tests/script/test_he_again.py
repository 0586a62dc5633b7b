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


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("The Dutchman sold his boat.", "The Dutchman thanked the town for its welcome.", "He thanked"),
        ("The harbour board closed the pier.", "The harbour board warned of its steps.", "It warned"),
        ("The union called off the strike.", "The union also asked for lower fares.", "It also asked"),
    ],
)
def test_who_has_no_name_is_not_named_twice_either(before: str, text: str, after: str) -> None:
    assert read(before, text)[1].startswith(after)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        # which of them
        ("The Dutchman sold the mayor his boat.", "The Dutchman thanked the town."),
        # what is told of it may be told of the pier
        ("The harbour board closed the pier.", "The harbour board was founded in May."),
        # nobody knows
        ("The accused sold his boat.", "The accused thanked the town."),
        # a boat does not warn
        ("The boat hit the pier.", "The boat sank in the harbour."),
        ("The council of Wexcombe met.", "The council of Brenford met, too."),
    ],
)
def test_but_where_it_is_not_sure_it_is_said_again(before: str, text: str) -> None:
    assert read(before, text) == [before, text]
