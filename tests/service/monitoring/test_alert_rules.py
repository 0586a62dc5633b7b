"""Alert rules: when an alert is sent, repeated and resolved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.service.monitoring.alert_rules import AlertBook, AlertKind, AlertState

NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make_book(*, after: int = 1, cool_down: timedelta = 60 * MINUTE) -> AlertBook:
    return AlertBook(station="demo", options=AlertsOptions(after=after, cool_down_min=cool_down // MINUTE))


def test_the_first_failure_raises_an_alert():
    alert = make_book().raise_alert(AlertKind.STAND_BY, "no fresh bulletin", now=NOW)

    assert alert
    assert (alert.state, alert.text, alert.since, alert.times) == (
        AlertState.FIRING,
        "no fresh bulletin",
        NOW,
        1,
    )


def test_no_alert_before_the_failure_count_is_reached():
    book = make_book(after=3)

    alerts = [
        book.raise_alert(AlertKind.FEED, "down", now=NOW + n * MINUTE, about="Gazette") for n in range(3)
    ]

    assert [alert.times if alert else None for alert in alerts] == [None, None, 3]


def test_a_missed_slot_does_not_wait():
    assert make_book(after=5).raise_alert(AlertKind.SLOT_MISSED, "07:00", now=NOW)


def test_the_same_alert_is_repeated_only_after_the_cool_down():
    book = make_book()

    alerts = [book.raise_alert(AlertKind.VOICE, "gtts", now=NOW + n * 20 * MINUTE) for n in range(7)]

    assert [bool(alert) for alert in alerts] == [True, False, False, True, False, False, True]


def test_two_feeds_raise_two_alerts():
    book = make_book()

    assert book.raise_alert(AlertKind.FEED, "down", now=NOW, about="Gazette")
    assert book.raise_alert(AlertKind.FEED, "down", now=NOW, about="Times")


def test_the_end_is_reported_once():
    book = make_book()
    book.raise_alert(AlertKind.STAND_BY, "no", now=NOW)

    over = book.resolve(AlertKind.STAND_BY, "fresh again")

    assert over
    assert (over.state, over.since) == (AlertState.RESOLVED, NOW)
    assert book.resolve(AlertKind.STAND_BY, "fresh again") is None


def test_an_alert_that_was_never_sent_is_never_resolved():
    book = make_book(after=2)
    book.raise_alert(AlertKind.FEED, "down", now=NOW)

    assert book.resolve(AlertKind.FEED, "up") is None


def test_a_success_resets_the_failure_count():
    book = make_book(after=2)
    book.raise_alert(AlertKind.FEED, "down", now=NOW)
    book.resolve(AlertKind.FEED, "up")

    assert book.raise_alert(AlertKind.FEED, "down", now=NOW) is None


def test_a_clock_that_was_set_back_silences_nothing():
    book = make_book()
    book.raise_alert(AlertKind.STAND_BY, "no", now=NOW)

    assert book.raise_alert(AlertKind.STAND_BY, "no", now=NOW - timedelta(days=3))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 90)), max_size=60), st.integers(1, 4))
def test_alerts_and_resolutions_alternate(events: list[tuple[bool, int]], after: int):
    book, now, firing = make_book(after=after), NOW, False
    for is_bad, minutes in events:
        now += minutes * MINUTE
        if is_bad:
            firing = bool(book.raise_alert(AlertKind.FEED, "down", now=now)) or firing
        else:
            assert bool(book.resolve(AlertKind.FEED, "up")) == firing
            firing = False
