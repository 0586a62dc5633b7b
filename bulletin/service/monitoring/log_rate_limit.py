"""Log records that strangers can cause by the thousand -> one a minute of each kind, and how many there were."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable

EVERY_S = 60.0
_MOST_KINDS = 500
_VARIES = re.compile(r"0x[0-9a-fA-F]+|\d+")
WEB = ("asyncio", "uvicorn.error", "bulletin.service.http.pull_endpoint", "bulletin.service.http.transcode")
"""Loggers that write a line for what a client does."""


class RateLimitFilter(logging.Filter):
    """
    Lets a record through that is new, or whose kind was last let through a minute ago.

    Of a kind are records of one logger and level whose templates differ by numbers at most. The record that is
    let through next says how many were left out.
    """

    def __init__(self, *, every_s: float = EVERY_S, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._every_s, self._clock = every_s, clock
        self._seen: dict[tuple[str, int, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is written."""
        first_line = str(record.msg).partition("\n")[0][:200]
        kind = record.name, record.levelno, _VARIES.sub("#", first_line)
        now = self._clock()
        with self._lock:
            told_at, left_out = self._seen.get(kind, (now - self._every_s, 0))
            if now - told_at < self._every_s:
                self._seen[kind] = told_at, left_out + 1
                return False
            if len(self._seen) >= _MOST_KINDS:
                self._seen.clear()
            self._seen[kind] = now, 0
        if left_out:
            record.msg = f"{str(record.msg).rstrip()} (and {left_out} more like it since the last such line)"
        return True


def limit_repeated_lines(names: Iterable[str] = WEB) -> None:
    """Have these loggers write a line once, then a count."""
    for name in names:
        logging.getLogger(name).addFilter(RateLimitFilter())
