from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.articles.feeds.feed_dates import believable, parse_date
from tests.support.factories import NOW

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NINE = TEN - timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 23 Nov 2026 10:00:00 GMT", TEN),
        ("Mon, 23 Nov 2026 10:00:00 +0000", TEN),
        ("Mon, 23 Nov 2026 11:00:00 +0100", TEN),
        ("Mon, 23 Nov 2026 05:00:00 EST", TEN),
        ("Mon, 23 Nov 2026 10:00:00 BST", NINE),
        ("Mon, 23 Nov 2026 11:00:00 CET", TEN),
        ("Mon, 23 Nov 26 10:00:00 GMT", TEN),
        ("Mon, 23 Nov 2026 10:00 GMT", TEN),
        ("23 Nov 2026 10:00:00", TEN),
        ("Mon, 23 November 2026 10:00:00 Z", TEN),
        ("23-Nov-2026 10:00:00 GMT", TEN),
        ("Mon, 23 Nov 2026 10:00:00 +0000 (UTC)", TEN),
        ("Lun, 23 Nov 2026 11:00:00 +0100", TEN),
        ("Mo, 23 Nov 2026 11:00:00 +0100", TEN),
        ("lun., 23 nov. 2026 11:00:00 +0100", TEN),
        ("2026-11-23T10:00:00Z", TEN),
        ("2026-11-23T10:00:00.123Z", TEN),
        ("2026-11-23T10:00:00+00:00", TEN),
        ("2026-11-23 11:00:00 +0100", TEN),
        ("2026-11-23T10:00", TEN),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("  Mon,  23 Nov 2026\n10:00:00 GMT ", TEN),
        ("", None),
        ("not a date", None),
        ("Mon, 31 Feb 2026 10:00:00 GMT", None),
        ("0000-00-00T00:00:00Z", None),
        ("2026-11-23T25:61:61Z", None),
        ("2026-13-01", None),
        ("Mon, 23 Nov 2026 10:00:00 +9999", None),
        ("Mon, 23 Nov 2026 10:00:00 XYZ", None),
        ("1764000000", None),
        ("-1", None),
        ("9" * 5000, None),
    ],
)
def test_dates_are_read_as_publishers_write_them(text: str, expected: datetime | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (NOW - timedelta(hours=3), NOW - timedelta(hours=3)),
        (NOW + timedelta(minutes=5), NOW),
        (NOW + timedelta(hours=1), None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), None),
        (datetime(1763, 1, 1, tzinfo=UTC), None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (None, None),
    ],
)
def test_an_impossible_date_is_none(date: datetime | None, expected: datetime | None) -> None:
    """A publisher's clock may be a few minutes fast; a date further in the future is wrong."""
    assert believable(date, now=NOW) == expected


@given(st.text(max_size=90))
def test_no_text_is_an_error(text: str) -> None:
    date = parse_date(text)

    assert date is None or date.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_every_iso_date_is_read(date: datetime) -> None:
    whole = date.replace(microsecond=0, tzinfo=UTC)

    assert parse_date(whole.isoformat()) == whole
