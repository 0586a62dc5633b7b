"""Log records that web clients can cause by the thousand -> one a minute of each kind, with a count."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable

EVERY_S = 60.0
_MOST_KINDS = 500
_VARIES = re.compile(r"0x[0-9a-fA-F]+|\d+")
WEB = ("asyncio", "uvicorn.error", "bulletin.service.http.pull_endpoint", "bulletin.service.http.transcode")
"""Loggers that write a line for a client's action."""


class RateLimitFilter(logging.Filter):
    """
    Passes a record of a new kind, or of one that last passed a minute ago.

    Records of one kind have the same logger, level and template, but for numbers. The next one that passes says how
    many were left out.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._seen: dict[tuple[str, int, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        first_line = str(record.msg).partition("\n")[0][:200]
        kind = record.name, record.levelno, _VARIES.sub("#", first_line)
        now = self._clock()
        with self._lock:
            passed_at, left_out = self._seen.get(kind, (now - EVERY_S, 0))
            if now - passed_at < EVERY_S:
                self._seen[kind] = passed_at, left_out + 1
                return False
            if len(self._seen) >= _MOST_KINDS:
                self._seen.clear()
            self._seen[kind] = now, 0
        if left_out:
            record.msg = f"{str(record.msg).rstrip()} (and {left_out} more like it since the last such line)"
        return True


def limit_repeated_lines() -> None:
    """Limit the loggers of `WEB` to one line of a kind in a minute."""
    for name in WEB:
        logging.getLogger(name).addFilter(RateLimitFilter())
