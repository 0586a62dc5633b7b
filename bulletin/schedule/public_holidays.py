"""Public holidays of a country or its part: the only file that knows the holidays library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from bulletin.errors import ConfigError


@lru_cache(maxsize=32)
def find_holidays(region: str) -> Callable[[date], bool]:
    """
    A predicate for the public holidays of a country or its part ("IE", "GB-ENG"; ISO 3166); none for "".

    Raises ConfigError for an unknown one.
    """
    if not region:
        return lambda day: False
    import holidays

    country, _, part = region.partition("-")
    try:
        calendar = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise ConfigError(
            f'[clock] holidays = "{region}" is not a known country; write a country, "IE", '
            'or a country and its part, "GB-ENG"'
        ) from error
    return lambda day: day in calendar
