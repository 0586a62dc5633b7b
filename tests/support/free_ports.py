"""Ports for servers that cannot be told to take any that is free."""

from __future__ import annotations

import itertools
import os
import socket
import sys

_FIRST, _EACH = 20_000, 500
"""Below the ports that systems give to callers: what is free now still is when the server starts."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_NEXT = itertools.count(os.getpid() % _EACH)


def free_port() -> int:
    """A port of 127.0.0.1 that no other process of this test run is given."""
    for _ in range(_EACH):
        port = _FIRST + _WORKER * _EACH + next(_NEXT) % _EACH
        with socket.socket() as probe:
            if sys.platform != "win32":  # there it would share a port that is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no port is free from {_FIRST + _WORKER * _EACH} on")
