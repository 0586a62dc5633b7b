"""
Log records -> lines: text on a terminal, else JSON; no secrets, no line breaks from outside.

Repeated lines of web clients and of a full disk are counted, and so are lines that cannot be written.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO

from bulletin.runtime.redact_secrets import HIDDEN, Redactor, hide, is_secret_name, one_line
from bulletin.service.resources.disk_space_reserve import is_disk_full

EVERY_S = 60.0
DISK_FULL_EVERY_S = 600.0
_MOST_KINDS = 500
_VARIES = re.compile(r"0x[0-9a-fA-F]+|\d+")
WEB = (
    "asyncio",
    "uvicorn.error",
    "bulletin.service.http.serve_newest_bulletin",
    "bulletin.service.http.convert_sound_for_playout",
)
"""Loggers that write a line for a client's action."""
_NEVER_LIMITED = (
    "bulletin.service.monitoring.alert_channels",
    "bulletin.service.resources.disk_space_reserve",
)
"""Loggers of alerts and of the reserve."""
_FIELD = re.compile(r"(?:(?:^|(?<=\s))(?P<name>[a-z_]+)=)?%(?:\.\d+)?[sdrfx]")
_QUIET = ("apscheduler", "httpx2", "httpcore2", "asyncio", "uvicorn.access", "alembic", "paramiko", "PIL")
"""Libraries whose "info" lines do not help a station."""


def set_up_logs(
    *, secrets: Iterable[str] = (), level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """
    Write all log records to `stream` (standard error), one line each: text on a terminal, else JSON.

    `secrets` are hidden.
    """
    out = stream or sys.stderr
    handler = LossCountingHandler(out)
    handler.addFilter(DiskFullFilter())
    hide.learn(dict.fromkeys(secrets, HIDDEN))
    handler.setFormatter(HumanFormatter(hide) if out.isatty() else JsonFormatter(hide))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # its warning is only "stamina.retry_scheduled"; the caller logs why it gives up
    logging.getLogger("stamina").setLevel(logging.ERROR)


def secrets_in(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Values of environment variables whose names sound like secrets."""
    return tuple(value for name, value in environ.items() if is_secret_name(name))


class HumanFormatter(logging.Formatter):
    """ "12:59:07 WARNING  slot missed: station=demo"; in local time."""

    def __init__(self, hide: Redactor) -> None:
        super().__init__()
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        line = f"{at} {record.levelname:<8} {one_line(self._hide(record.getMessage()))}"
        if record.exc_info:
            trace = self._hide(self.formatException(record.exc_info))
            line += "".join(f"\n    | {one_line(part)}" for part in trace.splitlines())
        return line


class JsonFormatter(HumanFormatter):
    """One object for each record: time, level, room, event, then the keys that the message names."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "message": record.getMessage(),
        }
        entry = fields_of(record) | entry
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        safe = {name: self._safe(name, value) for name, value in entry.items()}
        return json.dumps(safe, ensure_ascii=False).replace("\x7f", "\\u007f")

    def _safe(self, name: str, value: object) -> object:
        if is_secret_name(name):
            return HIDDEN
        return value if isinstance(value, int | float | bool | None) else self._hide(str(value))


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """
    Keys and values of a record: "stream begun: station=%s level=%s" and its arguments.

    Read from the template, not from the finished line, so that no value can pose as another key.
    """
    if not isinstance(record.args, tuple) or not record.args:
        return {}
    event = str(record.msg).partition(":")[0]
    if "%" in event:
        event = record.getMessage().partition(":")[0]
    fields: dict[str, object] = {"event": event}
    for match, value in zip(_FIELD.finditer(str(record.msg)), record.args, strict=False):
        if match["name"]:
            fields[match["name"]] = value
    return fields


class RateLimitFilter(logging.Filter):
    """
    Passes a record of a new kind, or of a kind that last passed `every_s` seconds ago.

    Records of one kind have the same logger, level and template, but for numbers. The next one that passes says how
    many were left out.
    """

    every_s = EVERY_S

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
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
            passed_at, left_out = self._seen.get(kind, (now - self.every_s, 0))
            if now - passed_at < self.every_s:
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

    every_s = DISK_FULL_EVERY_S

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
    """Writes records to a stream; a line that cannot be written is counted in the next line that can."""

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
    """Close the streams when a process ends: a full disk behind standard error must not make it fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                stream.close()
