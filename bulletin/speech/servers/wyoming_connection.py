"""Requests to a server of the Wyoming protocol: one event out, its events back, time and size limited."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bulletin.errors import BadSpeechError, ConfigError, EngineUnavailableError
from bulletin.runtime.deadline import Deadline
from bulletin.speech.run_in_daemon_threads import finish_within

_CONNECT_TIMEOUT_S = 2.0
_BYTES_AT_MOST = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WyomingEvent:
    """Event of the protocol: its type, its data, and sound."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    payload: bytes = b""

    def number(self, name: str) -> int:
        """A whole number in the data; 0 where it is missing or something else."""
        value = self.data.get(name)
        return value if type(value) is int else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WyomingServer:
    """
    A server of speech, known by its address; each request has a connection of its own.

    `name` begins every message. Protocol: github.com/OHF-Voice/wyoming (a line of JSON, more JSON, sound).
    """

    name: str
    uri: str
    """ "tcp://host:port", or "unix:///path" on the same machine."""

    def check_uri(self, option: str) -> None:
        """Raise ConfigError, about `option`, for an address that is none."""
        try:
            address = urlsplit(self.uri)
            is_tcp = address.scheme == "tcp" and bool(address.hostname and address.port)
        except ValueError:  # a port that is no number
            is_tcp = False
        if not is_tcp and not (self.uri.startswith("unix:///") and len(self.uri) > len("unix:///")):
            raise ConfigError(f'{option} = "{self.uri}": must be like "tcp://127.0.0.1:10200"')

    def ask(
        self, request: str, data: dict[str, Any], *, last: str, timeout_s: float
    ) -> tuple[WyomingEvent, ...]:
        """
        Send an event of the type `request` and return all events up to the one of the type `last`.

        Raises EngineUnavailableError where no whole answer comes in `timeout_s`, from the name look-up on,
        or the server reports an error; BadSpeechError for an answer too large or of another protocol.
        """
        deadline = Deadline.after(timeout_s)
        try:
            return finish_within(timeout_s, lambda: self._talk(request, data, last, deadline))
        except TimeoutError as error:
            raise EngineUnavailableError(
                f"{self.name}: no whole answer from {self.uri} in {timeout_s:.3g} s; "
                "check the server, or raise timeout_s"
            ) from error
        except OSError as error:
            raise EngineUnavailableError(
                f"{self.name}: {self.uri} broke the connection ({error.strerror or error}); check the server"
            ) from error

    def _talk(
        self, request: str, data: dict[str, Any], last: str, deadline: Deadline
    ) -> tuple[WyomingEvent, ...]:
        from wyoming.event import Event, write_event

        events: list[WyomingEvent] = []
        with self._connect(deadline) as connection:
            with connection.makefile("wb") as writer:
                write_event(Event(type=request, data=data), writer)
            reader = _LimitedReader(connection, deadline, self._refuse_size)
            while not events or events[-1].type != last:
                events.append(self._read(reader, last))
        return tuple(events)

    def _connect(self, deadline: Deadline) -> socket.socket:
        """Raises EngineUnavailableError; a time-out means here that nobody listens."""
        timeout_s = min(deadline.left_s, _CONNECT_TIMEOUT_S)
        address = urlsplit(self.uri)
        try:
            if address.scheme == "unix":
                connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                connection.settimeout(timeout_s)
                connection.connect(address.path)
                return connection
            return socket.create_connection((address.hostname or "", address.port or 0), timeout=timeout_s)
        except (OSError, AttributeError, UnicodeError) as error:  # AttributeError: no AF_UNIX on Windows
            raise EngineUnavailableError(
                f"{self.name}: {self.uri} cannot be reached ({error}); start the server, or correct uri"
            ) from error

    def _read(self, reader: _LimitedReader, last: str) -> WyomingEvent:
        from wyoming.event import read_event

        try:
            event = read_event(reader)  # type: ignore[arg-type] # it needs readline and read
            if event is None and reader.is_at_end:
                raise EngineUnavailableError(
                    f'{self.name}: {self.uri} closed the connection before "{last}"; check the server\'s log'
                )
            if event is None or not isinstance(event.type, str) or not isinstance(event.data, dict):
                raise TypeError("no event")
        except (AttributeError, KeyError, TypeError, RecursionError) as error:
            raise BadSpeechError(
                f"{self.name}: {self.uri} does not speak the Wyoming protocol; correct uri"
            ) from error
        if event.type == "error":
            raise EngineUnavailableError(
                f'{self.name}: the server reports "{str(event.data.get("text"))[:200]}"; check its log'
            )
        return WyomingEvent(type=event.type, data=event.data, payload=event.payload or b"")

    def _refuse_size(self) -> BadSpeechError:
        return BadSpeechError(f"{self.name}: answer over {_BYTES_AT_MOST} bytes from {self.uri}; correct uri")


class _LimitedReader:
    """Binary file over a socket for `read_event`: one time-out for everything, a limit of bytes."""

    def __init__(
        self, connection: socket.socket, deadline: Deadline, refuse: Callable[[], BadSpeechError]
    ) -> None:
        self._file = io.BufferedReader(_TimedSocket(connection, deadline))
        self._left = _BYTES_AT_MOST
        self._refuse = refuse
        self.is_at_end = False

    def readline(self) -> bytes:
        return self._count(self._file.readline(self._left + 1))

    def read(self, size: int) -> bytes:
        if size > self._left:
            raise self._refuse()
        return self._count(self._file.read(size))

    def _count(self, data: bytes) -> bytes:
        self.is_at_end = self.is_at_end or not data
        self._left -= len(data)
        if self._left < 0:
            raise self._refuse()
        return data


class _TimedSocket(io.RawIOBase):
    """Raises TimeoutError at the deadline: a time-out of the socket alone starts anew with every byte."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._deadline.is_over:
            raise TimeoutError("the deadline is over")
        self._connection.settimeout(self._deadline.left_s or 0.001)
        return self._connection.recv_into(buffer)
