"""Log handler for a full disk: one line about it, then a count, and no error of its own."""

from __future__ import annotations

import copy
import logging
import sys
from collections import Counter
from contextlib import suppress
from typing import TextIO

from bulletin.service.resources.disk_reserve import is_disk_full

_ALWAYS_WRITTEN = (
    "bulletin.service.monitoring.alert_channels",
    "bulletin.service.resources.disk_reserve",
)
"""Loggers of alerts and of the reserve."""
COUNTED_S = 600.0
"""Seconds between two counts of messages about a full disk."""


class DiskFullHandler(logging.StreamHandler[TextIO]):
    """
    Writes records to a stream.

    The first record about a full disk is written without its trace; later ones are counted, and the count is written
    every ten minutes, by event. A line that cannot be written is lost, and counted with the next one that can.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._reported_at: float | None = None
        self._counted: Counter[str] = Counter()
        self._lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        error = _error_of(record)
        self._write_count(record.created)
        if error is None:
            self._write(record)
        elif self._reported_at is None:
            self._reported_at = record.created
            self._write(_in_one_line(record, error))
        else:
            self._counted[str(record.msg).partition(":")[0]] += 1

    def handleError(self, record: logging.LogRecord) -> None:
        """Count the lost line; nothing can be written now."""
        self._lost += 1

    def _write(self, record: logging.LogRecord) -> None:
        lost = self._lost
        super().emit(record)
        if lost and self._lost == lost:
            self._lost = 0
            super().emit(_record("log lines lost, they could not be written: count=%d", lost))

    def _write_count(self, now: float) -> None:
        if self._reported_at is None or 0 <= now - self._reported_at < COUNTED_S:
            return
        self._reported_at = now if self._counted else None  # over: the next one is written as the first
        if self._counted:
            events = ", ".join(f"{event} {count}" for event, count in self._counted.most_common())
            total = self._counted.total()
            self._counted.clear()
            self._write(_record("disk full: more_messages=%d events=%s", total, events))


def close_streams() -> None:
    """At the end of a process: a full disk behind standard error must not make it fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                stream.close()


def _error_of(record: logging.LogRecord) -> BaseException | None:
    """The disk-full error that a record is about; None for others, and for loggers that are never counted."""
    if record.levelno < logging.WARNING or record.name in _ALWAYS_WRITTEN:
        return None
    raised = record.exc_info[1] if record.exc_info else None
    args = record.args if isinstance(record.args, tuple) else ()
    errors = (value for value in (raised, *args) if isinstance(value, BaseException))
    return next(filter(is_disk_full, errors), None)


def _in_one_line(record: logging.LogRecord, error: BaseException) -> logging.LogRecord:
    short = copy.copy(record)
    if record.exc_info:
        args = record.args if isinstance(record.args, tuple) else ()
        short.msg, short.args = f"{record.msg}: %s", (*args, error)
        short.exc_info = short.exc_text = None
    return short


def _record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, "", 0, message, args, None)
