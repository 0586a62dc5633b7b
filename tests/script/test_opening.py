"""What opens a story tells what the title tells, and says the turn with it."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.script.parse import parser_problem
from bulletin.script.phrases import load_phrases
from bulletin.script.tell import tell_article
from tests.factories import make_article

needs_parser = pytest.mark.skipif(bool(parser_problem()), reason="the extra [english] is not installed")

LIMBO = "Wexcombe school clubs in limbo as lawsuit challenges council cuts"
SCENE = "School clubs in Wexcombe keep Ann Fox's son busy every afternoon."


def told(text: str, **changes: Any) -> list[str]:
    article = make_article(**{"text": text, "summary": "", "is_dated": False, **changes})
    telling = tell_article(article, phrases=load_phrases("en-GB"))
    return [sentence for piece in telling.pieces for sentence in piece.sentences]


@needs_parser
def test_a_scene_that_shares_only_the_titles_subject_opens_no_story() -> None:
    assert SCENE not in told(SCENE, title=LIMBO)


@needs_parser
@pytest.mark.parametrize(
    "lead", ["Two people were killed in Wexcombe on Friday.", "A crash has left two people dead in Wexcombe."]
)
def test_the_event_may_stand_in_other_words(lead: str) -> None:
    assert told(lead, title="Two die in Wexcombe") == [lead]


def test_the_but_of_the_next_paragraph_is_told_with_the_lead_or_the_lead_is_not() -> None:
    title = "Ferry crews in Wexcombe face pay cut"
    lead = "Ferry crews in Wexcombe were promised in May that no pay cut would come."
    text = f"{lead} Ann Fox, a deckhand, bought a house.\n\n"
    turn = "But the owner will cut the pay of the crews by a third."

    assert told(text + turn, title=title)[-1] == turn
    assert told(f"{text}But {'the owner ' * 40}will cut the pay.", title=title) == []


def test_a_column_is_not_told() -> None:
    lead = "The council of Wexcombe has closed the ferry."
    title = "Wexcombe council closes ferry"

    assert told(f"{lead}\n\nI have followed the council for years.", title=title) == []
    assert told(f'{lead}\n\n"I am glad," said Ann Fox of Wexcombe.', title=title)[0] == lead


def test_what_a_reporter_sees_here_is_not_told() -> None:
    lead = "The ferry of Wexcombe has been closed."
    text = f"{lead}\n\nThe ferry lies still in the harbour here."

    assert told(text, title="Wexcombe closes ferry") == [lead]


def test_half_of_not_just_is_not_told() -> None:
    lead = "The council of Wexcombe has closed the ferry."
    text = f"{lead}\n\nThe council said the ferry was not just a boat.\n\nThe ferry is 90 years old."

    assert told(text, title="Wexcombe council closes ferry") == [lead, "The ferry is 90 years old."]


def test_a_members_party_and_state_are_not_read() -> None:
    lead = "Senator Ann Fox, D-Wex., has closed the ferry."

    assert told(lead, title="Fox closes ferry") == ["Senator Ann Fox has closed the ferry."]


@needs_parser
def test_a_lead_from_further_down_leans_on_nothing_that_was_skipped() -> None:
    skipped = "Everybody in the harbour is waiting.\n\nA deal for the boats is near.\n\n"
    lean = "Critics of the deal say Wexcombe will lose the ferry within a year."

    assert lean not in told(skipped + lean, title="Critics say Wexcombe will lose ferry")


@needs_parser
@pytest.mark.parametrize(
    "standfirst",
    ["The mayor, Ann Fox, met the crew.", "Rescue services were called to the crash by Ann Fox of Wexcombe."],
)
def test_a_standfirst_that_leans_on_its_title_is_told_under_it(standfirst: str) -> None:
    title = "Two men die in crash in Wexcombe"

    assert told(standfirst, title=title) == [f"{title}.", standfirst]
    assert told(standfirst, title="Why the Wexcombe crash surprised no driver on the island") == []


def test_a_quotation_that_nothing_closes_is_not_told() -> None:
    lead = "Ann Fox has closed the ferry of Wexcombe."
    text = f"{lead}\n\nAnn Fox told the Gazette: 'It was hard to keep the boat.\n\n'I tried for years.'"

    assert told(text, title="Fox closes ferry of Wexcombe") == [lead]
