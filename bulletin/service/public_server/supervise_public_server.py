"""Public server process: its configuration and its environment, which holds no secret."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import asdict

from bulletin.service.http.serve_published_files import PublicFolder
from bulletin.service.server_process.supervise_server_process import ServerProcess, ServerProgram

_NEEDED = re.compile(
    r"(?:PATH|HOME|TZ|LANG|LC_\w+|LD_\w+|PYTHON\w*|SYSTEMROOT|FORWARDED_ALLOW_IPS|TEMP|TMP|TMPDIR|VIRTUAL_ENV)\Z"
)
"""Environment variables of the process, which strangers talk to: none is a secret."""


class PublicServer(ServerProcess):
    """
    The public server process.

    Its `counts` are open connections ("open"), and connections that the limits of the process have closed, by reason
    (`limit_http_connections.REASONS`).
    """

    def __init__(
        self, bound: socket.socket, *, service_port: int, folders: Callable[[], Sequence[PublicFolder]]
    ) -> None:
        """
        `bound` is the listening socket, `service_port` this process's port for forwarded requests. `folders`
        is called repeatedly, since profiles change: a process with the new folders replaces the old one.
        """
        program = ServerProgram(
            name="public server",
            module="bulletin.service.public_server.public_server_main",
            message=lambda: {"port": service_port, "folders": [asdict(folder) for folder in folders()]},
            environ=lambda: {
                name: value for name, value in os.environ.items() if _NEEDED.match(name.upper())
            },
        )
        super().__init__(bound, program)
