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
from dataclasses import dataclass, field
from typing import Any

from bulletin.service.http.public_folders import PublicFolder
from bulletin.service.public_server.forward_to_service import ServiceAddress
from bulletin.service.public_server.server_program import BEAT_S, folder_data

log = logging.getLogger(__name__)

_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.service.public_server.server_program import main; main()"
_NEEDED = re.compile(
    r"(?:PATH|HOME|TZ|LANG|LC_\w+|LD_\w+|PYTHON\w*|SYSTEMROOT|FORWARDED_ALLOW_IPS|TEMP|TMP|TMPDIR|VIRTUAL_ENV)\Z"
)
"""Environment variables of the process, which strangers talk to: none is a secret."""
_CHECK_S = 0.5
_SILENT_S = 12 * BEAT_S
"""A server without a heartbeat for so long hangs."""
_STOP_S = 5.0
_LONGEST_PAUSE_S = 30.0
"""The longest pause before a server that dies at once is restarted."""


@dataclass(slots=True, kw_only=True)
class _Running:
    """One life of the server."""

    process: subprocess.Popen[bytes]
    folders: str
    """JSON of the public folders that it knows."""
    began: float = field(default_factory=time.monotonic)
    heard: float = field(default_factory=time.monotonic)
    """When its last heartbeat came."""


class PublicServer:
    """
    The public server process, on a socket that stays open from one of its lives to the next.

    A thread of its own watches it, so that it can never delay the clock.
    """

    def __init__(
        self, bound: socket.socket, *, inside: ServiceAddress, folders: Callable[[], Sequence[PublicFolder]]
    ) -> None:
        """
        `bound` is the listening socket, `inside` this process's address for forwarded requests; `folders` is called
        again and again, since profiles change.
        """
        self._bound, self._inside, self._folders = bound, inside, folders
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="public-server", daemon=True)
        self._counts: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        """Counts of its earlier lives."""
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
        Open connections ("open"), and those closed by the limits since the service began, by reason.

        Reasons are `connection_limits.REASONS`; empty before the first heartbeat.
        """
        now = self._counts
        return now | {name: now.get(name, 0) + count for name, count in self._ended.items()}

    def _keep(self) -> None:
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            is_well = False
            try:
                running = self._begin()
                is_well = running is not None and self._watch(running)
            except Exception:
                log.exception("the public server is started again")
            self._keep_counts()
            pause_s = 0.0 if is_well else min(max(1.0, 2 * pause_s), _LONGEST_PAUSE_S)

    def _begin(self) -> _Running | None:
        folders = self._folders_json()
        try:
            process = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-c", _BOOT.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: value for name, value in os.environ.items() if _NEEDED.match(name.upper())},
                **_popen_options(self._bound),
            )
        except OSError as error:
            log.error("the public server cannot be started, trying again: error=%s", error)
            return None
        self.starts += 1
        self.pid = process.pid
        running = _Running(process=process, folders=folders)
        inside = {"host": self._inside.host, "port": self._inside.port}
        handle = _socket_handle(self._bound, process)
        self._send(running, {"socket": handle, "inside": inside, "folders": json.loads(folders)})
        threading.Thread(
            target=self._read_heartbeats, args=(running,), name="public-server-beat", daemon=True
        ).start()
        return running

    def _watch(self, running: _Running) -> bool:
        """Watch one life to its end; True where it was long enough for an immediate restart."""
        process = running.process
        while process.poll() is None:
            if self._stopping.wait(_CHECK_S):
                self._send(running, {"stop": True})
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_S)
                break
            if time.monotonic() - running.heard > _SILENT_S:
                log.error("the public server hangs and is killed: pid=%d", process.pid)
                break
            folders = self._folders_json()
            if folders != running.folders:
                running.folders = folders
                self._send(running, {"folders": json.loads(folders)})
        process.kill()
        code = process.wait()
        if process.stdin:
            with suppress(OSError):
                process.stdin.close()
        if not self._stopping.is_set():
            log.error("the public server ended and is started again: pid=%d code=%d", process.pid, code)
        return time.monotonic() - running.began > _LONGEST_PAUSE_S

    def _folders_json(self) -> str:
        return json.dumps([folder_data(public) for public in self._folders()])

    def _send(self, running: _Running, message: dict[str, Any]) -> None:
        """Send a message, or kill a process that does not read: its next life begins with the new state."""
        assert running.process.stdin
        try:
            running.process.stdin.write(json.dumps(message).encode() + b"\n")
            running.process.stdin.flush()
        except OSError:
            running.process.kill()

    def _read_heartbeats(self, running: _Running) -> None:
        """Read heartbeats until the process ends."""
        assert running.process.stdout
        with running.process.stdout as lines:
            for line in lines:
                with suppress(ValueError, TypeError, KeyError):
                    message = json.loads(line)
                    self._counts = {"open": float(message["open"])} | {
                        str(name): float(count) for name, count in message["closed"].items()
                    }
                    running.heard = time.monotonic()

    def _keep_counts(self) -> None:
        for name, count in self._counts.items():
            if name != "open":
                self._ended[name] = self._ended.get(name, 0) + count
        self._counts = {}


def _popen_options(bound: socket.socket) -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}  # none flashes up
    return {"pass_fds": (bound.fileno(),)}


def _socket_handle(bound: socket.socket, process: subprocess.Popen[bytes]) -> int | str:
    """The listening socket for the other process: a descriptor, or on Windows its shared data in base64."""
    if sys.platform == "win32":
        return base64.b64encode(bound.share(process.pid)).decode()
    return bound.fileno()
