"""A stand-in for servers of POST /v1/audio/speech: real HTTP on loopback."""

from __future__ import annotations

import io
import json
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import soundfile

from tests.speech.google import speech_mp3, speech_samples, speech_wav


@dataclass
class SpeechServer:
    """
    `mode`: "ok", "mp3", "flac", "endless" (a WAV header that tells no length, as streams have), an
    HTTP status, "html", "cut" (fewer bytes than announced), "drip" (a byte now and then).
    """

    mode: str = "ok"
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.released = threading.Event()
        stand_in = self

        class Handler(_Handler):
            server_state = stand_in

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server_state: SpeechServer

    def log_message(self, *args: Any) -> None:
        """Tests are silent."""

    def do_POST(self) -> None:
        state = self.server_state
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v1/audio/speech"
        state.asked.append(body)
        state.keys.append(self.headers.get("Authorization", ""))
        if state.mode.isdecimal():
            self._reply(int(state.mode), b'{"detail": "no, ' + state.keys[-1].encode() + b'"}')
        elif state.mode == "drip":
            self._drip()
        else:
            self._reply(200, _sound(state.mode, body["input"]), lost=500 if state.mode == "cut" else 0)

    def _reply(self, status: int, data: bytes, *, lost: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) + lost))
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(data)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server_state.released.wait(0.05):
            try:
                self.wfile.write(b"R")
            except OSError:
                return


def _sound(mode: str, text: str) -> bytes:
    if mode == "html":
        return b"<html>Welcome</html>"
    if mode == "mp3":
        return speech_mp3(text)
    if mode == "flac":
        out = io.BytesIO()
        soundfile.write(out, speech_samples(text), 24_000, format="FLAC")
        return out.getvalue()
    wav = speech_wav(text)
    if mode == "endless":
        unknown = struct.pack("<I", 0xFFFFFFFF)
        at = wav.index(b"data") + 4
        return wav[:4] + unknown + wav[8:at] + unknown + wav[at + 4 :]
    return wav
