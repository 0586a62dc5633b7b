"""Bad connection to a good server: it drips, breaks in the middle of a file, or answers for the server."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from typing import Literal, Self

_BLOCK, _BUFFER = 65_536, 8_192
_PAUSE_S = 0.05


class Middle:
    """Context manager of a proxy between a client and a local port."""

    def __init__(self, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: certificate shown to clients; the server behind has no TLS."""
        self._target, self._tls = port, tls
        self.cut_after: int | None = None
        """Bytes of an upload after which the connection is reset."""
        self.ends_after: int | None = None
        """Bytes of a download after which the connection ends as `ends` says."""
        self.ends: Literal["reset", "close", "silence"] = "reset"
        self.passed_down = 0
        """Bytes downloaded in the last connection."""
        self.drips_up = self.drips_down = False
        """Pass a byte at a time, within any time-out of a single read or write."""
        self.answer: bytes | None = None
        """Answer sent instead of the server's."""
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            self._reset(connection)

    def _accept(self) -> None:
        # inherited by accepted sockets: a client must notice that nobody reads
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                near, _ = self._listener.accept()
                if self._tls:
                    near = self._tls.wrap_socket(near, server_side=True)
                far = socket.create_connection(("127.0.0.1", self._target), 5)
                far.settimeout(None)
                self._open |= {near, far}
                for work in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass, args=work, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while True:
                drips = self.drips_up if is_up else self.drips_down
                some = source.recv(1 if drips else _BLOCK)
                if not some:
                    break
                if is_up and self.answer is not None:
                    source.sendall(self.answer)
                    self._drain(source)
                    break
                if drips and self._over.wait(_PAUSE_S):
                    break
                passed += len(some)
                if not is_up:
                    self.passed_down = passed
                    if self.ends_after is not None and passed >= self.ends_after:
                        sink.sendall(some[: len(some) - (passed - self.ends_after)])
                        self._end(sink)
                        break
                if is_up and self.cut_after is not None and passed > self.cut_after:
                    break
                sink.sendall(some)
        for side in (source, sink):
            self._reset(side)

    def _end(self, sink: socket.socket) -> None:
        if self.ends == "close":
            sink.shutdown(socket.SHUT_WR)
            self._drain(sink)
        elif self.ends == "silence":
            self._over.wait(30)

    def _drain(self, source: socket.socket) -> None:
        """Read on until the client has read the answer, or it would get a reset instead."""
        source.settimeout(0.3)
        with contextlib.suppress(OSError):
            while source.recv(_BLOCK):
                pass

    def _reset(self, line: socket.socket) -> None:
        self._open.discard(line)
        with contextlib.suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.shutdown(socket.SHUT_RDWR)
        line.close()
