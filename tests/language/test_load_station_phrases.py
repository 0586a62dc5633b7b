from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletin.errors import ConfigError
from bulletin.language.load_station_phrases import (
    Phrases,
    episode_title,
    load_phrases,
    station_fields,
    time_of_day,
)
from tests.support.factories import make_words


@pytest.mark.parametrize(
    ("hour", "minute", "spoken"),
    [
        (7, 0, "seven o'clock"),
        (0, 0, "midnight"),
        (12, 0, "twelve noon"),
        (6, 30, "half past six"),
        (8, 35, "twenty-five to nine"),
        (23, 45, "a quarter to midnight"),
        (0, 5, "five past midnight"),
        (12, 30, "half past twelve"),
        (11, 50, "ten to twelve"),
        (13, 10, "ten past one"),
        (6, 13, "13 minutes past six"),
        (6, 59, "one minute to seven"),
    ],
)
def test_the_time_of_day_in_british_words(hour: int, minute: int, spoken: str) -> None:
    local = datetime(2026, 11, 25, hour, minute, tzinfo=UTC)

    assert time_of_day(local, load_phrases("en-GB")) == spoken


def test_the_time_of_day_in_american_words() -> None:
    local = datetime(2026, 11, 25, 18, 35, tzinfo=UTC)

    assert time_of_day(local, load_phrases("en-US")) == "six thirty-five"


@pytest.mark.parametrize(
    ("at", "title"),
    [
        (datetime(2026, 11, 25, 7, tzinfo=UTC), "7am news, Wednesday 25 November 2026"),
        (datetime(2026, 11, 25, 7, 30, tzinfo=UTC), "7.30am news, Wednesday 25 November 2026"),
        (datetime(2026, 11, 25, 12, tzinfo=UTC), "12 noon news, Wednesday 25 November 2026"),
        (datetime(2026, 11, 25, 11, tzinfo=UTC), "11am news, Wednesday 25 November 2026"),
        (datetime(2026, 11, 25, 12, 30, tzinfo=UTC), "12.30pm news, Wednesday 25 November 2026"),
        (datetime(2026, 11, 25, 23, tzinfo=UTC), "11pm news, Wednesday 25 November 2026"),
        (datetime(2026, 11, 25, 0, 30, tzinfo=UTC), "12.30am news, Wednesday 25 November 2026"),
        # summer time is an hour ahead, so the next day has begun
        (datetime(2026, 7, 1, 23, tzinfo=UTC), "Midnight news, Thursday 2 July 2026"),
    ],
)
def test_the_title_names_the_local_hour_and_day(at: datetime, title: str) -> None:
    assert episode_title(at, zone="Europe/London", phrases=load_phrases("en-GB")) == title


def test_an_american_title_has_the_month_first() -> None:
    at = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)

    title = episode_title(at, zone="America/New_York", phrases=load_phrases("en-US"))

    assert title == "7:30am news, Wednesday, November 25, 2026"


@pytest.mark.parametrize(
    ("frequencies", "band", "spoken"),
    [
        (("103.5", "105.3"), "FM", "103.5 and 105.3 FM"),
        (("103.5",), "FM", "103.5 FM"),
        (("87.7", "95", "101"), "FM", "87.7, 95 and 101 FM"),
        (("11D",), "DAB", "11D DAB"),
        ((), "FM", ""),
    ],
)
def test_frequencies_are_listed(frequencies: tuple[str, ...], band: str, spoken: str) -> None:
    words = make_words(frequencies=frequencies, band=band)
    at = datetime(2026, 11, 25, 7, tzinfo=UTC)

    assert station_fields(words, at, load_phrases("en-GB"))["frequencies"] == spoken


def test_a_variant_without_phrases_uses_those_of_its_language() -> None:
    assert load_phrases("en-AU").language == "en-GB"


def test_a_language_without_phrases_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="en-GB, en-US"):
        load_phrases("tlh")


@pytest.mark.parametrize(("hour", "minute", "title"), [(7, 0, "7 h"), (7, 30, "7 h 30"), (0, 0, "0 h")])
def test_a_title_of_24_hours_may_omit_the_minutes_of_a_full_hour(hour: int, minute: int, title: str) -> None:
    english = load_phrases("en-GB")
    own = {"pattern": "{time}, {date}", "clock": "24", "minute_mark": " h ", "full_hour": "{hour} h"}
    own |= {"first_day": "1er", "date": "{day} {month}"}
    phrases = Phrases(language="xx", table={**english.table, "title": own}, path=english.path)

    at = datetime(2026, 12, 1, hour, minute, tzinfo=UTC)

    assert episode_title(at, zone="UTC", phrases=phrases) == f"{title}, 1er December"


def test_days_and_months_are_those_of_the_variety() -> None:
    at = datetime(2026, 1, 5, 7, tzinfo=UTC)

    assert episode_title(at, zone="Europe/Vienna", phrases=load_phrases("de-AT")).endswith("5. Jänner 2026")
    assert episode_title(at, zone="Europe/Berlin", phrases=load_phrases("de")).endswith("5. Januar 2026")
