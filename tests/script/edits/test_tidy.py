from __future__ import annotations

import pytest

from bulletin.script.edits.tidy import close_dashes, drop_asides, drop_connective, name_the_meant, tidy


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("the ferry claim- 'legacy' backlog", "the ferry claim-'legacy' backlog"),
        ("then- U.S. envoy Joan Pike", "then-U.S. envoy Joan Pike"),
        ("the oldest of boats- the ferry", "the oldest of boats, the ferry"),
        ("two- and three-masted boats", "two- and three-masted boats"),
        ("a boat - made up of barrels - sank", "a boat, made up of barrels, sank"),
        ("a council - run ferry", "a council-run ferry"),
        ("in caps - hers was blue- and shirts", "in caps, hers was blue, and shirts"),
        ("the ATR?72, a boat with wings", "the ATR-72, a boat with wings"),
        ("he called it a fucking awful boat", "he called it an awful boat"),
        ("in Sector 53 s hall", "in Sector 53's hall"),
        ("crews including, Joan Pike and Tom Hale", "crews including Joan Pike and Tom Hale"),
        ("there had been any any news of the the ferry", "there had been any news of the ferry"),
    ],
)
def test_a_hyphen_beside_a_space(written: str, said: str) -> None:
    assert close_dashes(tidy(written)) == said


def test_an_aside_does_not_begin_before_a_quotation_and_end_in_it() -> None:
    text = 'Pike said so in a speech - only to add in the hall: "We have not yet decided that - but they are coming."'

    assert drop_asides(text) == text
    assert drop_asides("The ferry - an old one - sank.") == "The ferry sank."


def test_sir_is_who_the_brackets_say_he_is() -> None:
    assert name_the_meant("Sir (Guy Hale) is so calm.") == "Guy Hale is so calm."
    assert name_the_meant("Sir Guy (Hale) is so calm.") == "Sir Guy (Hale) is so calm."


def test_but_then_is_one_joint() -> None:
    assert drop_connective("But then Pike has rowed all her life.") == "Pike has rowed all her life."
    assert drop_connective("But then came the flood.") == "Then came the flood."
