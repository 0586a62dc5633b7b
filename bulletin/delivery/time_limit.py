"""How long a delivery may take in all: then its line is cut, however steadily it drips."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType
from typing import Self

from bulletin.errors import DeliveryError
from bulletin.runtime.deadline import Deadline

LEAST_PACE = 20_000
"""Bytes a second; a place that takes less does not keep up with one bulletin an hour for long."""
FILE_S = 5.0
"""Beside its bytes a file costs several answers of a server far away."""


class Limit:
    """
    One delivery's time, as a context.

    Time-outs of sockets are for each read and write: a server that takes or gives one byte at a time passes
    them for hours. Here the lines that are watched are shut from outside, so whatever waits for them fails,
    and that failure is told as what it is.
    """

    def __init__(self, name: str, *, timeout_s: float, within_s: float = 0.0) -> None:
        """`within_s`: the whole, by the profile; else two time-outs, and more by `allow`."""
        self._name, self._is_fixed = name, within_s > 0
        self._within_s = within_s or 2 * timeout_s
        self._deadline = Deadline.after(self._within_s)
        self._timer: Timer | None = None
        self._lines: list[socket.socket] = []
        self._lock = Lock()

    @property
    def left_s(self) -> float:
        return self._deadline.left_s

    def allow(self, *, total_bytes: int, files: int) -> None:
        """More time, for what is now known to be sent."""
        if not self._is_fixed:
            more_s = total_bytes / LEAST_PACE + files * FILE_S
            self._within_s += more_s
            self._deadline = Deadline(self._deadline.at_s + more_s)
            self._wind()

    def watch(self, line: socket.socket) -> Callable[[], None]:
        """
        Shut this socket, too, when the time is over; call before TLS is put around it, which takes its place.

        Watched is a duplicate of its descriptor. While that is open the far end sees no end of file, although the
        socket itself was closed: call what this returns where the end of file counts, as on a data line of FTP.
        Duplicates of lines that the far end has closed are closed by the next call.
        """
        copy = line.dup()
        with self._lock:
            for ended in filter(_is_ended, tuple(self._lines)):
                self._drop(ended)
            self._lines.append(copy)
        if self._deadline.is_over:
            self._cut()
        return lambda: self._let_go(copy)

    def __enter__(self) -> Self:
        self._wind()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
        with self._lock:
            for line in self._lines:
                line.close()
            self._lines.clear()
        if self._deadline.is_over and isinstance(error, Exception):
            raise DeliveryError(
                f"{self._name}: not done within {self._within_s:.0f} s: the line or the server is too slow; "
                "see to it, or set within_s = SECONDS for more time"
            ) from error

    def _let_go(self, line: socket.socket) -> None:
        with self._lock:
            if line in self._lines:
                self._drop(line)

    def _drop(self, line: socket.socket) -> None:
        self._lines.remove(line)
        line.close()

    def _wind(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = Timer(self._deadline.left_s, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with self._lock:
            for line in self._lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


def _is_ended(line: socket.socket) -> bool:
    """The far end has closed it, and nothing is left to be read."""
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        if not selector.select(0):
            return False
    try:
        return not line.recv(1, socket.MSG_PEEK)
    except OSError:
        return True
