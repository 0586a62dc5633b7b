"""Log records -> lines: text on a terminal, else JSON; no secrets, no line breaks from outside."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from bulletin.runtime.redaction import HIDDEN, Redactor, hide, is_secret_name, one_line
from bulletin.service.monitoring.log_limits import DiskFullFilter, LossCountingHandler

_FIELD = re.compile(r"(?:^|(?<=\s))(?P<name>[a-z_]+)=%(?:\.\d+)?[sdrfx]")
_ANY = re.compile(r"%(?:\.\d+)?[sdrfx]")
_QUIET = ("apscheduler", "httpx2", "httpcore2", "asyncio", "uvicorn.access", "alembic", "paramiko", "PIL")
"""Libraries whose "info" is of no use to a station."""


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
    """ "12:59:07 WARNING  slot met: station=demo level=fresh"; in local time."""

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
    Keys and values of a record: "slot met: station=%s level=%s" and its arguments.

    Read from the template, not from the finished line, so that no value can pose as another key.
    """
    if not isinstance(record.args, tuple) or not record.args:
        return {}
    numbers = {match.start(): number for number, match in enumerate(_ANY.finditer(str(record.msg)))}
    fields: dict[str, object] = {"event": str(record.msg).partition(":")[0]}
    for match in _FIELD.finditer(str(record.msg)):
        number = numbers.get(match.start() + len(match["name"]) + 1)
        if number is not None and number < len(record.args):
            fields[match["name"]] = record.args[number]
    return fields
