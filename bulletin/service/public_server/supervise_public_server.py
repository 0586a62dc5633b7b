"""Public server process: started, configured, and restarted when it dies or hangs."""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from bulletin.service.http.serve_published_files import PublicFolder
from bulletin.service.public_server.public_server_main import BEAT_S

log = logging.getLogger(__name__)

_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.service.public_server.public_server_main import main; main()"
_NEEDED = re.compile(
    r"(?:PATH|HOME|TZ|LANG|LC_\w+|LD_\w+|PYTHON\w*|SYSTEMROOT|FORWARDED_ALLOW_IPS|TEMP|TMP|TMPDIR|VIRTUAL_ENV)\Z"
)
"""Environment variables of the process, which strangers talk to: none is a secret."""
_CHECK_S = 0.5
_SILENT_S = 12 * BEAT_S
"""A server without a heartbeat for so long hangs."""
_STOP_S = 5.0
_LONGEST_PAUSE_S = 30.0
"""The longest pause before a server that dies after its start is restarted."""


class PublicServer:
    """
    The public server process, on a socket that stays open when the process is restarted.

    A separate thread watches it, so that it can never delay the clock.
    """

    def __init__(
        self, bound: socket.socket, *, service_port: int, folders: Callable[[], Sequence[PublicFolder]]
    ) -> None:
        """
        `bound` is the listening socket, `service_port` this process's port for forwarded requests. `folders`
        is called repeatedly, since profiles change: a process with the new folders replaces the old one.
        """
        self._bound, self._service_port, self._folders = bound, service_port, folders
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="public-server", daemon=True)
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
        self._thread.join(2 * _STOP_S)
        self._bound.close()

    def counts(self) -> Mapping[str, float]:
        """
        Open connections ("open"), and connections that the limits of this process have closed, by reason.

        Reasons are `connection_limits.REASONS`; empty before the first heartbeat.
        """
        return self._counts

    def _keep(self) -> None:
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            began = time.monotonic()
            try:
                self._run()
            except Exception as error:
                is_known = isinstance(error, OSError)
                log.error("public server failed, restarting: %s", error, exc_info=not is_known)
            is_well = time.monotonic() - began > _LONGEST_PAUSE_S
            pause_s = 0.0 if is_well else min(max(1.0, 2 * pause_s), _LONGEST_PAUSE_S)

    def _run(self) -> None:
        """Run the process once, from its start to its end."""
        folders = [*self._folders()]
        with subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", _BOOT.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if _NEEDED.match(name.upper())},
            **_popen_options(self._bound),
        ) as process:
            try:
                self.starts += 1
                self.pid = process.pid
                self._heard_at = time.monotonic()
                threading.Thread(target=self._read_heartbeats, args=(process,), daemon=True).start()
                handle = _socket_handle(self._bound, process)
                message = {"socket": handle, "port": self._service_port, "folders": [*map(asdict, folders)]}
                _send(process, json.dumps(message, default=str))
                self._watch(process, folders)
            finally:
                process.kill()
        if not self._stopping.is_set():
            log.error("public server ended, restarting: pid=%d", process.pid)

    def _watch(self, process: subprocess.Popen[bytes], folders: list[PublicFolder]) -> None:
        """Return when the process has ended, must be killed, or had time to end after the stop signal."""
        while process.poll() is None:
            if self._stopping.wait(_CHECK_S) or [*self._folders()] != folders:
                _send(process, "stop")
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_S)
                return
            if time.monotonic() - self._heard_at > _SILENT_S:
                log.error("public server hangs, killing it: pid=%d", process.pid)
                return

    def _read_heartbeats(self, process: subprocess.Popen[bytes]) -> None:
        """Read heartbeats until the process ends."""
        assert process.stdout
        for line in process.stdout:
            self._counts, self._heard_at = json.loads(line), time.monotonic()


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
