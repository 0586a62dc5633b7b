"""Liquidsoap client: pushes the path of a file to a `request.queue` over the server socket."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

from bulletin.runtime.deadline import Deadline
from bulletin.streaming.stream_interface import StreamError, StreamItem, StreamSent

_TIMEOUT_S = 5.0
_ANSWER_BYTES = 1_000_000
_ANSWER_S = 10.0
"""Time-out of a whole answer."""
_CHECKS, _CHECK_AGAIN_S = 20, 0.2
"""Number of questions to Liquidsoap whether it plays the file, and the pause between them."""
_END = re.compile(rb"(?:^|\n)END\r?\n")


class LiquidsoapQueue:
    """
    One queue of one Liquidsoap.

    `address` is "/run/liquidsoap/bulletin.sock" or "127.0.0.1:1234"; `command` is the queue's push command:
    "bulletin.push". Liquidsoap must be able to read the file, under the same path.
    """

    def __init__(self, *, address: str, command: str = "bulletin.push") -> None:
        self._address, self._command = address.removeprefix("unix:"), command

    def check(self) -> None:
        """Raise StreamError unless Liquidsoap answers and knows the command."""
        answer = self._ask("help")
        known = re.findall(r"^\| (\S+)", answer, re.MULTILINE)
        if self._command not in known:
            pushes = ", ".join(name for name in known if name.endswith(".push"))
            has = f"it has {pushes}" if pushes else "it has no queue"
            raise StreamError(
                f'{self._address}: Liquidsoap knows no command "{self._command}" ({has}); '
                "correct [stream] command; docs/LIVE.md shows the script",
                is_lasting=True,
            )

    def send(self, item: StreamItem) -> StreamSent:
        """Push the path; Liquidsoap plays it immediately. Raises StreamError."""
        path = str(item.path.resolve())
        if not path.isprintable():
            raise StreamError(
                f"{path!r}: Liquidsoap takes no path with such characters; rename the folder", is_lasting=True
            )
        answer = self._ask(f"{self._command} {path}")
        if not re.fullmatch(r"\s*\d+\s*", answer):
            excerpt = " ".join(answer.split())[:120] or "nothing"
            raise StreamError(
                f'{self._address}: Liquidsoap answered "{excerpt}" to "{self._command}"; see [stream] command',
                is_lasting=True,
            )
        self._check_playing(answer.strip(), item.path)
        return StreamSent()

    def _check_playing(self, request: str, path: Path) -> None:
        """Liquidsoap drops a file that it cannot read without a word, and then knows no such request."""
        for _ in range(_CHECKS):
            answer = self._ask(f"request.metadata {request}")
            if "No such request" in answer:
                raise StreamError(
                    f"{path}: Liquidsoap cannot play this file; let Liquidsoap read it under the same path",
                    is_lasting=True,
                )
            if re.search(r'^status="(ready|playing)"', answer, re.MULTILINE):
                return
            time.sleep(_CHECK_AGAIN_S)
        raise StreamError(f"{self._address}: Liquidsoap does not play {path}; see Liquidsoap's log")

    def _ask(self, command: str) -> str:
        """The answer to a command. Raises StreamError."""
        try:
            with self._connect() as connection:
                connection.sendall(f"{command}\n".encode())
                answer = _receive(connection)
                connection.sendall(b"exit\n")
                return answer
        except OSError as error:
            why = error.strerror or str(error) or "no answer"
            raise StreamError(
                f"{self._address}: Liquidsoap does not answer ({why}); start it, turn on "
                "settings.server.socket or settings.server.telnet, and check [stream] queue"
            ) from error

    def _connect(self) -> socket.socket:
        if not self._address.startswith("/"):
            host, _, port = self._address.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), _TIMEOUT_S)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_TIMEOUT_S)
        try:
            connection.connect(self._address)
        except OSError:
            connection.close()
            raise
        return connection


def _receive(connection: socket.socket) -> str:
    answer, until = b"", Deadline.after(_ANSWER_S)
    while not _END.search(answer) and len(answer) < _ANSWER_BYTES:
        if until.is_over:
            raise TimeoutError
        chunk = connection.recv(4096)
        if not chunk:
            raise ConnectionResetError("the server closed the connection")
        answer += chunk
    return _END.sub(b"", answer).decode("utf-8", "replace")
