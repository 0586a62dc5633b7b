"""A log that neither fills a disk nor fails with it: a full disk is told in one line, then counted."""

from __future__ import annotations

import copy
import logging
import sys
from collections import Counter
from contextlib import suppress
from typing import TextIO

from bulletin.service.resources.disk_reserve import is_disk_full

COUNTED_S = 600.0
"""So long messages about a full disk are counted before the count is told."""


class DiskFullHandler(logging.StreamHandler[TextIO]):
    """
    Writes lines to a stream.

    The first record that is about a full disk is a line without its trace; those after it are counted, and told
    every ten minutes by their events. A line that cannot be written is lost, and told when the next one can.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._told_at: float | None = None
        self._counted: Counter[str] = Counter()
        self._lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        error = _error_of(record)
        self._tell_count(record.created)
        if error is None:
            self._write(record)
        elif self._told_at is None:
            self._told_at = record.created
            self._write(_in_one_line(record, error))
        else:
            self._counted[str(record.msg).partition(":")[0]] += 1

    def handleError(self, record: logging.LogRecord) -> None:
        """Nobody can be told now."""
        self._lost += 1

    def _write(self, record: logging.LogRecord) -> None:
        lost = self._lost
        super().emit(record)
        if lost and self._lost == lost:
            self._lost = 0
            super().emit(_record("log lines lost, they could not be written: count=%d", lost))

    def _tell_count(self, now: float) -> None:
        if self._told_at is None or 0 <= now - self._told_at < COUNTED_S:
            return
        self._told_at = now if self._counted else None  # over: the next one is told as the first
        if self._counted:
            events = ", ".join(f"{event} {count}" for event, count in self._counted.most_common())
            total = self._counted.total()
            self._counted.clear()
            self._write(_record("disk full: more_messages=%d events=%s", total, events))


def close_streams() -> None:
    """At the end of a process: a full disk behind standard error is no reason to end with an error."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                stream.close()


def _error_of(record: logging.LogRecord) -> BaseException | None:
    """What failed for want of room, if that is what a record tells; alerts are told each by itself."""
    if record.levelno < logging.WARNING or record.name.endswith((".couriers", ".reserve")):
        return None
    raised = record.exc_info[1] if record.exc_info else None
    args = record.args if isinstance(record.args, tuple) else ()
    found = (one for one in (raised, *args) if isinstance(one, BaseException))
    return next(filter(is_disk_full, found), None)


def _in_one_line(record: logging.LogRecord, error: BaseException) -> logging.LogRecord:
    short = copy.copy(record)
    if record.exc_info:
        args = record.args if isinstance(record.args, tuple) else ()
        short.msg, short.args = f"{record.msg}: %s", (*args, error)
        short.exc_info = short.exc_text = None
    return short


def _record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, "", 0, message, args, None)
