from __future__ import annotations

from typing import Any

from bulletin.script.phrases import load_phrases
from bulletin.script.promised import giving_way, keeps_promise
from bulletin.script.tell import tell_article
from bulletin.script.telling import Piece
from tests.factories import make_article

LEAD = "Wexcombe council has voted to close the swimming pool in Hallam Street at the end of March."
SECOND = "The pool was opened in the summer of the year 1961 by the mayor and nine thousand guests."
THIRD = "Six hundred people had signed a letter which asked for two further years and for a new roof."
FOURTH = "The county looked at four other places last spring and found them all to be in good repair."
PROMISED = "Four lifeguards will move to the lido on the quay, and nobody loses any pay."
TITLE = "Pool to close, lifeguards move to lido"


def pieces(*texts: str) -> tuple[Piece, ...]:
    return tuple(Piece(sentences=(text,), origins=(), place=place) for place, text in enumerate(texts))


def tell(*sentences: str, **changes: Any) -> list[str]:
    article = make_article(text=" ".join(sentences), **changes)
    telling = tell_article(article, phrases=load_phrases("en-GB"))
    return [sentence for piece in telling.pieces for sentence in piece.sentences]


def test_what_the_title_promises_is_told_in_time() -> None:
    assert tell(LEAD, SECOND, THIRD, FOURTH, PROMISED, title=TITLE) == [LEAD, SECOND, THIRD, PROMISED]


def test_without_a_promise_nothing_gives_way() -> None:
    said = tell(LEAD, SECOND, THIRD, FOURTH, PROMISED, title="Pool to close")

    assert said == [LEAD, SECOND, THIRD, FOURTH, PROMISED]


def test_what_lies_between_gives_way_too() -> None:
    told = pieces(LEAD, SECOND, THIRD, FOURTH, FOURTH.replace("four", "six"), PROMISED)

    assert giving_way(told, TITLE) == {3, 4}


def test_what_alone_tells_of_another_word_of_the_title_stays() -> None:
    roof = "Pool to close, lifeguards, lido and repair"

    assert giving_way(pieces(LEAD, SECOND, THIRD, FOURTH, PROMISED), roof) == {2}


def test_the_first_two_never_give_way() -> None:
    long = SECOND.replace(".", " who had come from all of the four valleys on foot, by boat and in carts.")
    longer = LEAD.replace(".", ", and to sell its land to the county for a car park of three floors.")

    assert giving_way(pieces(longer, long, THIRD, PROMISED.replace(".", f", said {THIRD}")), TITLE) == set()


def test_a_few_words_never_give_way() -> None:
    told = pieces(LEAD, SECOND, f"{THIRD} {THIRD}", "Two of them were hurt.", PROMISED)

    assert 3 not in giving_way(told, TITLE)


def test_nobody_speaks_whom_only_what_gave_way_has_named() -> None:
    named = "The county's surveyor, Joan Pike, looked at four other places and found them in good repair."
    promised = "Pike said the four lifeguards will move to the lido on the quay, and nobody loses any pay."

    assert giving_way(pieces(LEAD, SECOND, THIRD, named, promised), TITLE) == set()
    assert giving_way(pieces(LEAD, SECOND, THIRD, FOURTH, promised), TITLE) == {3}


def test_a_telling_is_kept_when_the_promise_got_lost_on_the_way() -> None:
    before = pieces(LEAD, SECOND, THIRD, FOURTH, PROMISED)

    assert keeps_promise(pieces(LEAD, SECOND, THIRD, PROMISED), before=before, title=TITLE)
    assert not keeps_promise(pieces(LEAD, SECOND, THIRD), before=before, title=TITLE)
