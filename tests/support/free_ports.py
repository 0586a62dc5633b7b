"""Free ports for servers that cannot choose one themselves."""

from __future__ import annotations

import itertools
import os
import socket
import sys

_FIRST, _EACH = 20_000, 500
"""Below the ephemeral ports of systems, so that a free port is still free when the server starts."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_NEXT = itertools.count(os.getpid() % _EACH)


def free_port() -> int:
    """Free port of 127.0.0.1, given to no other process of this test run."""
    for _ in range(_EACH):
        port = _FIRST + _WORKER * _EACH + next(_NEXT) % _EACH
        with socket.socket() as probe:
            if sys.platform != "win32":  # there it would share a port in use
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no port is free from {_FIRST + _WORKER * _EACH} on")
