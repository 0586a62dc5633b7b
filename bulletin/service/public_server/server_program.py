"""
The program of the public server's process. It knows the public folders and no secret, and opens no archive.

Standard input brings lines of JSON: the socket to listen on, where the clock's process answers, the public
folders; then the folders again when profiles change. {"stop": true} ends it in order; the end of the input means
that the clock's process has died, and then it ends at once.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bulletin.service.http.public_folders import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.monitoring.log_format import set_up_logs
from bulletin.service.monitoring.log_rate_limit import limit_repeated_lines
from bulletin.service.public_server.reverse_proxy import ServiceAddress, forward_routes
from bulletin.service.resources.file_descriptors import limits_within, raise_descriptor_limit
from bulletin.service.resources.malloc_arena import use_one_malloc_arena

BEAT_S = 5
"""Seconds between two lines on standard output: connections open, connections that the limits closed."""
_NICE = 5
_KILLED_FIRST = 300
"""Of 1,000: when memory runs out the system kills this process before the one that makes the news."""


class PublicApp:
    """The public folders as they were told last."""

    def __init__(self) -> None:
        self.folders: tuple[PublicFolder, ...] = ()

    def learn(self, told: dict[str, Any]) -> None:
        self.folders = tuple(folder_from(one) for one in told["folders"])


def folder_from(told: dict[str, str]) -> PublicFolder:
    """What `folder_data` made of it."""
    return PublicFolder(**{**told, "folder": Path(told["folder"])})  # type: ignore[arg-type]


def folder_data(place: PublicFolder) -> dict[str, str]:
    """A public folder as plain data."""
    return {
        "station": place.station,
        "folder": str(place.folder),
        "feed_url": place.feed_url,
        "hub": place.hub,
    }


def main() -> None:
    for name in ("SIGINT", "SIGHUP"):  # meant for the clock's process, which tells us what to do
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    use_one_malloc_arena()
    set_up_logs()
    limit_repeated_lines()
    _give_way()
    told = json.loads(sys.stdin.buffer.readline())
    front = PublicApp()
    front.learn(told)
    app = Starlette(
        routes=[*forward_routes(ServiceAddress(**told["inside"])), *public_routes(lambda: front.folders)]
    )
    limits = limits_within(raise_descriptor_limit())
    server = WebServer(app, bound=[_socket(told["socket"])], limits=limits)
    beats = Heartbeats(server)
    server.beat = beats.beat
    server.start()
    for line in sys.stdin.buffer:
        told = json.loads(line)
        if "stop" in told:
            server.stop()
            return
        front.learn(told)
    os._exit(0)  # nobody is left to be answered for


class Heartbeats:
    """Tells the clock's process that this one answers."""

    def __init__(self, server: WebServer) -> None:
        self._server = server
        self._seconds = 0

    def beat(self) -> None:
        """Once a second."""
        if self._seconds % BEAT_S == 0:
            guard = self._server.guard
            line = json.dumps({"open": guard.open, "closed": guard.closed})
            with suppress(OSError):
                os.write(1, f"{line}\n".encode())
        self._seconds += 1


def _give_way() -> None:
    """The clock's process goes first, for the processor and for memory; where the system lets us say so."""
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_KILLED_FIRST), encoding="ascii")


def _socket(told: int | str) -> socket.socket:
    if isinstance(told, str):  # Windows
        return socket.fromshare(base64.b64decode(told))  # type: ignore[attr-defined,no-any-return,unused-ignore]
    return socket.socket(fileno=told)
