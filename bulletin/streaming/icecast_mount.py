"""One mount of a server that speaks Icecast's protocol: the line to it, and what is asked on the way."""

from __future__ import annotations

import base64
import select
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from bulletin.runtime.deadline import Deadline
from bulletin.streaming.server_answers import OTHER_WAY, judge, read_status
from bulletin.streaming.stream_port import StreamError

_TIMEOUT_S = 5.0
"""For a connection, an answer, or a server that stopped reading."""
_ANSWER_BYTES = 16_384
_ANSWER_S = 10.0
"""For the whole of it: one that drips passes every time-out for a single read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IcecastAddress:
    """Where the mount is, and who we are there."""

    url: str
    """ "http://127.0.0.1:8000/bulletin.mp3", or https."""
    user: str = "source"
    password: str = ""
    ca_file: Path | None = None
    """Who vouches for an https server, when the system's own list does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamShow:
    """What the server tells its listeners of the source."""

    name: str = ""
    description: str = ""
    genre: str = "News"
    is_public: bool = False


class Mount:
    """Where a source connects: Icecast 2.4 and newer by PUT, older ones and Shoutcast-likes by SOURCE."""

    def __init__(self, address: IcecastAddress, show: StreamShow) -> None:
        parts = urlsplit(address.url)
        self._host, self._is_tls = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 8000)
        self._told_host = (
            f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"
        )
        self._mount = quote(parts.path or "/", safe="/%~:@!$&'()*+,;=")
        self.place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self._mount}"
        """For people: without user and password."""
        self._address, self._show = address, show
        self._method = "PUT"

    def connect(self, media_type: str) -> socket.socket:
        """A line on which the server waits for sound. Raises StreamError."""
        line = self._dial()
        try:
            code, said = self._introduce(line, self._method, media_type)
            if self._method == "PUT" and code in OTHER_WAY:
                line.close()
                line = self._dial()
                code, said = self._introduce(line, "SOURCE", media_type)
                if code == 200:
                    self._method = "SOURCE"
        except OSError as error:
            line.close()
            raise StreamError(f"{self.place}: {tell_why(error)} while it was asked; try again") from error
        refusal = judge(code, said, place=self.place, media_type=media_type)
        if refusal:
            line.close()
            raise refusal
        return line

    def _introduce(self, line: socket.socket, method: str, media_type: str) -> tuple[int, str]:
        show, version = self._show, "1.1" if method == "PUT" else "1.0"
        fields = {
            "Host": self._told_host,
            "Authorization": f"Basic {self._credentials}",
            "User-Agent": "Bulletin",
            "Content-Type": media_type,
            "Ice-Public": str(int(show.is_public)),
            "Ice-Name": show.name,
            "Ice-Description": show.description,
            "Ice-Genre": show.genre,
        }
        if method == "PUT":
            fields["Expect"] = "100-continue"
        told = "".join(f"{name}: {plain(value)}\r\n" for name, value in fields.items() if value)
        line.sendall(f"{method} {self._mount} HTTP/{version}\r\n{told}\r\n".encode())
        return read_status(_receive_answer(line))

    @property
    def _credentials(self) -> str:
        return base64.b64encode(f"{self._address.user}:{self._address.password}".encode()).decode()

    def _dial(self) -> socket.socket:
        try:
            line = socket.create_connection((self._host, self._port), _TIMEOUT_S)
        except OSError as error:
            raise StreamError(
                f"{self.place}: {tell_why(error)}; is the server running, and [stream] url right?"
            ) from error
        if not self._is_tls:
            return line
        try:
            return self._trust().wrap_socket(line, server_hostname=self._host)
        except (OSError, ValueError) as error:
            line.close()
            is_untrusted = isinstance(error, ssl.SSLCertVerificationError)
            raise StreamError(
                f"{self.place}: no TLS with it ({tell_why(error)}); see [stream] url and ca_file",
                is_lasting=is_untrusted,
            ) from error

    def _trust(self) -> ssl.SSLContext:
        own = self._address.ca_file
        try:
            return ssl.create_default_context(cafile=str(own) if own else None)
        except OSError as error:
            raise StreamError(
                f"[stream] ca_file: {own} cannot be read ({tell_why(error)}); name a PEM file",
                is_lasting=True,
            ) from error

    def ask(self, query: str) -> tuple[int, str]:
        """The server's answer about the mount's metadata. Raises StreamError when there is none."""
        path = f"/admin/metadata?mode=updinfo&mount={quote(self._mount, safe='')}{query}"
        told = f"GET {path} HTTP/1.0\r\nHost: {self._told_host}\r\nAuthorization: Basic {self._credentials}\r\n\r\n"
        with self._dial() as line:
            try:
                line.sendall(told.encode())
                return read_status(_receive_answer(line))
            except OSError as error:
                raise StreamError(f"{self.place}: {tell_why(error)} while it was asked; try again") from error


def _receive_answer(line: socket.socket) -> bytes:
    """
    The head, and for an error what comes after it: Icecast says there what it means.

    "100 Continue" and "200 OK" to a source have no body, and the line stays open.
    """
    answer, until = b"", Deadline.after(_ANSWER_S)
    while b"\r\n\r\n" not in answer and len(answer) < _ANSWER_BYTES:
        if until.is_over:
            raise TimeoutError
        got = line.recv(4096)
        if not got:
            return answer
        answer += got
    if answer.split(b" ", 2)[1:2] in ([b"100"], [b"200"]):
        return answer
    with suppress(OSError):
        while len(answer) < _ANSWER_BYTES and not until.is_over and (got := line.recv(4096)):
            answer += got
    return answer


def see_if_alive(line: socket.socket) -> None:
    """A server that has hung up says so before a write fails. Raises OSError."""
    readable, _, _ = select.select([line], [], [], 0)
    if not readable:
        return
    line.setblocking(False)
    try:
        got = line.recv(4096)
    except (BlockingIOError, ssl.SSLWantReadError):  # TLS has its own messages
        return
    finally:
        line.settimeout(_TIMEOUT_S)
    if not got:
        raise ConnectionResetError("the server hung up")


def tell_why(error: Exception) -> str:
    """What went wrong with a line, in the same words whichever side noticed first."""
    if isinstance(error, ConnectionRefusedError):
        return "nobody answers there (connection refused)"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "the server hung up"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    strerror = error.strerror if isinstance(error, OSError) else None
    return strerror or str(error) or type(error).__name__


def plain(text: str) -> str:
    """In one line: nothing that a headline holds may end a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
