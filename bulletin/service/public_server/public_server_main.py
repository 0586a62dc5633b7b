"""
Main program of the public server's process, which knows the public folders, no secret and no archive.

Standard input brings a line of JSON: the socket to listen on, the port of the clock's process, the public folders.
The next line ends the program in order; the end of the input means that the clock's process has died, and ends it at
once.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

from starlette.applications import Starlette

from bulletin.service.http.serve_published_files import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.monitoring.set_up_logging import limit_repeated_lines, set_up_logs
from bulletin.service.public_server.forward_to_service import forward_routes
from bulletin.service.resources import process_limits
from bulletin.service.resources.limit_http_connections import ConnectionGuard

BEAT_S = 5
"""Seconds between two lines on standard output: connections open, connections that the limits closed."""
_NICE = 5
_KILLED_FIRST = 300
"""OOM score out of 1,000 (oom_score_adj): without memory the system kills this process before the clock's."""


def main() -> None:
    for name in ("SIGINT", "SIGHUP"):  # meant for the clock's process, which stops this one
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    process_limits.use_one_malloc_arena()
    set_up_logs()
    limit_repeated_lines()
    _lower_priority()
    message = json.loads(sys.stdin.buffer.readline())
    folders = [PublicFolder(**{**data, "folder": Path(data["folder"])}) for data in message["folders"]]
    app = Starlette(routes=[*forward_routes(message["port"]), *public_routes(lambda: folders)])
    limits = process_limits.limits_within(process_limits.raise_descriptor_limit())
    server = WebServer(app, bound=[_socket(message["socket"])], limits=limits)
    server.beat = partial(_send_heartbeat, server.guard, count())
    server.start()
    if not sys.stdin.buffer.readline():
        os._exit(0)  # the clock's process has died
    server.stop()


def _send_heartbeat(guard: ConnectionGuard, seconds: Iterator[int]) -> None:
    """Send a heartbeat to the clock's process every `BEAT_S` seconds; called once a second."""
    if next(seconds) % BEAT_S == 0:
        line = json.dumps({"open": guard.open, **guard.closed})
        with suppress(OSError):
            os.write(1, f"{line}\n".encode())


def _lower_priority() -> None:
    """Give the clock's process precedence, for processor and memory, where the system allows it."""
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_KILLED_FIRST), encoding="ascii")


def _socket(handle: int | str) -> socket.socket:
    if isinstance(handle, str):  # Windows
        return socket.fromshare(base64.b64decode(handle))  # type: ignore[attr-defined,no-any-return,unused-ignore]
    return socket.socket(fileno=handle)
