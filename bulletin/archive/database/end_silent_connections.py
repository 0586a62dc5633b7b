"""
Time limit for the answers of a database server, on this side of the network.

The server's own limits end a slow query, TCP's keepalives notice a machine that is away. Neither notices a server that
is frozen, or behind a proxy that forwards nothing: the system acknowledges for it. So a thread shuts down the
socket of a connection that has waited too long; its driver then raises the same error as for a lost connection.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

log = logging.getLogger(__name__)

_LOOK_S = 1.0
_IDLE_LOOKS = 30
"""Rounds without a waiting call after which the watchdog thread ends."""


class SilenceWatch:
    """Deadlines of all connections of a process that wait for an answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deadlines: dict[int, float] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def limited(self, descriptor: int, *, patience_s: float) -> Iterator[None]:
        """Shut down the socket with that descriptor if the block takes longer."""
        with self._lock:
            self._deadlines[descriptor] = time.monotonic() + patience_s
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="database silence", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._deadlines.pop(descriptor, None)

    def _look(self) -> None:
        idle = 0
        while True:
            time.sleep(_LOOK_S)
            with self._lock:
                now = time.monotonic()
                for descriptor in [fd for fd, deadline in self._deadlines.items() if deadline < now]:
                    del self._deadlines[descriptor]
                    # under the lock, so the descriptor is still this connection's
                    _shut_down(descriptor)
                idle = 0 if self._deadlines else idle + 1
                if idle > _IDLE_LOOKS:
                    self._thread = None
                    return


def _shut_down(descriptor: int) -> None:
    log.warning("the database server has not answered for too long; the connection is closed")
    with suppress(OSError), closing(socket.socket(fileno=os.dup(descriptor))) as copy:
        copy.shutdown(socket.SHUT_RDWR)


WATCH = SilenceWatch()
"""One for the process."""
