from __future__ import annotations

from bulletin.script.phrases import load_phrases
from bulletin.script.tell import tell_article
from tests.factories import make_article

TAIL = "who felt shamed by a ruling telling him to drink foul water for polluting the river"
LONG = f"A young baker from Hallam, {TAIL}, has left the town, police said."
BRIEF = "Police said a young baker from Hallam has left the town."


def tell(text: str, *, title: str) -> list[str]:
    telling = tell_article(make_article(text=text, title=title), phrases=load_phrases("en-GB"))
    return [sentence for piece in telling.pieces for sentence in piece.sentences]


def test_what_the_headline_promised_is_not_what_is_cut_off() -> None:
    whole = f"Police said a young baker from Hallam, {TAIL}, has left the town."

    assert tell(LONG, title="Baker leaves after ruling on foul water") == [whole]
    assert tell(LONG, title="Baker leaves town") == [BRIEF]


def test_what_was_told_before_is_cut_off() -> None:
    told = "A court has given its ruling on foul water in the river at Hallam Bridge."

    assert tell(f"{told} {LONG}", title="Baker leaves after ruling on foul water") == [told, BRIEF]


def test_a_promise_makes_no_sentence_of_more_than_thirty_words() -> None:
    longer = LONG.replace("the river", "the river at the old Hallam Bridge")

    assert tell(longer, title="Baker leaves after ruling on foul water") == [BRIEF]


def test_who_says_it_does_not_come_last_for_a_promise() -> None:
    told = LONG.replace("telling him", "that told him")

    assert tell(told, title="Baker leaves after ruling on foul water") == [BRIEF]


def test_two_sentences_that_tell_all_of_it_stay_two() -> None:
    text = (
        "The county highways office is finding it hard to finish the new bridge across the river at Hallam due to "
        "the presence of a hundred nests under the old one."
    )

    assert tell(text, title="Bridge late due to nests") == [
        "The county highways office is finding it hard to finish the new bridge across the river at Hallam.",
        "This is because of the presence of a hundred nests under the old one.",
    ]
