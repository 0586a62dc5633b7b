"""Progress of a run: bars on a terminal, one line a stage elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bulletin.cli.output.json_output import NAMES
from bulletin.pipeline.stage_timer import Listener, SilentListener


class TerminalListener:
    """Progress on standard error: bars on a terminal, one line a stage elsewhere."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task, self._name = TaskID(0), ""

    def begin(self, stage: str) -> None:
        self._task = self._progress.add_task(NAMES[stage], total=None)
        self._name = NAMES[stage]

    def progress(self, done: int, total: int, what: str) -> None:
        description = f"{self._name:<8} {escape(what)}"
        self._progress.update(self._task, completed=done, total=total or None, description=description)

    def end(self, stage: str, seconds: float, summary: str) -> None:
        self._progress.remove_task(self._task)
        self._progress.console.print(f"{self._name:<9}[dim]{seconds:6.2f} s[/]  {escape(summary)}")


@contextmanager
def terminal_listener(*, is_silent: bool) -> Iterator[Listener]:
    """Progress on the terminal; none when `is_silent`."""
    if is_silent:
        yield SilentListener()
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (
        SpinnerColumn(),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield TerminalListener(progress)
