"""Times and days in the forms that people write on a command line."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest

from bulletin.cli.shared_options import MomentParam, in_zone, parse_at

LONDON = ZoneInfo("Europe/London")
CONTEXT, PARAM = click.Context(click.Command("make")), click.Option(["--at"])


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("7:00", "07:00"),
        ("07.30", "07:30"),
        ("7am", "07:00"),
        ("7.30 pm", "19:30"),
        ("12am", "00:00"),
        ("12PM", "12:00"),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(written: str, at: str) -> None:
    assert parse_at(CONTEXT, PARAM, written) == at


@pytest.mark.parametrize("written", ["", "7", "24:00", "7:60", "13pm", "0am", "noon"])
def test_an_invalid_time_of_day_is_wrong_usage(written: str) -> None:
    with pytest.raises(click.BadParameter, match="7am"):
        parse_at(CONTEXT, PARAM, written)


@pytest.mark.parametrize(("word", "days"), [("yesterday", -1), ("today", 0), ("tomorrow", 1)])
def test_a_day_may_be_a_word_in_the_stations_time_zone(word: str, days: int) -> None:
    now = datetime(2026, 11, 25, 0, 20, tzinfo=LONDON)

    moment = in_zone(MomentParam().convert(word, None, None), LONDON, now=now)

    assert moment == datetime(2026, 11, 25, tzinfo=LONDON) + timedelta(days=days)


def test_a_date_is_a_day_in_the_stations_time_zone() -> None:
    moment = in_zone(MomentParam().convert("2026-07-01", None, None), LONDON)

    assert moment.isoformat() == "2026-07-01T00:00:00+01:00"


def test_another_word_is_refused_with_an_example() -> None:
    with pytest.raises(click.BadParameter, match="yesterday"):
        MomentParam().convert("doomsday", None, None)
