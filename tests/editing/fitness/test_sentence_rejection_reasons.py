from __future__ import annotations

import pytest

from bulletin.editing.context.needs_previous_sentence import has_binding_connective, lacks_antecedent
from bulletin.editing.fitness.sentence_rejection_reasons import why_unfit
from bulletin.language.english_grammar_parser import parser_problem

needs_parser = pytest.mark.skipif(
    bool(parser_problem()), reason="only the parser tells a noun with a clause from a sentence"
)


@pytest.mark.parametrize(
    "text",
    [
        "Who will pay for the bridge?",
        "The last trip of the ferry was so much fun!!",
        "We have asked for more money.",
        "You can see the plans in the library.",
        "Click the map to see the roads.",
        "The club announced it @wexcombetown.",
        "Read it at www.example.org today.",
        "The new road and the.",
        "The view from the bridge.",
        "Delighted: The team with the cup.",
        "The road is closed",
        "The ferry minister Joan Pike told the House of Commons on Friday.",
        "Which is how the ferry came to stop.",
        pytest.param(
            "A look back at the long life of the ferryman, who died on Tuesday aged ninety.",
            marks=needs_parser,
        ),
        "The mayor called the ferry a piece of shit.",
        pytest.param(
            "An undated photo of the landing where the boats are being held in Wexcombe.", marks=needs_parser
        ),
        pytest.param(
            "Ask her if the ferry is safe and she says she would not call it that.", marks=needs_parser
        ),
        "Because the river was high.",
        "Happy to meet the crowds on the quay.",
        "Two goals in the last minutes and a pitch invasion by fans of both sides in the rain.",
        "Rant: 61-year-old Guy Hale called the ferry a disgrace.",
        "Joan Pike, left, with the crew of the ferry.",
        "Joan Pike looks bemused as the boat sinks.",
        "Joan Pike was recently seen in Ferryman.",
        "The rules are set out below.",
        " ".join(["word"] * 40) + " was closed.",
        pytest.param(
            "A nurse who wants to become a singer but is told that she must only dream.", marks=needs_parser
        ),
        "Maybe that is the reason for the long delay.",
        "The ferry (and its crew are safe.",
        "The film has DirectorAnna Fox as a pianist and RatingFour stars.",
    ],
)
def test_unfit_sentences_are_refused(text: str) -> None:
    assert why_unfit(text, is_first=False)


@pytest.mark.parametrize(
    "text",
    [
        "He was taken to hospital.",
        "It is closed.",
        "This was the third fire of the week.",
        "As a result, the school is shut.",
        "For years, they waited for a bus.",
        "The study was published on Monday.",
        "The two boats, both built in 1902, were sold.",
        "The truth is far more detailed.",
        "The rules have also been changed.",
        "Two days later, Joan Pike resigned.",
        "More than a century later, the ferry still runs.",
        "The following day, councillors met.",
    ],
)
def test_a_story_does_not_open_with_a_missing_antecedent(text: str) -> None:
    assert why_unfit(text, is_first=True)


@pytest.mark.parametrize(
    "text",
    [
        "The government has closed the ferry.",
        "The county council has closed the ferry.",
        "The ferry at Hallam Bridge has closed.",
        "The man who ran the ferry has died.",
        "The Hallam ferry has closed.",
        "The oldest ferry has closed.",
        "The vicar, Ann Fox, has resigned.",
        "The firm said on Monday that the ferry will close.",
        "Three days before the vote, Joan Pike resigned.",
        "In Brenford, it would be easy to forget the ferry.",
    ],
)
def test_a_story_may_open_with_a_self_contained_sentence(text: str) -> None:
    assert why_unfit(text, is_first=True) == ""


def test_an_article_may_open_with_a_definite_noun() -> None:
    text = "The ferry stopped on Monday."

    assert why_unfit(text, is_first=True)
    assert why_unfit(text, is_first=True, opens_article=True) == ""


def test_an_impersonal_it_needs_no_antecedent() -> None:
    assert not lacks_antecedent("In Brenford, it would be easy to forget the ferry.")
    assert lacks_antecedent("Laying the stone, it broke.")
    assert lacks_antecedent("The ferryman said it was in Wexcombe for a boat race.")
    assert not lacks_antecedent("The ferryman said it was hard for a crew to stop.")


def test_a_pronoun_may_open_the_second_sentence() -> None:
    assert why_unfit("He was taken to hospital.", is_first=False) == ""


@pytest.mark.parametrize(
    "text",
    [
        "The boy has hepatitis A.",
        "They both nurse their daughter.",
        "Few firms control most of the ferries.",
        "Joan Pike was last seen in Wexcombe on Friday.",
        "The firm, which makes boats is to close next year.",
        "A photo of the landing which was taken in May clearly shows a hole.",
        "A look at the accounts shows a loss.",
        "You can now report a pothole online.",
        "From next month, you will need no ticket for the ferry.",
        "A nurse who wanted to become a singer has won the county prize.",
    ],
)
def test_fit_sentences_are_accepted(text: str) -> None:
    assert why_unfit(text, is_first=True, opens_article=True) in ("", "opens with a pronoun")


def test_a_sentence_that_addresses_the_listener_is_no_lead() -> None:
    assert why_unfit("Ask the wrong question and you find the mayor walking out.", is_first=True)


def test_a_binding_connective_needs_the_previous_sentence() -> None:
    assert has_binding_connective("For example, the pool is shut.")
    assert not has_binding_connective("Ministers met on Monday.")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Police officers in Wexcombe, near a boathouse where two revellers were found.",
            marks=needs_parser,
        ),
        pytest.param(
            "Two great examples by way of the account of the ferry: here and here.", marks=needs_parser
        ),
    ],
)
def test_captions_and_references_to_the_page_are_refused(text: str) -> None:
    assert why_unfit(text, is_first=False)


def test_an_adverb_before_a_pronoun_is_no_antecedent() -> None:
    assert why_unfit("Probably they knew that the ferry would stop in March.", is_first=True)
    assert not why_unfit("Probably the oldest ferry in the valley will stop in March.", is_first=True)


@needs_parser
def test_a_month_is_no_verb() -> None:
    """ "May" is often the month; counted as a verb, it would complete a sentence without one."""
    assert why_unfit("The harbour master, who was dismissed in May.", is_first=False)
    assert why_unfit("A storm over Wexcombe in May.", is_first=False)
    assert not why_unfit("The ferry may stop in May.", is_first=False)


@pytest.mark.parametrize(
    "text",
    [
        "Pike said on Monday she would row.",
        "Pike told the harbour board of her plans on Friday.",
        "Three days after the flood the ferry ran again.",
        "The pier being closed, the ferry could not land.",
        "Ahmed the ferryman has died in Wexcombe.",
        "Which ferry will be sold is not yet known.",
    ],
)
def test_a_complete_sentence_is_not_refused_for_its_beginning(text: str) -> None:
    assert not why_unfit(text, is_first=False)


@pytest.mark.parametrize(
    "text",
    [
        "Pike said on Monday.",
        "Pike told a court in Brenford.",
    ],
)
def test_an_attribution_without_its_statement_is_refused(text: str) -> None:
    assert why_unfit(text, is_first=False) == "a quotation without quotation marks"
