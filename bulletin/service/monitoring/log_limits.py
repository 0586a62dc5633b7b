"""Limits of the log: repeated lines of web clients and of a full disk are counted, lines that cannot be written too."""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from bulletin.service.resources.disk_reserve import is_disk_full

EVERY_S = 60.0
DISK_FULL_EVERY_S = 600.0
_MOST_KINDS = 500
_VARIES = re.compile(r"0x[0-9a-fA-F]+|\d+")
WEB = ("asyncio", "uvicorn.error", "bulletin.service.http.pull_endpoint", "bulletin.service.http.transcode")
"""Loggers that write a line for a client's action."""
_NEVER_LIMITED = ("bulletin.service.monitoring.alert_channels", "bulletin.service.resources.disk_reserve")
"""Loggers of alerts and of the reserve."""


class RateLimitFilter(logging.Filter):
    """
    Passes a record of a new kind, or of one that last passed `every_s` seconds ago.

    Records of one kind have the same logger, level and template, but for numbers. The next one that passes says how
    many were left out.
    """

    def __init__(self, *, every_s: float = EVERY_S, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._every_s, self._clock = every_s, clock
        self._seen: dict[tuple[object, ...], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def kind_of(self, record: logging.LogRecord) -> tuple[object, ...] | None:
        """The kind of a record; None: it always passes."""
        first_line = str(record.msg).partition("\n")[0][:200]
        return record.name, record.levelno, _VARIES.sub("#", first_line)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        if (kind := self.kind_of(record)) is None:
            return True
        now = self._clock()
        with self._lock:
            passed_at, left_out = self._seen.get(kind, (now - self._every_s, 0))
            if now - passed_at < self._every_s:
                self._seen[kind] = passed_at, left_out + 1
                return False
            if len(self._seen) >= _MOST_KINDS:
                self._seen.clear()
            self._seen[kind] = now, 0
        if left_out:
            record.msg = f"{str(record.msg).rstrip()} (and {left_out} more like it since the last such line)"
        return True


class DiskFullFilter(RateLimitFilter):
    """Passes one record about a full disk in ten minutes, in one line, without its trace; and every other record."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(every_s=DISK_FULL_EVERY_S, clock=clock)

    def kind_of(self, record: logging.LogRecord) -> tuple[object, ...] | None:
        if record.levelno < logging.WARNING or record.name in _NEVER_LIMITED:
            return None
        raised = record.exc_info[1] if record.exc_info else None
        args = record.args if isinstance(record.args, tuple) else ()
        if not any(is_disk_full(value) for value in (raised, *args) if isinstance(value, BaseException)):
            return None
        if raised:
            record.msg, record.args, record.exc_info = f"{record.msg}: %s", (*args, raised), None
        return ("disk full",)


class LossCountingHandler(logging.StreamHandler[TextIO]):
    """Writes records to a stream; a line that cannot be written is counted with the next one that can."""

    _lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        lost = self._lost
        super().emit(record)
        if lost and self._lost == lost:
            self._lost = 0
            text = "log lines lost, they could not be written: count=%d"
            super().emit(logging.LogRecord(__name__, logging.WARNING, "", 0, text, (lost,), None))

    def handleError(self, record: logging.LogRecord) -> None:
        """Count the lost line; nothing can be written now."""
        self._lost += 1


def limit_repeated_lines() -> None:
    """Limit the loggers of `WEB` to one line of a kind in a minute."""
    for name in WEB:
        logging.getLogger(name).addFilter(RateLimitFilter())


def close_streams() -> None:
    """At the end of a process: a full disk behind standard error must not make it fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                stream.close()
