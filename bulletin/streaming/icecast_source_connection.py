"""Mount of an Icecast server: connection of a source, and requests about its metadata."""

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
from bulletin.streaming.explain_server_errors import find_refusal, read_status
from bulletin.streaming.stream_interface import StreamError

_TIMEOUT_S = 5.0
"""Time-out for a connection, an answer, or a server that stopped reading."""
_ANSWER_BYTES = 16_384
_ANSWER_S = 10.0
"""Time-out of a whole answer: a dripping one passes every time-out of a single read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IcecastAddress:
    """Address of the mount, and login."""

    url: str
    """ "http://127.0.0.1:8000/bulletin.mp3", or https."""
    user: str = "source"
    password: str = ""
    ca_file: Path | None = None
    """PEM file of the authority of an https server that the system does not trust."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamShow:
    """Description of the source for listeners."""

    name: str = ""
    description: str = ""
    genre: str = "News"
    is_public: bool = False


class Mount:
    """Mount for a source, which connects by PUT: Icecast 2.4 and newer, and Liquidsoap."""

    def __init__(self, address: IcecastAddress, show: StreamShow) -> None:
        parts = urlsplit(address.url)
        self._host, self._is_tls = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 8000)
        self._host_header = (
            f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"
        )
        self._mount = quote(parts.path or "/", safe="/%~:@!$&'()*+,;=")
        self.where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self._mount}"
        """Address for messages: without user and password."""
        self._address, self._show = address, show

    def connect(self, media_type: str) -> socket.socket:
        """A connection on which the server waits for sound. Raises StreamError."""
        connection = self._connect()
        try:
            code, message = self._send_headers(connection, media_type)
        except OSError as error:
            connection.close()
            raise self._no_answer(error) from error
        refusal = find_refusal(code, message, where=self.where, media_type=media_type)
        if refusal:
            connection.close()
            raise refusal
        return connection

    def _no_answer(self, error: OSError) -> StreamError:
        return StreamError(f"{self.where}: {describe_error(error)}, before any sound was sent; try again")

    def _send_headers(self, connection: socket.socket, media_type: str) -> tuple[int, str]:
        show = self._show
        fields = {
            "Host": self._host_header,
            "Authorization": f"Basic {self._credentials}",
            "User-Agent": "Bulletin",
            "Content-Type": media_type,
            "Ice-Public": str(int(show.is_public)),
            "Ice-Name": show.name,
            "Ice-Description": show.description,
            "Ice-Genre": show.genre,
            "Expect": "100-continue",
        }
        lines = "".join(f"{name}: {to_header_value(value)}\r\n" for name, value in fields.items() if value)
        connection.sendall(f"PUT {self._mount} HTTP/1.1\r\n{lines}\r\n".encode())
        return read_status(_receive_answer(connection))

    @property
    def _credentials(self) -> str:
        return base64.b64encode(f"{self._address.user}:{self._address.password}".encode()).decode()

    def _connect(self) -> socket.socket:
        try:
            connection = socket.create_connection((self._host, self._port), _TIMEOUT_S)
        except OSError as error:
            raise StreamError(
                f"{self.where}: {describe_error(error)}; check that the server runs and [stream] url is right"
            ) from error
        if not self._is_tls:
            return connection
        try:
            return self._tls_context().wrap_socket(connection, server_hostname=self._host)
        except (OSError, ValueError) as error:
            connection.close()
            is_untrusted = isinstance(error, ssl.SSLCertVerificationError)
            raise StreamError(
                f"{self.where}: the TLS connection failed ({describe_error(error)}); see [stream] url and ca_file",
                is_lasting=is_untrusted,
            ) from error

    def _tls_context(self) -> ssl.SSLContext:
        ca_file = self._address.ca_file
        try:
            return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        except OSError as error:
            raise StreamError(
                f"[stream] ca_file: {ca_file} cannot be read ({describe_error(error)}); name a PEM file",
                is_lasting=True,
            ) from error

    def ask(self, query: str) -> tuple[int, str]:
        """Status and message of a request about the mount's metadata. Raises StreamError when there is no answer."""
        path = f"/admin/metadata?mode=updinfo&mount={quote(self._mount, safe='')}{query}"
        request = f"GET {path} HTTP/1.0\r\nHost: {self._host_header}\r\nAuthorization: Basic {self._credentials}\r\n\r\n"
        with self._connect() as connection:
            try:
                connection.sendall(request.encode())
                return read_status(_receive_answer(connection))
            except OSError as error:
                raise self._no_answer(error) from error


def _receive_answer(connection: socket.socket) -> bytes:
    """
    The headers, and the body of an error, in which Icecast explains it.

    "100 Continue" and "200 OK" to a source have no body, and the connection stays open.
    """
    answer, until = b"", Deadline.after(_ANSWER_S)
    while b"\r\n\r\n" not in answer and len(answer) < _ANSWER_BYTES:
        if until.is_over:
            raise TimeoutError
        chunk = connection.recv(4096)
        if not chunk:
            return answer
        answer += chunk
    if answer.split(b" ", 2)[1:2] in ([b"100"], [b"200"]):
        return answer
    with suppress(OSError):
        while len(answer) < _ANSWER_BYTES and not until.is_over and (chunk := connection.recv(4096)):
            answer += chunk
    return answer


def check_alive(connection: socket.socket) -> None:
    """Raise OSError when the server has hung up, before a write fails."""
    readable, _, _ = select.select([connection], [], [], 0)
    if not readable:
        return
    connection.setblocking(False)
    try:
        chunk = connection.recv(4096)
    except (BlockingIOError, ssl.SSLWantReadError):  # TLS has its own messages
        return
    finally:
        connection.settimeout(_TIMEOUT_S)
    if not chunk:
        raise ConnectionResetError("the server closed the connection")


def describe_error(error: Exception) -> str:
    """Reason of a connection error, in the same words whichever side noticed it first."""
    if isinstance(error, ConnectionRefusedError):
        return "no server answers there (connection refused)"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "the server closed the connection"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    strerror = error.strerror if isinstance(error, OSError) else None
    return strerror or str(error) or type(error).__name__


def to_header_value(text: str) -> str:
    """The text in one line: nothing in a headline may end a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
