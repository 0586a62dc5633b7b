"""Printed sentence -> sentence for radio, without the parser and with it."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.editing.attribution.find_unattributed_quotes import has_unattributed_quote
from bulletin.editing.rewrite_sentence_for_radio import Setting, clean_sentence, move_words
from bulletin.editing.sentences.reword_ages_and_yesterday import Days
from bulletin.language.english_grammar_parser import parser_problem

needs_parser = pytest.mark.skipif(bool(parser_problem()), reason="the extra [english] is not installed")
SMALL = frozenset("the it a bridge trains were ferry".split())
DAYS = Days(written=date(2026, 11, 24), on_air=date(2026, 11, 25))


def edit(text: str, *, may_parse: bool = False, days: Days | None = DAYS) -> tuple[str, ...]:
    setting = Setting(days=days, small=SMALL, spell=lambda number: f"<{number}>", may_parse=may_parse)
    return move_words(clean_sentence(text, setting), setting)


@pytest.mark.parametrize(
    ("printed", "heard"),
    [
        # brackets and marks
        (
            "The Wexcombe Port Authority (WPA) has shut the quay.",
            "The Wexcombe Port Authority has shut the quay.",
        ),
        ("Pike said he (Tom Fox) had sold the boat.", "Pike said Tom Fox had sold the boat."),
        ("The A1(M) is shut at Hallam.", "The A1-M is shut at Hallam."),
        ("Fox said [he] would row.", "Fox said he would row."),
        ("The quay — built in 1900 — is shut.", "The quay, built in 1900, is shut."),
        (
            "The quay — which the council bought from the railway in 1900 — is shut.",
            "The quay is shut.",
        ),
        ("The film ‘Wild River’ opens on Friday.", "The film Wild River opens on Friday."),
        ("Fox called the plan “a disgrace”.", "Fox called the plan a disgrace."),
        # the speaker of a quotation
        ("“The bridge is shut,” Ann Fox said.", "Ann Fox said the bridge is shut."),
        (
            "“The bridge is shut,” Ann Fox told a meeting on Monday.",
            "Ann Fox told a meeting on Monday that the bridge is shut.",
        ),
        ("“The bridge is old,” said Ann Fox, the mayor.", "Ann Fox, the mayor, said the bridge is old."),
        ("The mayor added: “The ferry is late.”", "The mayor added that the ferry is late."),
        # ages
        ("Ann Fox, 34, was hurt.", "<34>-year-old Ann Fox was hurt."),
        ("The driver was Ann Fox, 34.", "The driver was Ann Fox, aged 34."),
        # days
        ("The ferry sank yesterday.", "The ferry sank on Monday."),
        ("The ferry has been shut since yesterday.", "The ferry has been shut since Monday."),
        ("Fox spent yesterday in court.", "Fox spent Monday in court."),
        ("The ferry was sold last week.", "The ferry was sold last week."),
        # as printed
        ("The ferry will sail to the islands.", "The ferry will sail to the islands."),
    ],
)
def test_a_sentence_is_read_as_printed_without_its_marks(printed: str, heard: str) -> None:
    assert edit(printed) == (heard,)


@pytest.mark.parametrize(
    "printed",
    [
        "“We are sad,” Ann Fox said.",
        "“Is the bridge shut?” Ann Fox asked.",
        "“A fine bridge,” said Ann Fox.",
        "The “mind-blowing” offer ends on Friday.",
    ],
)
def test_quotation_marks_without_a_clear_speaker_stay(printed: str) -> None:
    """Marks that stay make a later step refuse the sentence."""
    assert '"' in edit(printed)[0]


def test_a_verb_or_a_title_attributes_the_marks() -> None:
    assert not has_unattributed_quote('Fox described the plan as "a disgrace".')
    assert not has_unattributed_quote('The play "Wild River" has opened.')
    assert has_unattributed_quote('The council has shut the "eyesore".')


@needs_parser
@pytest.mark.parametrize(
    ("printed", "heard"),
    [
        ("The bridge is shut, police said.", "Police said the bridge is shut."),
        (
            "The bridge will be shut until Friday, the county council said on Monday.",
            "The county council said on Monday that the bridge will be shut until Friday.",
        ),
        ("Ten people were hurt, according to police.", "According to police, ten people were hurt."),
        (
            "The bridge is shut, said Ann Fox, the leader of the council.",
            "Ann Fox, the leader of the council, said the bridge is shut.",
        ),
    ],
)
def test_the_speaker_comes_first(printed: str, heard: str) -> None:
    assert edit(printed, may_parse=True) == (heard,)


@needs_parser
@pytest.mark.parametrize(
    "printed",
    [
        # the pronoun would seem to mean the ministry
        "It will close the bridge, the ministry said.",
        "But the bridge is shut, police said.",
        # it is unclear whether police said the first half
        "The bridge is shut and the ferry has sailed, according to police.",
        "Police said the bridge is shut.",
        "The bridge, which police said was shut, is open.",
    ],
)
def test_a_sentence_with_an_unclear_speaker_stays_as_printed(printed: str) -> None:
    assert edit(printed, may_parse=True) == (printed,)


@needs_parser
@pytest.mark.parametrize(
    ("printed", "halves"),
    [
        (
            (
                "The mayor sold the old boat in May after months of talks with the harbour board, and the ferry company"
                " bought the quay for two million pounds."
            ),
            (
                "The mayor sold the old boat in May after months of talks with the harbour board.",
                "The ferry company bought the quay for two million pounds.",
            ),
        ),
        (
            (
                "The mayor sold the old boat in May after months of talks with the harbour board, but the ferry company"
                " kept the quay for another two years."
            ),
            (
                "The mayor sold the old boat in May after months of talks with the harbour board.",
                "But the ferry company kept the quay for another two years.",
            ),
        ),
    ],
)
def test_a_long_sentence_is_split_without_losing_a_word(printed: str, halves: tuple[str, ...]) -> None:
    assert edit(printed, may_parse=True) == halves


@needs_parser
@pytest.mark.parametrize(
    "printed",
    [
        # the speaker or condition may hold for both halves
        (
            "The mayor said the old boat was sold in May after months of talks with the harbour board, and the ferry"
            " company bought the quay for two million pounds."
        ),
        (
            "If the storm comes back in the night the mayor will close the quay until the end of the week, and the ferry"
            " will stay in the harbour."
        ),
        # short enough
        "The mayor sold the boat, and the company bought the quay.",
        # "who" may mean the council or the builder
        (
            "The council of the town has paid the builder of the old stone bridge near Marlbridge, who is not from the"
            " valley, for the work that he did in May."
        ),
    ],
)
def test_a_sentence_with_a_shared_speaker_or_condition_is_not_split(printed: str) -> None:
    assert edit(printed, may_parse=True) == (printed,)
