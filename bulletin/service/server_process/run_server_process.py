"""Inside a server's process: signals, low priority, heartbeats, and its end with the clock's process."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from bulletin.service.http.web_server import WebServer
from bulletin.service.server_process.supervise_server_process import BEAT_S

_NICE = 5
_KILLED_FIRST = 300
"""OOM score out of 1,000 (oom_score_adj): without memory the system kills this process before the clock's."""


def begin_process() -> dict[str, Any]:
    """Prepare the process and return its configuration, the line of JSON on standard input."""
    for name in ("SIGINT", "SIGHUP"):  # meant for the clock's process, which stops this one
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    _lower_priority()
    message: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    return message


def serve_until_told(server: WebServer) -> None:
    """Serve until the clock's process says so, or has died; then this process ends at once."""
    send = partial(_send_heartbeat, server, partial(next, count()))
    server.beat = send
    server.start()
    if not sys.stdin.buffer.readline():
        os._exit(0)  # the clock's process has died
    server.stop()


def _send_heartbeat(server: WebServer, seconds: Callable[[], int]) -> None:
    """Send a heartbeat to the clock's process every `BEAT_S` seconds; called once a second."""
    if seconds() % BEAT_S == 0:
        line = json.dumps({"open": server.guard.open, **server.guard.closed})
        with suppress(OSError):
            os.write(1, f"{line}\n".encode())


def _lower_priority() -> None:
    """Give the clock's process precedence, for processor and memory, where the system allows it."""
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_KILLED_FIRST), encoding="ascii")
