from __future__ import annotations

import pytest

from bulletin.editing.sentences.reword_ages_and_yesterday import resolve_days


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
