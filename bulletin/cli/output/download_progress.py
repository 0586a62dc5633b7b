"""Progress of a download in megabytes: one line that changes on a terminal, else a line each tenth."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

_MB = 1_000_000
_STEPS = 10
"""Lines of a download where no terminal shows them."""


def download_progress(*, shown: bool) -> Callable[[int, int, str], None]:
    """A function of (bytes so far, bytes in all, what) that prints on standard error; `shown=False` prints nothing."""
    if not shown:
        return lambda done, total, what: None
    return _line_on_terminal() if sys.stderr.isatty() else _lines()


def _text(done: int, total: int, what: str) -> str:
    return f"{done / _MB:.1f} of {total / _MB:.1f} MB  {what}"


def _lines() -> Callable[[int, int, str], None]:
    last: tuple[str, int] | None = None

    def show(done: int, total: int, what: str) -> None:
        nonlocal last
        step = what, done * _STEPS // max(1, total)
        if step != last:
            last = step
            click.echo(_text(done, total, what), err=True)

    return show


def _line_on_terminal() -> Callable[[int, int, str], None]:
    width = 0

    def show(done: int, total: int, what: str) -> None:
        nonlocal width
        text = _text(done, total, what)
        end = "\n" if done >= total else ""
        click.echo(f"\r{text:<{width}}{end}", err=True, nl=False)
        width = 0 if end else len(text)

    return show
