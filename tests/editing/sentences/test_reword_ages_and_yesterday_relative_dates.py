from __future__ import annotations

from datetime import date

import pytest

from bulletin.editing.sentences.reword_ages_and_yesterday import Days, resolve_days


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The man was hit at 5.15pm yesterday.", "The man was hit."),
        ("It closed at about 6am today, police said.", "It closed, police said."),
        ("He died last night just after 11pm at home.", "He died at home."),
        ("Police were called at 5pm.", "Police were called at 5pm."),
    ],
)
def test_a_clock_time_is_removed_with_its_unknown_day(written: str, expected: str) -> None:
    assert resolve_days(written, None) == expected


@pytest.mark.parametrize(
    "phrase",
    [
        "until at least Friday",
        "until about Thursday",
        "from around Monday",
        "before roughly Tuesday",
        "for at least until Sunday",
        "until at least about Friday",
        "by Friday at the latest and open before probably Saturday",
        "from roughly Monday through to only Friday",
    ],
)
def test_no_on_before_a_day_that_an_adverb_modifies_inside_a_prepositional_phrase(phrase: str) -> None:
    assert resolve_days(f"The bridge is shut {phrase}.", None) == f"The bridge is shut {phrase}."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # the adverb stands alone, or its preposition has another object
        ("He arrived only Friday.", "He arrived only on Friday."),
        ("It fell from grace only Friday.", "It fell from grace only on Friday."),
        ("The crew refused to supply Monday.", "The crew refused to supply on Monday."),
    ],
)
def test_on_stays_before_a_day_that_no_preposition_holds(written: str, expected: str) -> None:
    assert resolve_days(written, None) == expected


def test_no_on_before_a_named_day_that_an_adverb_modifies() -> None:
    days = Days(written=date(2026, 11, 24), on_air=date(2026, 11, 26))
    assert resolve_days("It is shut until at least tomorrow.", days) == "It is shut until at least Wednesday."
    assert resolve_days("It is shut until at least tomorrow.", None) == "It is shut until at least tomorrow."
