"""Servers that know no PUT, and those that are no Icecast at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from bulletin.streaming.icecast_mount import IcecastAddress, Mount, StreamShow
from bulletin.streaming.stream_port import StreamError


class OldServer(threading.Thread):
    """Answers each connection by its first word, as a server of before 2014 does, and keeps what it was told."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        super().__init__(daemon=True)
        self.told: list[str] = []
        self._answers = answers
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line:
                asked = b""
                while b"\r\n\r\n" not in asked and (got := line.recv(4096)):
                    asked += got
                self.told.append(asked.decode())
                line.sendall(self._answers[asked.decode().partition(" ")[0]])

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


@contextmanager
def old_server(**answers: bytes) -> Iterator[OldServer]:
    server = OldServer(answers)
    server.start()
    yield server
    server.close()
    server.join(5)


def mount(server: OldServer) -> Mount:
    address = IcecastAddress(url=f"http://127.0.0.1:{server.port}/a b.mp3", password="p")
    return Mount(address, StreamShow(name="Wex\r\nX-Evil: 1", description="Łódź"))


@pytest.mark.parametrize("put", [b"", b"HTTP/1.0 400 Bad Request\r\n\r\n", b"HTTP/1.0 405 No\r\n\r\n"])
def test_who_knows_no_put_is_asked_by_source_and_from_then_on_at_once(put: bytes) -> None:
    with old_server(PUT=put, SOURCE=b"HTTP/1.0 200 OK\r\n\r\n") as server:
        place = mount(server)
        for _ in range(2):
            place.connect("audio/mpeg").close()

    assert [told.split(" ")[0] for told in server.told] == ["PUT", "SOURCE", "SOURCE"]
    assert server.told[1].startswith("SOURCE /a%20b.mp3 HTTP/1.0\r\n")
    assert "\r\nIce-Name: Wex X-Evil: 1\r\nIce-Description: Łódź\r\n" in server.told[1]
    assert "\r\nContent-Type: audio/mpeg\r\nIce-Public: 0\r\n" in server.told[1]
    assert "Expect" not in server.told[1]


def test_what_is_no_icecast_is_told() -> None:
    with (
        old_server(PUT=b"SSH-2.0-OpenSSH\r\n", SOURCE=b"SSH-2.0-OpenSSH\r\n") as server,
        pytest.raises(
            StreamError, match=r"a%20b\.mp3: the server that answers is not Icecast; see \[stream\] url"
        ),
    ):
        mount(server).connect("audio/mpeg")


def test_a_refusal_by_source_is_told_as_by_put() -> None:
    refusal = b"HTTP/1.0 401 Authentication Required\r\n\r\n"
    with (
        old_server(PUT=b"HTTP/1.0 501 No\r\n\r\n", SOURCE=refusal) as server,
        pytest.raises(StreamError, match="refuses user or password") as caught,
    ):
        mount(server).connect("audio/mpeg")
    assert caught.value.is_lasting


def test_a_server_that_drips_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte by byte it passes every time-out for a single read, and the slot would be gone before anybody is told."""
    monkeypatch.setattr("bulletin.streaming.icecast_mount._ANSWER_S", 0.3)
    over = threading.Event()

    def drip(door: socket.socket) -> None:
        line, _ = door.accept()
        with line, suppress(OSError):
            while not over.wait(0.05):
                line.sendall(b"H")

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=drip, args=(door,), daemon=True).start()
        address = IcecastAddress(url=f"http://127.0.0.1:{door.getsockname()[1]}/a.mp3", password="p")
        with pytest.raises(StreamError, match="no answer in time during the request"):
            Mount(address, StreamShow()).connect("audio/mpeg")
        over.set()
