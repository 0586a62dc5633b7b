"""
Messages as users see them: pytest plug-in that records each error, finding, log line and printed line of the tests.

    BULLETIN_MESSAGES=messages.jsonl python -m pytest -p bench.record_messages [-m ""]

Each line of the file is [place in the code, message]; the first message of each place is kept. `bench.reader_draw
--recorded messages.jsonl` draws from it.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

import bulletin.errors
from bulletin.model import diagnostic_findings

PACKAGE = str(Path(bulletin.errors.__file__).parent) + os.sep
_PASSED_BY = (bulletin.errors.__file__, diagnostic_findings.__file__)
_messages: dict[str, str] = {}


def pytest_configure() -> None:
    for kind in _kinds(bulletin.errors.BulletinError):
        if "__init__" in vars(kind) or kind is bulletin.errors.BulletinError:
            kind.__init__ = _recording(kind.__init__, kind, str)  # type: ignore[method-assign]
    finding = diagnostic_findings.Finding
    finding.__init__ = _recording(
        finding.__init__, finding, lambda f: f"{f.part}: {f.message}" if f.message else ""
    )  # type: ignore[method-assign]
    logger = logging.getLogger("bulletin")
    logger.setLevel(logging.INFO)
    logger.addHandler(_LogRecorder())
    click.echo = _recording_echo(click.echo)


def pytest_sessionfinish() -> None:
    with Path(os.environ["BULLETIN_MESSAGES"]).open("a", encoding="utf-8") as out:
        out.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in _messages.items())


def _kinds(kind: type) -> Iterator[Any]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


def _recording(init: Callable[..., None], kind: type, read: Callable[[Any], str]) -> Callable[..., None]:
    @functools.wraps(init)
    def record(self: Any, *args: Any, **options: Any) -> None:
        init(self, *args, **options)
        # of a chain of constructors the outermost one knows the whole message
        if next(base for base in type(self).__mro__ if "__init__" in vars(base)) is kind:
            _note(read(self))

    return record


def _recording_echo(echo: Callable[..., None]) -> Callable[..., None]:
    def record(message: object = None, *args: Any, **options: Any) -> None:
        _note(str(message or ""))
        echo(message, *args, **options)

    return record


class _LogRecorder(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = f": {record.exc_info[1]!r}" if record.exc_info else ""
        _messages.setdefault(f"{record.pathname}:{record.lineno}", record.getMessage() + error)


def _note(message: str) -> None:
    frame = sys._getframe(2)
    while frame and (
        not frame.f_code.co_filename.startswith(PACKAGE) or frame.f_code.co_filename in _PASSED_BY
    ):
        frame = frame.f_back  # type: ignore[assignment]
    if frame:
        _messages.setdefault(f"{frame.f_code.co_filename}:{frame.f_lineno}", message)
