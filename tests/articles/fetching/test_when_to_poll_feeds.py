from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bulletin.archive.record_dataclasses import FeedMemory
from bulletin.articles.fetching.when_to_poll_feeds import (
    after_failure,
    after_success,
    conditional_headers,
    is_due,
    retry_after,
)
from tests.support.factories import NOW

URL = "https://gazette.example/feed"
MINUTE = timedelta(minutes=1)


def memory(**changes: Any) -> FeedMemory:
    return FeedMemory(**({"url": URL} | changes))


def pause(headers: dict[str, str], ttl_s: float = 0.0) -> timedelta:
    """Pause until the next poll, without the random ± 10 %."""
    after = after_success(memory(), now=NOW, headers=headers, body=b"x", ttl_s=ttl_s)
    plain = after_success(memory(), now=NOW, headers={}, body=b"x")
    assert after.next_poll_at
    assert plain.next_poll_at
    return (after.next_poll_at - NOW) / ((plain.next_poll_at - NOW) / (10 * MINUTE))


def test_validators_are_sent_back() -> None:
    known = memory(etag='"1"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT", checked_at=NOW - MINUTE)

    assert conditional_headers(known, now=NOW) == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "Mon, 23 Nov 2026 10:00:00 GMT",
    }


def test_validators_are_forgotten_after_eight_days() -> None:
    """Validators expire, because a server that always answers 304 would hide its feed for ever."""
    assert conditional_headers(memory(etag='"1"', checked_at=NOW - timedelta(days=9)), now=NOW) == {}
    assert conditional_headers(memory(etag='"1"', checked_at=NOW + timedelta(days=3650)), now=NOW) == {}
    assert conditional_headers(memory(etag='"1"'), now=NOW) == {}


def test_every_good_answer_replaces_or_clears_the_validators() -> None:
    old = memory(etag='"1"', last_modified="yesterday")
    new = after_success(old, now=NOW, headers={"etag": '"2"'}, body=b"x")

    assert (new.etag, new.last_modified, new.checked_at, new.failures) == ('"2"', "", NOW, 0)


def test_an_unchanged_answer_keeps_them() -> None:
    old = memory(etag='"1"', body_sha256="abc")
    new = after_success(old, now=NOW, headers={}, body=None)

    assert (new.etag, new.body_sha256) == ('"1"', "abc")


@pytest.mark.parametrize("etag", ['"a" \x01\x7f', '"é"', '"' + "a" * 500 + '"', '"a"\r\nX: y'])
def test_a_validator_that_is_unfit_for_a_header_is_dropped(etag: str) -> None:
    assert after_success(memory(), now=NOW, headers={"etag": etag}, body=b"x").etag == ""


@pytest.mark.parametrize(
    ("headers", "ttl_s", "minutes"),
    [
        ({}, 0.0, 10),
        ({}, 900.0, 15),
        ({"cache-control": "public, max-age=1200"}, 0.0, 20),
        ({"cache-control": "max-age=1200"}, 1800.0, 30),
        ({"expires": "Tue, 24 Nov 2026 07:40:00 GMT"}, 0.0, 40),
        ({"expires": "0", "cache-control": "no-cache"}, 0.0, 10),
        ({"cache-control": "max-age=999999999"}, 0.0, 50),
        ({}, 604800.0, 50),
    ],
)
def test_the_longest_wish_counts_within_the_hour(
    headers: dict[str, str], ttl_s: float, minutes: float
) -> None:
    assert abs(pause(headers, ttl_s) - minutes * MINUTE) < timedelta(seconds=1)


def test_a_feed_is_due_when_its_pause_is_over() -> None:
    assert is_due(memory(next_poll_at=NOW), now=NOW)
    assert not is_due(memory(next_poll_at=NOW + MINUTE), now=NOW)
    assert is_due(memory(), now=NOW)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=3)])
def test_a_feed_that_was_read_in_the_future_is_due(back: timedelta) -> None:
    """The clock was fast and is set back: the feed is polled at once."""
    known = after_success(memory(), now=NOW, headers={}, body=b"x")

    assert is_due(known, now=NOW - back)
    assert not is_due(known, now=NOW - timedelta(seconds=30))


@pytest.mark.parametrize("status", [429, 410])
def test_a_pause_is_never_longer_than_a_day(status: int) -> None:
    known = after_failure(memory(), now=NOW, status=status, headers={"retry-after": "999999"})

    assert not is_due(known, now=NOW)
    assert not is_due(known, now=NOW + timedelta(hours=24) - MINUTE)
    assert is_due(known, now=NOW - timedelta(days=3))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "120"}, 2 * MINUTE),
        (
            {"retry-after": "Wed, 25 Nov 2026 10:00:00 GMT", "date": "Wed, 25 Nov 2026 09:00:00 GMT"},
            60 * MINUTE,
        ),
        ({"retry-after": "soon; -1"}, timedelta()),
        ({"retry-after": "-1"}, timedelta()),
        ({}, timedelta()),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], expected: timedelta) -> None:
    assert retry_after(headers, now=NOW) == expected


@pytest.mark.parametrize(
    ("status", "wait", "expected"),
    [
        (429, "1800", NOW + 30 * MINUTE),
        (503, "", NOW + 10 * MINUTE),
        (429, "99999999999999", NOW + timedelta(hours=24)),
        (410, "", NOW + timedelta(hours=24)),
        (500, "", None),
        (0, "", None),
    ],
)
def test_a_failed_feed_respects_retry_after(status: int, wait: str, expected: datetime | None) -> None:
    after = after_failure(memory(failures=1), now=NOW, status=status, headers={"retry-after": wait})

    assert (after.failures, after.next_poll_at) == (2, expected)
