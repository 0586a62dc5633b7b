"""Ctrl-C while a bulletin goes out: the step is finished first, then the program stops."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import ExtensionFileLoader
from types import FrameType

_completed: list[str] = []
_NOT_INTERRUPTED = {"vio_get_filelen", "vio_seek", "vio_read", "vio_write", "vio_tell", "__del__", "rmtree"}
"""
Functions that no exception may interrupt: soundfile's for reading from memory and finalizers, which C code calls,
and shutil.rmtree, which interrupted behind a close would close the same descriptor again, and fail.

The signal handler searches the stack for them: a C caller prints and drops an exception raised in such a
function, and Python gives a handler only the stack. Masking the signal around each of these calls would cost
two system calls for each block of sound. Around finalizers nothing can mask it.
"""
_NATIVE_IMPORTS = {ExtensionFileLoader.create_module.__code__, ExtensionFileLoader.exec_module.__code__}
"""The import of a compiled module: nanobind aborts the process for an exception in a class that it is creating."""
_RETRY_S = 0.002


def completed_steps() -> tuple[str, ...]:
    """Steps that are done for good, for the message of a stopped program."""
    return tuple(_completed)


def forget_completed_steps() -> None:
    """Begin another run: forget the steps of the last one."""
    _completed.clear()


def postpone_signal(frame: FrameType | None, handler: Callable[[int, FrameType | None], object]) -> bool:
    """
    Whether a signal came where an exception would be lost; then `handler` is called again as SIGALRM in 2 ms.

    Without this Ctrl-C would print a traceback, sound would be cut short, and the program would go on. Windows
    has no such timer: there nothing is postponed.
    """
    if not hasattr(signal, "setitimer"):
        return False
    while (
        frame is not None
        and frame.f_code.co_name not in _NOT_INTERRUPTED
        and frame.f_code not in _NATIVE_IMPORTS
    ):
        frame = frame.f_back
    if frame is not None:
        signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, _RETRY_S if frame is not None else 0.0)
    return frame is not None


def repeat_lost_interrupts(handler: Callable[[int, FrameType | None], object]) -> None:
    """
    Call `handler` again as SIGALRM in 2 ms where C code has dropped the KeyboardInterrupt that it raised.

    Which C code does is not known beforehand (pydantic's did while it built a class): without this the program would
    print a traceback and go on. Python tells `sys.unraisablehook` of each such exception.
    """
    if not hasattr(signal, "setitimer"):
        return
    show = sys.unraisablehook

    def repeat(lost: sys.UnraisableHookArgs) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        if not is_main or not issubclass(lost.exc_type, KeyboardInterrupt):
            show(lost)
            return
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, _RETRY_S)

    sys.unraisablehook = repeat


@contextmanager
def delay_interrupts(step: str, *, is_lasting: bool = False) -> Iterator[None]:
    """
    Delay Ctrl-C and SIGTERM until the block has ended, then raise KeyboardInterrupt(`step`).

    A half-published bulletin is neither the old one nor the new one. A second Ctrl-C stops immediately.
    A step that `is_lasting` is among `completed_steps` from then on. Only the main thread gets signals: in
    others nothing is delayed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []

    def stop(signum: int, frame: FrameType | None) -> None:
        if not postpone_signal(frame, stop):
            raise KeyboardInterrupt

    def note(signum: int, frame: FrameType | None) -> None:
        if received:
            stop(signum, frame)
        received.append(signum)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
        if is_lasting:
            _completed[:] = [step]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if received:
        raise KeyboardInterrupt(step)
