"""Servers that are slow to set the title."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from bulletin.streaming.icecast import Icecast
from bulletin.streaming.icecast_source_connection import IcecastAddress
from bulletin.streaming.real_time_chunks import split_frames
from bulletin.streaming.stream_interface import StreamError, StreamItem
from tests.streaming.servers import hiss, wait_for, write_mp3


class SlowDisplay(threading.Thread):
    """Server that takes audio at once and answers a title request only after the audio."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.heard = bytearray()
        self.title = ""
        self._sound_is_over = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def run(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._door.accept()
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _serve(self, line: socket.socket) -> None:
        with line:
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += line.recv(4096)
            if asked.startswith(b"PUT"):
                line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                while some := line.recv(65536):
                    self.heard += some
                self._sound_is_over.set()
            else:
                self._sound_is_over.wait(30)
                line.setblocking(False)
                with suppress(BlockingIOError):  # otherwise the client has hung up
                    self.title = "given up" if not line.recv(1) else ""
                line.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                self.title = self.title or asked.decode().partition("song=")[2].partition(" ")[0]


@pytest.mark.slow
def test_a_slow_title_update_makes_no_gap(tmp_path: Path) -> None:
    path = write_mp3(tmp_path / "a.mp3", hiss(3.0))
    item = StreamItem(path=path, title="News", data=path.read_bytes())
    server = SlowDisplay()
    server.start()
    url = f"http://127.0.0.1:{server.port}/a.mp3"

    sent = Icecast(address=IcecastAddress(url=url, password="p"), burst_s=1.0, late_s=0.0).send(item)

    assert sent.breaks == 0
    assert b"".join(piece.data for piece in split_frames(item.data).pieces) in bytes(server.heard)
    wait_for(lambda: bool(server.title))
    assert server.title == "News"
    server.close()


@pytest.mark.parametrize("ends", ["close", "reset"])
def test_a_closed_connection_has_the_same_message_in_every_thread(tmp_path: Path, ends: str) -> None:
    path = write_mp3(tmp_path / "a.mp3", hiss(3.0))
    item = StreamItem(path=path, title="", data=path.read_bytes())

    def serve(door: socket.socket) -> None:
        line, _ = door.accept()
        with line:
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += line.recv(4096)
            line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            line.recv(1000)
            if ends == "reset":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=serve, args=(door,), daemon=True).start()
        url = f"http://127.0.0.1:{door.getsockname()[1]}/a.mp3"
        with pytest.raises(
            StreamError, match="the server closed the connection; is another source on this mount"
        ):
            Icecast(address=IcecastAddress(url=url, password="p"), burst_s=1.0, late_s=0.0).send(item)
