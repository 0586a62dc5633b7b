"""Order of bulletins by hour and time of making."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bulletin.model.sort_bulletins_by_time import is_newer, newest_first

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TWELVE, ELEVEN_AGAIN = (NOON, NOON - 2 * MINUTE), (NOON - HOUR, NOON + 30 * MINUTE)


@pytest.mark.parametrize(
    ("first", "second", "newer"),
    [
        (TWELVE, ELEVEN_AGAIN, True),  # made later, but for an earlier hour
        (ELEVEN_AGAIN, TWELVE, False),
        ((NOON, NOON + 20 * MINUTE), TWELVE, False),  # the same hour again
        (
            (NOON + 2 * HOUR, NOON - 40 * MINUTE),
            (NOON - HOUR, NOON - HOUR - MINUTE),
            True,
        ),  # made by hand for two o'clock
        (
            TWELVE,
            (NOON + 2 * HOUR, NOON - 40 * MINUTE),
            True,
        ),  # made by hand for two o'clock, so twelve is newer
    ],
)
def test_the_hour_decides_or_the_time_of_making_for_a_far_hour(
    first: tuple[datetime, datetime], second: tuple[datetime, datetime], newer: bool
) -> None:
    assert is_newer(first, second) is newer


def test_of_two_bulletins_for_one_hour_the_later_made_comes_first() -> None:
    again = (NOON, NOON + 20 * MINUTE)

    assert newest_first([ELEVEN_AGAIN, TWELVE, again], lambda bulletin: bulletin) == [
        again,
        TWELVE,
        ELEVEN_AGAIN,
    ]
