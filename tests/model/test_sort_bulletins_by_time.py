"""Which of two bulletins is the newer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bulletin.model.sort_bulletins_by_time import is_newer, newest_first

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TWELVE, ELEVEN_AGAIN = (NOON, NOON - 2 * MINUTE), (NOON - HOUR, NOON + 30 * MINUTE)


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [
        (TWELVE, ELEVEN_AGAIN, True),  # made later, and for an earlier hour
        (ELEVEN_AGAIN, TWELVE, False),
        ((NOON, NOON + 20 * MINUTE), TWELVE, False),  # the same hour again
        ((NOON + 2 * HOUR, NOON - 40 * MINUTE), (NOON - HOUR, NOON - HOUR - MINUTE), True),  # by hand for two
        (TWELVE, (NOON + 2 * HOUR, NOON - 40 * MINUTE), True),  # which does not keep twelve's place
    ],
)
def test_the_hour_decides_and_for_a_far_hour_the_making(
    one: tuple[datetime, datetime], other: tuple[datetime, datetime], newer: bool
) -> None:
    assert is_newer(one, other) is newer


def test_of_two_for_one_hour_the_one_made_last_comes_first() -> None:
    again = (NOON, NOON + 20 * MINUTE)

    assert newest_first([ELEVEN_AGAIN, TWELVE, again], lambda one: one) == [again, TWELVE, ELEVEN_AGAIN]
