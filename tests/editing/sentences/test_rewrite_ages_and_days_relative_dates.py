from __future__ import annotations

import pytest

from bulletin.editing.sentences.rewrite_ages_and_days import resolve_days


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The man was hit at 5.15pm yesterday.", "The man was hit."),
        ("It closed at about 6am today, police said.", "It closed, police said."),
        ("He died last night just after 11pm at home.", "He died at home."),
        ("Police were called at 5pm.", "Police were called at 5pm."),
    ],
)
def test_a_clock_time_goes_with_a_day_that_nobody_can_name(written: str, expected: str) -> None:
    assert resolve_days(written, None) == expected
