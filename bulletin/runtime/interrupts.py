"""Ctrl-C at a moment when there is no good place to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_happened: list[str] = []
_FROM_C = {"vio_get_filelen", "vio_seek", "vio_read", "vio_write", "vio_tell", "__del__"}
"""Functions that C calls: soundfile's, with which libsndfile reads from memory, and Python's own for what goes."""
_AGAIN_S = 0.002


def what_happened() -> tuple[str, ...]:
    """What whoever stops the program now must know; nothing while nothing has happened."""
    return tuple(_happened)


def begin_anew() -> None:
    """Another piece of work: what happened before it is no news."""
    _happened.clear()


def is_put_off(frame: FrameType | None, handler: Callable[[int, FrameType | None], object]) -> bool:
    """
    Whether a signal came where no exception gets through; then `handler` is called again as SIGALRM in a moment.

    What is raised in a function that C has called is printed there and lost: Ctrl-C would be a traceback, sound
    would be cut short, and the program would go on. Where there is no such timer (Windows) nothing is put off.
    """
    if not hasattr(signal, "setitimer"):
        return False
    while frame is not None and frame.f_code.co_name not in _FROM_C:
        frame = frame.f_back
    if frame is not None:
        signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, _AGAIN_S if frame is not None else 0.0)
    return frame is not None


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

    def again(signum: int, frame: FrameType | None) -> None:
        if not is_put_off(frame, again):
            raise KeyboardInterrupt

    def note(signum: int, frame: FrameType | None) -> None:
        if asked:
            again(signum, frame)
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
