"""Public holidays of a country or a part of it: the only file that knows the library for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from bulletin.errors import ConfigError


@lru_cache(maxsize=32)
def find_holidays(place: str) -> Callable[[date], bool]:
    """
    Whether a day is a public holiday of `place` ("GB-ENG", "IE"; ISO 3166), as a question.

    Raises ConfigError for a place that is not known.
    """
    if not place:
        return lambda day: False
    import holidays

    country, _, part = place.partition("-")
    try:
        calendar = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise ConfigError(
            f'[clock] holidays = "{place}": no such place is known; write a country, "IE", '
            'or a country and its part, "GB-ENG"'
        ) from error
    return lambda day: day in calendar
