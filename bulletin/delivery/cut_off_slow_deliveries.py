"""Time limit of a whole delivery: at its end the connections are cut, even if bytes still drip."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Lock, Timer
from typing import Self

from bulletin.errors import DeliveryError
from bulletin.runtime.deadline import Deadline

LEAST_PACE = 20_000
"""Bytes a second; a server that takes less does not keep up with one bulletin an hour for long."""
FILE_S = 5.0
"""Seconds for a file beside its bytes: several answers of a server far away."""


class TimeLimit:
    """
    Time limit of one delivery, as a context manager.

    Time-outs of sockets are for each read and write: a server that takes or gives one byte at a time passes
    them for hours. Here watched sockets are shut from outside, so every read and write on them fails, and the
    block ends with a DeliveryError that says why.
    """

    def __init__(self, name: str, *, timeout_s: float, within_s: float = 0.0) -> None:
        """`within_s`: seconds by the profile; 0 means two time-outs, and more by `extend`."""
        self._name, self._is_fixed = name, within_s > 0
        self._within_s = within_s or 2 * timeout_s
        self._deadline = Deadline.after(self._within_s)
        self._timer: Timer | None = None
        self._sockets: list[socket.socket] = []
        self._lock = Lock()

    @property
    def left_s(self) -> float:
        return self._deadline.left_s

    def extend(self, *, total_bytes: int, files: int) -> None:
        """Allow more time, for the files that are now known to be sent."""
        if not self._is_fixed:
            more_s = total_bytes / LEAST_PACE + files * FILE_S
            self._within_s += more_s
            self._deadline = Deadline(self._deadline.at_s + more_s)
            self._start_timer()

    def watch(self, connection: socket.socket) -> Callable[[], None]:
        """
        Shut this socket, too, when the time is over; call before TLS wraps it, because TLS replaces the
        socket.

        A duplicate of its descriptor is watched. While the duplicate is open the far end sees no end of file,
        even after the socket was closed. So call the returned function where the end of file counts, as on a
        data connection of FTP. The next call closes duplicates of connections that the far end has closed.
        """
        duplicate = connection.dup()
        with self._lock:
            for ended in filter(_is_ended, tuple(self._sockets)):
                self._sockets.remove(ended)
                ended.close()
            self._sockets.append(duplicate)
        if self._deadline.is_over:
            self._shut_all()
        return partial(self._unwatch, duplicate)

    def __enter__(self) -> Self:
        self._start_timer()
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if self._timer:
            self._timer.cancel()
        with self._lock:
            for duplicate in self._sockets:
                duplicate.close()
            self._sockets.clear()
        if self._deadline.is_over and isinstance(error, Exception):
            raise DeliveryError(
                f"delivery {self._name}: cut off after {self._within_s:.0f} s, because the connection or the server "
                "is too slow; repair that, or set within_s = SECONDS for more time"
            ) from error

    def _unwatch(self, duplicate: socket.socket) -> None:
        with self._lock:
            if duplicate in self._sockets:
                self._sockets.remove(duplicate)
                duplicate.close()

    def _start_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = Timer(self._deadline.left_s, self._shut_all)
        self._timer.daemon = True
        self._timer.start()

    def _shut_all(self) -> None:
        with self._lock:
            for duplicate in self._sockets:
                with suppress(OSError):
                    duplicate.shutdown(socket.SHUT_RDWR)


def _is_ended(connection: socket.socket) -> bool:
    """Whether the far end has closed it and nothing is left to be read."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        if not selector.select(0):
            return False
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return True
