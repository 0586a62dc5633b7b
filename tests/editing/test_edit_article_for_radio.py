"""Article -> complete sentences in its order, as far as a listener can follow."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.editing.edit_article_for_radio import tell_article
from bulletin.editing.edited_article import Lead, Telling
from bulletin.editing.sentence_model.airable_sentence_classifier import LENIENT, PLAIN, THRESHOLDS, Thresholds
from bulletin.language.english_grammar_parser import parser_problem
from bulletin.language.load_station_phrases import load_phrases
from bulletin.model import Article
from tests.support.factories import make_article

needs_parser = pytest.mark.skipif(bool(parser_problem()), reason="the extra [english] is not installed")

TITLE = "Warehouse is destroyed by fire in Wexcombe"
LEAD = (
    "A fire destroyed a furniture warehouse in Wexcombe on Monday and closed two streets until the evening."
)
SENT = "The county fire service said it sent sixty firefighters to the warehouse on Mill Lane."
FOUGHT = "The fire service said sixty firefighters fought the fire at the warehouse in Wexcombe on Monday."
UNHURT = "Nobody was hurt in the fire, Chief Fire Officer Ann Fox told reporters on Monday evening."

NO_STATEMENT = "What we know of the fire"
"""A title that cannot become a sentence."""


def edit(
    text: str,
    *,
    title: str = TITLE,
    said_before: tuple[str, ...] = (),
    thresholds: Thresholds = THRESHOLDS[0],
    **changes: Any,
) -> Telling:
    article: Article = make_article(
        **{"title": title, "text": text, "summary": "", "is_dated": False, **changes}
    )
    return tell_article(
        article, phrases=load_phrases("en-GB"), said_before=said_before, thresholds=thresholds
    )


def edited_sentences(text: str, **changes: Any) -> list[str]:
    return [sentence for piece in edit(text, **changes).pieces for sentence in piece.sentences]


def test_sentences_are_complete_and_in_order() -> None:
    assert edited_sentences(f"{LEAD}\n\n{SENT}\n\n{UNHURT}") == [LEAD, SENT, UNHURT]


def test_every_sentence_has_its_origin() -> None:
    pieces = edit(f"{LEAD}\n\n{SENT}\n\n{UNHURT}").pieces
    assert [[origin.text for origin in piece.origins] for piece in pieces] == [[LEAD], [SENT], [UNHURT]]


def test_a_sentence_and_its_but_stay_together() -> None:
    blame = "Police in Wexcombe said on Tuesday that the fire was probably lit on purpose."
    but = "But the owner of the warehouse, Joan Pike, said it was a fault in the wires."
    assert edited_sentences(f"{LEAD}\n\n{blame}") == [LEAD, blame]
    assert [len(piece.sentences) for piece in edit(f"{LEAD}\n\n{blame}\n\n{but}").pieces] == [1, 2]

    long = f"{but[:-1]}{' and a fault in the lamps' * 6}."
    for thresholds in (THRESHOLDS[0], PLAIN):
        assert edited_sentences(f"{LEAD}\n\n{blame}\n\n{long}", thresholds=thresholds) == [LEAD]


@pytest.mark.parametrize("thresholds", [THRESHOLDS[0], LENIENT, PLAIN])
def test_a_sentence_with_an_omitted_subject_is_left_out(thresholds: Thresholds) -> None:
    unheard = "“I saw smoke. I saw flames,” said Ann Fox."
    she = "She lives on Mill Lane in Wexcombe."
    next_sentence = "The fire service sent sixty firefighters to the warehouse, a spokesman said on Monday."
    assert edited_sentences(f"{LEAD}\n\n{unheard}\n\n{she}", thresholds=thresholds) == [LEAD]
    assert she not in edited_sentences(
        f"{LEAD}\n\n{unheard}\n\n{she}\n\n{next_sentence}", thresholds=thresholds
    )


def test_a_surname_is_used_only_after_the_full_name() -> None:
    hidden = "“Why was I not told?” asked Ann Fox, who owns the warehouse."
    named = "The warehouse belongs to Ann Fox, a furniture maker of Wexcombe."
    surname = "Fox built the warehouse in Wexcombe in 1987."
    assert edited_sentences(f"{LEAD}\n\n{named}\n\n{surname}", thresholds=PLAIN) == [LEAD, named, surname]
    assert edited_sentences(f"{LEAD}\n\n{hidden}\n\n{surname}", thresholds=PLAIN) == [LEAD]


def test_a_paragraph_is_used_from_its_beginning() -> None:
    question, answer = "Can it be rebuilt?", "The fire left four walls of the warehouse in Wexcombe."
    assert answer in edited_sentences(f"{LEAD}\n\n{question}\n\n{answer}", thresholds=THRESHOLDS[2])
    assert answer not in edited_sentences(f"{LEAD}\n\n{question} {answer}", thresholds=THRESHOLDS[2])


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
def test_unfit_sentences_are_left_out(sentence: str) -> None:
    for thresholds in (THRESHOLDS[0], PLAIN):
        assert edited_sentences(f"{LEAD}\n\n{sentence}", thresholds=thresholds) == [LEAD]


def test_the_lead_names_the_subject_of_the_headline() -> None:
    scene = "Ann Fox was making tea when she smelt something odd."
    news = "A fire destroyed a furniture warehouse in Wexcombe on Monday, Chief Fire Officer Joan Pike said."
    first = edit(f"{scene}\n\n{news}\n\n{SENT}").pieces[0]
    assert [origin.text for origin in first.origins] == [news]


def test_no_story_opens_with_an_unnamed_person() -> None:
    scene = "Ann Fox was making tea."
    text = f"{scene}\n\nThe mother of three says the warehouse in Wexcombe was destroyed by fire."
    assert edit(text, title=NO_STATEMENT).pieces == ()


SCENES = "Everybody saw the smoke.\n\nIt came from the loading bay at six in the morning."


@needs_parser
@pytest.mark.parametrize("text", ["", SCENES])
def test_the_headline_opens_a_story_without_usable_text(text: str) -> None:
    telling = edit(text, title="Wexcombe loses warehouse to fire")
    assert telling.lead is Lead.HEADLINE
    assert telling.pieces[0].sentences == ("Wexcombe loses warehouse to fire.",)


def test_the_headline_opens_no_story_with_a_long_text() -> None:
    text = "\n\n".join([SCENES, *(f"It was seen from {town} as well." for town in "ABCDEFGHIJKL")])
    assert edit(text, title="Wexcombe loses warehouse to fire").pieces == ()


def test_an_incomprehensible_story_is_refused_with_a_reason() -> None:
    telling = edit("Negotiations will continue on Wednesday.", title="Why talks about the Wex ferry matter")
    assert telling.pieces == ()
    assert telling.reason


LONG_LEAD = (
    "A fire that began at six on Monday morning in the offices of a furniture maker on Mill Lane has destroyed the"
    " largest warehouse in Wexcombe and two shops, the county fire service said."
)


def test_a_long_lead_gives_way_to_the_feeds_summary() -> None:
    text = f"{LONG_LEAD}\n\n{FOUGHT}"
    long = edit(text, summary="")
    assert long.lead is Lead.LONG
    assert [origin.text for origin in long.pieces[0].origins] == [LONG_LEAD]
    short = edit(text, summary=LEAD)
    assert short.lead is Lead.SUMMARY
    assert [piece.sentences for piece in short.pieces] == [(LEAD,), (FOUGHT,)]


def test_only_the_lead_is_repeated_from_earlier_bulletins() -> None:
    text = f"{LEAD}\n\n{UNHURT}\n\n{FOUGHT}"
    assert edited_sentences(text) == [LEAD, UNHURT, FOUGHT]
    assert edited_sentences(text, said_before=(LEAD, UNHURT)) == [LEAD, FOUGHT]


@needs_parser
def test_a_thing_introduced_by_the_title_follows_the_title() -> None:
    text = "The old mill burnt down on Monday.\n\nThe fire service sent sixty people to Wexcombe."
    assert edited_sentences(text, title="Wexcombe loses old mill")[0] == "Wexcombe loses old mill."
    assert edit(text, title=NO_STATEMENT).pieces == ()


def test_no_story_opens_with_an_unintroduced_woman() -> None:
    text = "Two men in a van in Wexcombe chased the female cyclist on Monday, police said."
    known = text.replace("the female cyclist", "a cyclist")
    assert edit(known, title="Chased by men in van").lead is Lead.SENTENCE
    assert edit(text, title="Chased by men in van").pieces == ()


def test_no_story_opens_with_an_event_of_years_ago() -> None:
    past = "Wexcombe council bought the warehouse almost 47 years ago for the fire service."
    assert edit(f"{past}\n\n{SENT}", title=NO_STATEMENT).pieces == ()


def test_a_denial_stays_with_the_charge() -> None:
    charge = "Police say Ann Fox lit the fire at the warehouse for money."
    text = f"{LEAD}\n\n{charge}\n\nShe denies the charge."
    assert [piece.sentences for piece in edit(text).pieces] == [(LEAD,), (charge, "She denies the charge.")]


def test_the_answer_of_the_accused_moves_to_the_lead() -> None:
    lead = "Ann Fox has been accused of lighting a fire that destroyed a warehouse in Wexcombe."
    between = [f"The fire service sent {number} people to Wexcombe." for number in ("sixty", "eighty")]
    answer = "Fox denied all part in the fire in Wexcombe."
    text = "\n\n".join((lead, *between, answer))
    first = edit(text).pieces[0]
    assert first.sentences == (lead, answer)
    assert first.places == (0, 3)
    # the sentences in between did not move
    assert edited_sentences(text, is_local=True)[:3] == [lead, answer, between[0]]


def test_a_charge_is_not_used_without_the_denial() -> None:
    lead = "Ann Fox has been accused of lighting a fire that destroyed a warehouse in Wexcombe."
    long = f"Fox denied all part in the fire in Wexcombe{' and in the fire in the next street' * 4}."
    assert edited_sentences(lead) == [lead]
    assert edit(f"{lead}\n\n{SENT}\n\n{long}").pieces == ()


def test_doing_so_is_used_only_after_its_antecedent() -> None:
    omitted = "“I never sold it,” Ann Fox told Wexcombe council, who had sold the warehouse twice."
    text = f"{LEAD}\n\nCan it be? {omitted}\n\nThe council of Wexcombe denied doing so."
    for thresholds in (THRESHOLDS[0], PLAIN):
        assert edited_sentences(text, thresholds=thresholds) == [LEAD]


def test_text_above_the_dateline_is_left_out() -> None:
    text = f"Ann Fox watches the fire in Wexcombe on Monday.\n\nWEXCOMBE — {LEAD}"
    assert edited_sentences(text) == [LEAD]


def test_a_sentence_with_a_photo_credit_is_a_caption() -> None:
    text = f"{LEAD}\n\nA fireman rests near the warehouse in Wexcombe. (Joan Pike/Wexcombe Gazette)"
    assert edited_sentences(text) == [LEAD]


def test_quoted_words_need_a_speaker() -> None:
    text = f"{LEAD}\n\nPeople in Wexcombe looked at 'rather dreadful' posts about the fire."
    assert edited_sentences(text) == [LEAD]


def test_lenient_thresholds_accept_what_strict_ones_refuse() -> None:
    lead, more = (
        "Nurses at Marlbridge infirmary have voted for a walkout.",
        "Four in five are against the new rotas.",
    )
    text, title = f"{lead}\n\n{more}", "What nurses want"
    assert edited_sentences(text, title=title, thresholds=THRESHOLDS[0]) == []
    assert edited_sentences(text, title=title, thresholds=LENIENT) == [lead, more]


def test_lenient_thresholds_accept_no_teaser() -> None:
    text = "You will never guess what the ferryman found.\n\nThere is something about a river at night."
    assert edit(text, title="A night on the river", thresholds=LENIENT).pieces == ()


NOTICE = "The old ferry is running.\n\nThe fare is two pounds."


@pytest.mark.parametrize("changes", [{"is_local": True}, {"category": "weather"}, {"category": "travel"}])
def test_own_stories_weather_and_travel_are_read_as_written(changes: dict[str, Any]) -> None:
    assert edit(NOTICE, title="Ferry").pieces == ()
    assert edited_sentences(NOTICE, title="Ferry", **changes) == NOTICE.split("\n\n")
