"""Ctrl-C at a moment when there is no good place to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_happened: list[str] = []


def what_happened() -> tuple[str, ...]:
    """What whoever stops the program now must know; nothing while nothing has happened."""
    return tuple(_happened)


def begin_anew() -> None:
    """Another piece of work: what happened before it is no news."""
    _happened.clear()


@contextmanager
def finish_first(said: str, *, stays_true: bool = False) -> Iterator[None]:
    """
    Let Ctrl-C and SIGTERM wait until the block has ended, then stop with KeyboardInterrupt(`said`).

    For the moment in which a bulletin goes out: half of it done is neither the old bulletin nor the
    new one. A second Ctrl-C stops at once. What `stays_true` is in `what_happened` from then on, for whoever
    stops later. Elsewhere than in the main thread nothing is held back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []

    def note(signum: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(signum)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
        if stays_true:
            _happened[:] = [said]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        raise KeyboardInterrupt(said)
