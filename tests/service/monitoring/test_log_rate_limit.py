"""A line once, then a count."""

from __future__ import annotations

import logging

import pytest

from bulletin.service.monitoring.log_rate_limit import RateLimitFilter


def test_a_kind_of_record_is_written_once_a_minute_and_then_counted() -> None:
    now = [0.0]
    repeats = RateLimitFilter(clock=lambda: now[0])

    def write(message: str, *args: object) -> str | None:
        record = logging.LogRecord("uvicorn.error", logging.WARNING, __file__, 1, message, args, None)
        return record.getMessage() if repeats.filter(record) else None

    assert write("Invalid HTTP request received.") == "Invalid HTTP request received."
    for second in range(1, 60):
        now[0] = float(second)
        assert write("Invalid HTTP request received.") is None
    assert write("another thing: %s", "x") == "another thing: x"

    now[0] = 61.0
    told = write("Invalid HTTP request received.")
    assert told == "Invalid HTTP request received. (and 59 more like it since the last such line)"
    now[0] = 200.0
    assert write("Invalid HTTP request received.") == "Invalid HTTP request received."


def test_addresses_and_numbers_make_no_other_kind() -> None:
    repeats = RateLimitFilter(clock=lambda: 0.0)
    records = [
        logging.LogRecord(
            "asyncio", logging.ERROR, __file__, 1, f"<Task {n} at 0x{n:x}>\nmore {n}", None, None
        )
        for n in range(100, 200)
    ]

    assert [repeats.filter(record) for record in records].count(True) == 1


def test_kinds_without_end_fill_no_memory(caplog: pytest.LogCaptureFixture) -> None:
    repeats = RateLimitFilter(clock=lambda: 0.0)
    for number in range(2000):
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        repeats.filter(logging.LogRecord("x", logging.INFO, __file__, 1, letters, None, None))

    assert len(repeats._seen) <= 500
