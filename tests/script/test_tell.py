"""Whole sentences in the article's order, as far as a listener can follow."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.model import Article
from bulletin.script.parse import has_parser, parser_problem
from bulletin.script.phrases import load_phrases
from bulletin.script.tell import tell_article
from bulletin.script.telling import Lead, Telling
from tests.factories import make_article

needs_parser = pytest.mark.skipif(bool(parser_problem()), reason="the extra [english] is not installed")

TITLE = "Warehouse is destroyed by fire in Wexcombe"
LEAD = "A fire has destroyed a warehouse in Wexcombe."
WHOLE_TITLE = "A fire stops the ferry in Wexcombe"
FAR_FROM_ITS_HEADLINE = "Everybody saw the smoke.\n\nThe fire began in the loading bay at six in the morning."


def tell(text: str, *, title: str = TITLE, said_before: tuple[str, ...] = (), **changes: Any) -> Telling:
    article: Article = make_article(
        **{"title": title, "text": text, "summary": "", "is_dated": False, **changes}
    )
    return tell_article(article, phrases=load_phrases("en-GB"), said_before=said_before)


def told(text: str, **changes: Any) -> list[str]:
    return [sentence for piece in tell(text, **changes).pieces for sentence in piece.sentences]


def test_sentences_are_told_whole_and_in_order() -> None:
    text = f"{LEAD}\n\nThe roof fell in at six.\n\nThe fire service sent sixty people to Wexcombe."
    assert told(text) == text.split("\n\n")


def test_every_sentence_says_where_it_comes_from() -> None:
    for piece in tell(f"{LEAD}\n\nThe roof fell in at six.").pieces:
        assert [origin.text for origin in piece.origins] == list(piece.sentences)


def test_a_sentence_and_its_but_are_told_together_or_not_at_all() -> None:
    text = f"{LEAD}\n\nPolice believe the fire was lit on purpose.\n\nBut the owner says it was a fault."
    assert [len(piece.sentences) for piece in tell(text).pieces] == [1, 2]

    long = "But " + " ".join(["the owner says it was a fault in the wires and"] * 4) + " no more."
    assert told(f"{LEAD}\n\nPolice believe the fire was lit on purpose.\n\n{long}") == [LEAD]


def test_nothing_is_told_whose_subject_was_left_out() -> None:
    unheard = "“I saw smoke. I saw flames,” said Ann Fox."
    text = f"{LEAD}\n\n{unheard}\n\nShe lives in Wexcombe.\n\nThe fire service sent sixty people to Wexcombe."
    assert told(text) == [LEAD, "The fire service sent sixty people to Wexcombe."]


def test_a_surname_is_told_only_after_the_name() -> None:
    hidden = "“Why was I not told?” asked Ann Fox, who owns the warehouse."
    assert told(f"{LEAD}\n\n{hidden}\n\nFox built the warehouse in Wexcombe.") == [LEAD]


def test_a_paragraph_is_told_from_its_beginning() -> None:
    text = f"{LEAD}\n\nCan it be rebuilt? The fire left four walls. The warehouse was the town's largest."
    assert told(text) == [LEAD]


@pytest.mark.parametrize(
    "sentence",
    [
        "We will rebuild the warehouse in Wexcombe.",
        "What caused the fire in Wexcombe?",
        "Click here to see the fire in Wexcombe.",
        "Ann Fox, left, with a neighbour at the warehouse in Wexcombe.",
        "“The warehouse was old.”",
        "The warehouse was old. ”",
        "The fire " + "in the old warehouse by the river " * 5 + "was put out.",
    ],
)
def test_what_a_newsreader_refuses_is_left_out(sentence: str) -> None:
    assert told(f"{LEAD}\n\n{sentence}") == [LEAD]


def test_the_lead_names_what_the_headline_names() -> None:
    scene = "Ann Fox was making tea when she smelt something odd."
    news = "A fire had destroyed the warehouse of a furniture shop in Wexcombe."
    assert told(f"{scene}\n\n{news}")[0] == news


def test_the_second_sentence_opens_a_story_whose_first_cannot_be_read() -> None:
    first = "The mayor held “candid” talks about harbour dues in Marlbridge."
    second = "Joan Pike met the traders of the quay at the town hall."
    telling = tell(
        f"{first}\n\n{second}", title="Joan Pike holds 'candid' talks about harbour dues in Marlbridge"
    )
    assert telling.lead is Lead.SECOND
    assert telling.pieces[0].sentences == (second,)


def test_no_story_opens_on_somebody_who_was_never_named() -> None:
    scene = "Ann Fox was making tea."
    text = f"{scene}\n\nThe mother of three says the warehouse in Wexcombe was destroyed by fire."
    assert tell(text).lead is not Lead.SENTENCE or not tell(text).pieces


@needs_parser
def test_the_headline_is_the_lead_where_no_sentence_is() -> None:
    text = (
        "Everybody saw the smoke.\n\nThe smoke in Wexcombe came from the loading bay at six in the morning."
    )
    telling = tell(text, title="Wexcombe loses warehouse to fire")
    assert telling.lead is Lead.HEADLINE
    assert telling.pieces[0].sentences == ("Wexcombe loses warehouse to fire.",)


def test_a_story_that_nobody_could_follow_is_not_told() -> None:
    telling = tell("Negotiations will continue on Wednesday.", title="Why talks about the Wex ferry matter")
    assert telling.pieces == ()
    assert telling.reason


LONG_LEAD = (
    "A fire that began in the early hours of the morning in the offices above the loading bay has destroyed a large"
    " furniture warehouse on the edge of Wexcombe and two shops near by."
)


def test_a_long_lead_gives_way_to_the_feeds_summary() -> None:
    text = f"{LONG_LEAD}\n\nThe fire service sent sixty people to Wexcombe."
    assert tell(text, summary="").lead is Lead.LONG
    short = tell(text, summary=LEAD)
    assert short.lead is Lead.SUMMARY
    assert [piece.sentences[0] for piece in short.pieces] == [
        LEAD,
        "The fire service sent sixty people to Wexcombe.",
    ]


def test_what_was_said_before_is_told_no_second_time_but_for_the_lead() -> None:
    text = f"{LEAD}\n\nThe roof fell in at six.\n\nThe fire service sent sixty people to Wexcombe."
    again = told(text, said_before=(LEAD, "The roof fell in at six."))
    assert again == [LEAD, "The fire service sent sixty people to Wexcombe."]


@pytest.mark.skipif(not has_parser(), reason="without the parser no headline leads")
def test_a_headline_that_is_the_lead_keeps_the_sentence_that_explains_it() -> None:
    telling = tell(FAR_FROM_ITS_HEADLINE, title=WHOLE_TITLE)
    first = [sentence for piece in telling.pieces for sentence in piece.sentences]
    assert telling.lead is Lead.HEADLINE
    assert told(FAR_FROM_ITS_HEADLINE, title=WHOLE_TITLE, said_before=tuple(first)) == first[:2]


@needs_parser
def test_a_thing_that_only_the_title_introduces_opens_no_story() -> None:
    text = "The old mill burnt down on Monday.\n\nThe fire service sent sixty people to Wexcombe."
    telling = tell(text, title="Wexcombe loses old mill")
    assert telling.lead is Lead.HEADLINE


def test_no_story_opens_on_a_woman_told_by_her_age_alone() -> None:
    text = "Two men in a van in Wexcombe chased the female cyclist, shouting."
    assert tell(text, title="Cyclist chased by men in van").pieces == ()


@needs_parser
def test_no_story_opens_on_what_is_years_ago() -> None:
    past = "Wexcombe council bought the warehouse almost 47 years ago for the fire service."
    assert told(f"{past}\n\n{LEAD}")[0] == LEAD


def test_a_denial_is_told_with_the_sentence_it_answers() -> None:
    charge = "Police say Ann Fox lit the fire at the warehouse for money."
    text = f"{LEAD}\n\n{charge}\n\nShe denies the charge."
    assert [len(piece.sentences) for piece in tell(text).pieces] == [1, 2]


def test_what_the_accused_say_is_brought_forward() -> None:
    lead = "Ann Fox has been accused of lighting a fire that destroyed a warehouse in Wexcombe."
    between = [f"The fire service sent {number} people to Wexcombe." for number in ("sixty", "eighty")]
    answer = "Fox, 40, denied all part in the fire in Wexcombe."
    told_now = told("\n\n".join((lead, *between, answer)))
    assert told_now[1].startswith("Fox, aged 40, denied") or "denied" in told_now[1]


def test_doing_so_is_told_only_after_what_was_done() -> None:
    left_out = "“I never sold it,” Ann Fox told Wexcombe council, who had sold the warehouse twice."
    text = f"{LEAD}\n\nCan it be? {left_out}\n\nThe council of Wexcombe denied doing so."
    assert told(text) == [LEAD]


def test_whatever_stands_above_the_dateline_is_left_out() -> None:
    text = f"Ann Fox watches the fire in Wexcombe on Monday.\n\nWEXCOMBE — {LEAD}"
    assert told(text) == [LEAD]


def test_what_a_photographer_signs_is_a_caption() -> None:
    text = f"{LEAD}\n\nA fireman rests near the warehouse in Wexcombe. (Joan Pike/Wexcombe Gazette)"
    assert told(text) == [LEAD]


def test_words_in_marks_need_somebody_who_says_them() -> None:
    text = f"{LEAD}\n\nPeople in Wexcombe looked at 'rather dreadful' posts about the fire."
    assert told(text) == [LEAD]
