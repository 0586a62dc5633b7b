"""Request of a source client, and servers other than Icecast."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from bulletin.streaming.icecast_source_connection import IcecastAddress, Mount, StreamShow
from bulletin.streaming.stream_interface import StreamError


class CannedServer(threading.Thread):
    """Server that gives every connection the same answer and keeps the requests."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(daemon=True)
        self.requests: list[str] = []
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                request = b""
                while b"\r\n\r\n" not in request and (chunk := connection.recv(4096)):
                    request += chunk
                self.requests.append(request.decode())
                connection.sendall(self._answer)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def canned_server(answer: bytes) -> Iterator[CannedServer]:
    server = CannedServer(answer)
    server.start()
    yield server
    server.close()
    server.join(5)


def mount(server: CannedServer) -> Mount:
    address = IcecastAddress(url=f"http://127.0.0.1:{server.port}/a b.mp3", password="p")
    return Mount(address, StreamShow(name="Wex\r\nX-Evil: 1", description="Łódź"))


def test_no_headline_can_end_a_header_of_the_source() -> None:
    with canned_server(b"HTTP/1.1 100 Continue\r\n\r\n") as server:
        mount(server).connect("audio/mpeg").close()

    (request,) = server.requests
    assert request.startswith("PUT /a%20b.mp3 HTTP/1.1\r\n")
    assert "\r\nIce-Name: Wex X-Evil: 1\r\nIce-Description: Łódź\r\n" in request
    assert "\r\nContent-Type: audio/mpeg\r\nIce-Public: 0\r\n" in request
    assert "\r\nExpect: 100-continue\r\n" in request


@pytest.mark.parametrize(
    ("answer", "message", "is_lasting"),
    [
        (b"SSH-2.0-OpenSSH\r\n", r"a%20b\.mp3: the server that answers is not Icecast", False),
        (b"HTTP/1.0 401 Authentication Required\r\n\r\n", "refuses user or password", True),
        (b"HTTP/1.0 501 No\r\n\r\n", "answered 501, No; its own log says why", False),
    ],
)
def test_a_refusal_is_an_error_with_its_remedy(answer: bytes, message: str, is_lasting: bool) -> None:
    with canned_server(answer) as server, pytest.raises(StreamError, match=message) as caught:
        mount(server).connect("audio/mpeg")

    assert caught.value.is_lasting is is_lasting


def test_a_dripping_server_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte by byte it stays within every time-out of a single read, and the slot would pass without an error."""
    monkeypatch.setattr("bulletin.streaming.icecast_source_connection._ANSWER_S", 0.3)
    over = threading.Event()

    def drip(door: socket.socket) -> None:
        line, _ = door.accept()
        with line, suppress(OSError):
            while not over.wait(0.05):
                line.sendall(b"H")

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=drip, args=(door,), daemon=True).start()
        address = IcecastAddress(url=f"http://127.0.0.1:{door.getsockname()[1]}/a.mp3", password="p")
        with pytest.raises(StreamError, match="no answer in time, before any sound was sent"):
            Mount(address, StreamShow()).connect("audio/mpeg")
        over.set()
