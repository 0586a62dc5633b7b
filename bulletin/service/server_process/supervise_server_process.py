"""Server in a process of its own: started on a bound socket, configured, and restarted when it dies or hangs."""

from __future__ import annotations

import base64
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

BEAT_S = 5
"""Seconds between two lines of the process on its standard output; each is a heartbeat, with counts as JSON."""
_BOOT = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"
_CHECK_S = 0.5
_SILENT_S = 12 * BEAT_S
"""A server without a heartbeat for so long hangs."""
_STOP_S = 5.0
_LONGEST_PAUSE_S = 30.0
"""The longest pause before a server that dies after its start is restarted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProgram:
    """The program of a server's process."""

    name: str
    """For the log: "public server"."""
    module: str
    """Its `main` reads a line of JSON from standard input; the next line ends it in order, the end of input at once."""
    message: Callable[[], Mapping[str, Any]]
    """The line of JSON, without the socket. A change of it restarts the process."""
    environ: Callable[[], Mapping[str, str]]


class ServerProcess:
    """
    A server's process, on a socket that stays open when the process is restarted.

    A separate thread watches it, so that it can never delay the clock.
    """

    def __init__(self, bound: socket.socket, program: ServerProgram) -> None:
        self._bound, self._program = bound, program
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=program.name.replace(" ", "-"), daemon=True)
        self._heard_at = 0.0
        self._counts: dict[str, float] = {}
        self.starts = 0
        self.pid: int | None = None

    def start(self) -> None:
        """Start the process, and keep it running."""
        self._thread.start()

    def stop(self) -> None:
        """Stop it after its current answers, within a few seconds."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(2 * _STOP_S)
        self._bound.close()

    def counts(self) -> Mapping[str, float]:
        """The numbers of the last heartbeat; empty before the first."""
        return self._counts

    def _keep(self) -> None:
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            began = time.monotonic()
            try:
                self._run()
            except Exception as error:
                is_known = isinstance(error, OSError)
                log.error("%s failed, restarting: %s", self._program.name, error, exc_info=not is_known)
            is_well = time.monotonic() - began > _LONGEST_PAUSE_S
            pause_s = 0.0 if is_well else min(max(1.0, 2 * pause_s), _LONGEST_PAUSE_S)

    def _run(self) -> None:
        """Run the process once, from its start to its end."""
        message = dict(self._program.message())
        with subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", _BOOT.format(path=sys.path, module=self._program.module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(self._program.environ()),
            **_popen_options(self._bound),
        ) as process:
            try:
                self.starts += 1
                self.pid = process.pid
                self._heard_at = time.monotonic()
                threading.Thread(target=self._read_heartbeats, args=(process,), daemon=True).start()
                handle = _socket_handle(self._bound, process)
                _send(process, json.dumps({"socket": handle, **message}, default=str))
                self._watch(process, message)
            finally:
                process.kill()
        if not self._stopping.is_set():
            log.error("%s ended, restarting: pid=%d", self._program.name, process.pid)

    def _watch(self, process: subprocess.Popen[bytes], message: Mapping[str, Any]) -> None:
        """Return when the process has ended, must be killed, or had time to end after the stop signal."""
        while process.poll() is None:
            if self._stopping.wait(_CHECK_S) or dict(self._program.message()) != message:
                _send(process, "stop")
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_S)
                return
            if time.monotonic() - self._heard_at > _SILENT_S:
                log.error("%s hangs, killing it: pid=%d", self._program.name, process.pid)
                return

    def _read_heartbeats(self, process: subprocess.Popen[bytes]) -> None:
        """Read heartbeats until the process ends."""
        assert process.stdout
        for line in process.stdout:
            self._counts, self._heard_at = json.loads(line), time.monotonic()


def inherited_socket(handle: int | str) -> socket.socket:
    """The listening socket in the other process, from the `socket` of its line of JSON."""
    if isinstance(handle, str):  # Windows
        return socket.fromshare(base64.b64decode(handle))  # type: ignore[attr-defined,no-any-return,unused-ignore]
    return socket.socket(fileno=handle)


def _send(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdin
    process.stdin.write(line.encode() + b"\n")
    process.stdin.flush()


def _popen_options(bound: socket.socket) -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}  # none flashes up
    return {"pass_fds": (bound.fileno(),)}


def _socket_handle(bound: socket.socket, process: subprocess.Popen[bytes]) -> int | str:
    """The listening socket for the other process: a descriptor, or on Windows its shared data in base64."""
    if sys.platform == "win32":
        return base64.b64encode(bound.share(process.pid)).decode()
    return bound.fileno()
