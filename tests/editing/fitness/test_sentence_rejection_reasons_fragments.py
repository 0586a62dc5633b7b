"""Reasons to refuse sentence fragments, captions and references to a page or programme."""

from __future__ import annotations

import pytest

from bulletin.editing.fitness.find_editor_notes_and_captions import is_pictured
from bulletin.editing.fitness.sentence_rejection_reasons import why_unfit
from bulletin.language.english_grammar_parser import parser_problem

needs_parser = pytest.mark.skipif(
    bool(parser_problem()), reason="only the parser tells a noun with a clause from a sentence"
)


def refused(text: str) -> str:
    return why_unfit(text, is_first=True, opens_article=True)


@pytest.mark.parametrize(
    "text",
    [
        "Joan Pike has more than 40 years of service behind her.",
        "Wexcombe Council has more details of the plan, it said.",
        "Wexcombe Council reports that the ferry is shut.",
        "Joan Pike spoke to WRN about the ferry on Monday.",
    ],
)
def test_statements_with_has_or_says_are_accepted(text: str) -> None:
    assert not refused(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A ferry that the storm sank in the harbour, in August.", marks=needs_parser),
        pytest.param("An old mill that Pike built on the quay.", marks=needs_parser),
    ],
)
def test_a_noun_with_only_a_relative_clause_is_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "A ferry that the storm sank has been raised.",
        "A nurse who Mr Pike said was ill has died.",
        "A bridge praised by its builders is shut.",
    ],
)
def test_a_noun_with_relative_clause_and_main_verb_is_accepted(text: str) -> None:
    assert not refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "What spectacular new piers reveal about a town.",
        "How the ferry sank.",
        "Have gone through many harbours without success.",
        pytest.param("A reminder that the harbour board said the inquiry is on ice.", marks=needs_parser),
        pytest.param("13 min: Pike bursts down the wing and hits the post.", marks=needs_parser),
        "Hv ordered the board to stop the ferry, as the town will not pay for it.",
        "Full interview with Ann Wilkins, curator of the gallery at the old town hall of Wexcombe.",
        pytest.param(
            "The place that may play a part in solving the riddle of what happened to the ferry and its crew.",
            marks=needs_parser,
        ),
        pytest.param("The crew who saved three children from the river.", marks=needs_parser),
        "You won't believe which of your neighbours have a boat!",
    ],
)
def test_fragments_and_notes_are_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "What happened next is not known.",
        "What residents want is a bridge.",
        "Why the mayor resigned is not known.",
        "Had she known, Pike would have stayed.",
        "A reminder that the road is icy was issued on Monday.",
        "The man who stole the boat lives in Wexcombe.",
        "The man who stole the boat will appear in court.",
        "The second is that boats are dear.",
        "You won't need a ticket for the ferry from May.",
    ],
)
def test_complete_sentences_that_look_like_fragments_are_accepted(text: str) -> None:
    assert not refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tired of waiting, in the rain, the ferrymen went home.",
        "Most ferries are old.",
        "All schools are shut on Monday.",
        "None of the crew was hurt.",
    ],
)
def test_a_story_may_open_with_a_general_subject(text: str) -> None:
    assert not refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wexcombe ferryman Guy Hale shakes hands with Joan Pike after signing an agreement to raise a boat.",
    ],
)
def test_an_action_in_a_picture_is_a_caption(text: str) -> None:
    assert refused(text) == "a caption"
    assert refused("Joan Pike and Guy Hale stand as candidates, the council said.") != "a caption"


def test_left_and_right_in_brackets_mark_a_caption() -> None:
    assert is_pictured("Ferryman Guy Hale (L) rows with Joan Pike (R) on the Wex.")
    assert is_pictured("Guy Hale (second left) with the crew of the ferry.")
    assert not is_pictured("Senator Guy Hale (R) voted against the ferry.")
