"""Liquidsoap's server socket: it is told the path of a file, and plays it itself from a `request.queue`."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

from bulletin.runtime.deadline import Deadline
from bulletin.streaming.stream_port import StreamError, StreamItem, StreamSent

_TIMEOUT_S = 5.0
_ANSWER_BYTES = 1_000_000
_ANSWER_S = 10.0
"""For the whole of it."""
_LOOKS, _LOOK_AGAIN_S = 20, 0.2
_END = re.compile(rb"(?:^|\n)END\r?\n")


class LiquidsoapQueue:
    """
    One queue of one Liquidsoap.

    `address` is "/run/liquidsoap/bulletin.sock" or "127.0.0.1:1234"; `command` is the queue's own, with a
    "push": "bulletin.push". Liquidsoap must be able to read the file, under the same path.
    """

    def __init__(self, *, address: str, command: str = "bulletin.push") -> None:
        self._address, self._command = address.removeprefix("unix:"), command

    def check(self) -> None:
        """Whether it answers and knows the command."""
        (answer,) = self._talk("help")
        known = re.findall(r"^\| (\S+)", answer, re.MULTILINE)
        if self._command not in known:
            pushes = ", ".join(name for name in known if name.endswith(".push"))
            has = f"it has {pushes}" if pushes else "it has no queue"
            raise StreamError(
                f'{self._address}: Liquidsoap knows no command "{self._command}" ({has}); '
                "see [stream] command, and docs/LIVE.md for its script",
                is_lasting=True,
            )

    def send(self, item: StreamItem) -> StreamSent:
        """Hand over the path; Liquidsoap plays it at once. Raises StreamError."""
        path = str(item.path.resolve())
        if not path.isprintable():
            raise StreamError(f"{path!r}: such a path cannot be told to Liquidsoap", is_lasting=True)
        (answer,) = self._talk(f"{self._command} {path}")
        if not re.fullmatch(r"\s*\d+\s*", answer):
            said = " ".join(answer.split())[:120] or "nothing"
            raise StreamError(
                f'{self._address}: Liquidsoap answered "{said}" to "{self._command}"; see [stream] command',
                is_lasting=True,
            )
        self._see_if_taken(answer.strip(), item.path)
        return StreamSent()

    def _see_if_taken(self, request: str, path: Path) -> None:
        """A file that it cannot read is dropped without a word: then it knows of no such request any more."""
        for _ in range(_LOOKS):
            (told,) = self._talk(f"request.metadata {request}")
            if "No such request" in told:
                raise StreamError(
                    f"{path}: Liquidsoap cannot play it; it must be able to read the file, under the same path",
                    is_lasting=True,
                )
            if re.search(r'^status="(ready|playing)"', told, re.MULTILINE):
                return
            time.sleep(_LOOK_AGAIN_S)
        raise StreamError(f"{self._address}: Liquidsoap has {path} but does not play it; see its log")

    def _talk(self, *commands: str) -> tuple[str, ...]:
        """The answer to each. Raises StreamError."""
        try:
            with self._dial() as line:
                answers = tuple(_ask(line, command) for command in commands)
                line.sendall(b"exit\n")
                return answers
        except OSError as error:
            why = error.strerror or str(error) or "no answer"
            raise StreamError(
                f"{self._address}: Liquidsoap's server does not answer ({why}); is it running, with "
                "settings.server.socket or settings.server.telnet on, and [stream] queue right?"
            ) from error

    def _dial(self) -> socket.socket:
        if not self._address.startswith("/"):
            host, _, port = self._address.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), _TIMEOUT_S)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_TIMEOUT_S)
        try:
            line.connect(self._address)
        except OSError:
            line.close()
            raise
        return line


def _ask(line: socket.socket, command: str) -> str:
    line.sendall(f"{command}\n".encode())
    answer, until = b"", Deadline.after(_ANSWER_S)
    while not _END.search(answer) and len(answer) < _ANSWER_BYTES:
        if until.is_over:
            raise TimeoutError
        got = line.recv(4096)
        if not got:
            raise ConnectionResetError("the server hung up")
        answer += got
    return _END.sub(b"", answer).decode("utf-8", "replace")
