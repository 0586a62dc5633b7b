"""The clock's process -> the public server's: started, told what to serve, started again when it dies or hangs."""

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
from bulletin.service.public_server.reverse_proxy import ServiceAddress
from bulletin.service.public_server.server_program import BEAT_S, folder_data

log = logging.getLogger(__name__)

_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.service.public_server.server_program import main; main()"
_NEEDED = re.compile(
    r"(?:PATH|HOME|TZ|LANG|LC_\w+|LD_\w+|PYTHON\w*|SYSTEMROOT|FORWARDED_ALLOW_IPS|TEMP|TMP|TMPDIR|VIRTUAL_ENV)\Z"
)
"""Of the environment: strangers talk to that process, so it is told no secret."""
_LOOK_S = 0.5
_SILENT_S = 12 * BEAT_S
"""A server that has told nothing for so long hangs."""
_STOP_S = 5.0
_LONGEST_PAUSE_S = 30.0
"""Between two starts of a server that dies at once."""


@dataclass(slots=True, kw_only=True)
class _Running:
    """One life of the server."""

    process: subprocess.Popen[bytes]
    told: str
    """The public folders, as it was told."""
    began: float = field(default_factory=time.monotonic)
    heard: float = field(default_factory=time.monotonic)
    """When it told that it answers."""


class PublicServer:
    """
    The process that answers strangers, on a socket that stays open from one of its lives to the next.

    All is done by a thread of its own: nothing that happens there can keep the clock waiting.
    """

    def __init__(
        self, bound: socket.socket, *, inside: ServiceAddress, folders: Callable[[], Sequence[PublicFolder]]
    ) -> None:
        """
        `bound` is the socket that listens, `inside` where this process answers what is passed on; `folders` is
        asked again and again, since profiles change.
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
        """Keep one running from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Let it answer what it is answering, for a few seconds."""
        self._stopping.set()
        self._thread.join(2 * _STOP_S)
        self._bound.close()

    def counts(self) -> Mapping[str, float]:
        """
        Connections that are open, and by the reason those that the limits closed, since the service began.

        "open", "full", "client", "request", "send"; none before the first seconds.
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
            except Exception:  # whatever it was, the files are served again
                log.exception("the public server is started again")
            self._count_in()
            pause_s = 0.0 if is_well else min(max(1.0, 2 * pause_s), _LONGEST_PAUSE_S)

    def _begin(self) -> _Running | None:
        folders = self._told_folders()
        try:
            process = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-c", _BOOT.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: value for name, value in os.environ.items() if _NEEDED.match(name.upper())},
                **_passing(self._bound),
            )
        except OSError as error:
            log.error("the public server cannot be started, trying again: error=%s", error)
            return None
        self.starts += 1
        self.pid = process.pid
        running = _Running(process=process, told=folders)
        inside = {"host": self._inside.host, "port": self._inside.port}
        self._tell(
            running,
            {"socket": _handed(self._bound, process), "inside": inside, "folders": json.loads(folders)},
        )
        threading.Thread(target=self._listen, args=(running,), name="public-server-beat", daemon=True).start()
        return running

    def _watch(self, running: _Running) -> bool:
        """Until it ends; whether it lived long enough to be started again at once."""
        process = running.process
        while process.poll() is None:
            if self._stopping.wait(_LOOK_S):
                self._tell(running, {"stop": True})
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_S)
                break
            if time.monotonic() - running.heard > _SILENT_S:
                log.error("the public server hangs and is killed: pid=%d", process.pid)
                break
            folders = self._told_folders()
            if folders != running.told:
                running.told = folders
                self._tell(running, {"folders": json.loads(folders)})
        process.kill()
        code = process.wait()
        if process.stdin:
            with suppress(OSError):
                process.stdin.close()
        if not self._stopping.is_set():
            log.error("the public server ended and is started again: pid=%d code=%d", process.pid, code)
        return time.monotonic() - running.began > _LONGEST_PAUSE_S

    def _told_folders(self) -> str:
        return json.dumps([folder_data(place) for place in self._folders()])

    def _tell(self, running: _Running, told: dict[str, Any]) -> None:
        """Or end it, where it reads nothing: its next life is told at its start."""
        assert running.process.stdin
        line = json.dumps(told).encode() + b"\n"
        try:
            running.process.stdin.write(line)
            running.process.stdin.flush()
        except OSError:
            running.process.kill()

    def _listen(self, running: _Running) -> None:
        """What it tells of itself, until it ends."""
        assert running.process.stdout
        with running.process.stdout as lines:
            for line in lines:
                with suppress(ValueError, TypeError, KeyError):
                    told = json.loads(line)
                    self._counts = {"open": float(told["open"])} | {
                        str(name): float(count) for name, count in told["closed"].items()
                    }
                    running.heard = time.monotonic()

    def _count_in(self) -> None:
        for name, count in self._counts.items():
            if name != "open":
                self._ended[name] = self._ended.get(name, 0) + count
        self._counts = {}


def _passing(bound: socket.socket) -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}  # none flashes up
    return {"pass_fds": (bound.fileno(),)}


def _handed(bound: socket.socket, process: subprocess.Popen[bytes]) -> int | str:
    """The socket, as the other process takes it up."""
    if sys.platform == "win32":
        return base64.b64encode(bound.share(process.pid)).decode()
    return bound.fileno()
