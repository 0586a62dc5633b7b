"""Fake server for gTTS: real HTTPS on loopback, with every kind of failure."""

from __future__ import annotations

import base64
import io
import json
import ssl
import time
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import lameenc
import numpy as np
import soundfile
import trustme

from tests.support.loopback import Loopback

LETTERS_A_SECOND = 12.5


@cache
def speech_samples(text: str) -> np.ndarray:
    """Hum as long as `text` takes to read, 24 kHz, with half a second of silence around it."""
    letters = max(1, sum(map(str.isalnum, text)))
    time_s = np.arange(round(24_000 * max(0.25, letters / LETTERS_A_SECOND))) / 24_000
    hum = sum(np.sin(2 * np.pi * 140 * n * time_s) / n for n in range(1, 10))
    swell = 0.1 + 0.9 * np.sin(2 * np.pi * 2 * time_s) ** 2
    silence = np.zeros(6_000)
    return np.concatenate([silence, 0.12 * hum * swell, silence]).astype(np.float32)


@cache
def speech_mp3(text: str) -> bytes:
    """MP3 as Google sends it: MPEG-2 layer III, 24 kHz mono."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(32)
    encoder.set_in_sample_rate(24_000)
    encoder.set_channels(1)
    encoder.set_quality(7)
    encoder.silence()
    pcm = (speech_samples(text) * 32_767).astype("<i2").tobytes()
    return bytes(encoder.encode(pcm) + encoder.flush())


def speech_wav(text: str) -> bytes:
    """The same speech as 16-bit WAV."""
    out = io.BytesIO()
    soundfile.write(out, speech_samples(text), 24_000, format="WAV", subtype="PCM_16")
    return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    host: str
    text: str
    language: str
    slow: bool | None
    at_s: float


@dataclass
class Google(Loopback):
    """
    Proxy that terminates the TLS of every CONNECT and answers like translate.google.<tld>.

    `mode`: "ok", an HTTP status ("429"), "hang", "empty", "captcha", "no-audio", "cut" (half of the
    speech), "torn" (base64 that cannot be decoded), "short" (whole MP3, half of the words),
    "garbage"; "429 once" fails the first request only.
    """

    mode: str = "ok"
    retry_after: str = ""
    host: str = "translate.google.co.uk"
    """Host names of its certificate."""
    authority: trustme.CA = field(default_factory=trustme.CA)
    asked: list[Asked] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(self.host).configure_cert(context)
        google = self

        class Handler(_Handler):
            stand_in = google
            tls = context

        return Handler

    @property
    def proxy(self) -> str:
        return self.root

    def write_ca(self, folder: Path) -> str:
        """Write the CA certificate as a PEM file, for the engine's option `ca_file`."""
        path = folder / "google.pem"
        self.authority.cert_pem.write_to_path(str(path))
        return str(path)

    @property
    def texts(self) -> list[str]:
        return [request.text for request in self.asked]

    def answer(self, text: str) -> tuple[int, bytes]:
        """Status and body for one request."""
        mode, _, once = self.mode.partition(" ")
        if once and len(self.asked) > 1:
            mode = "ok"
        if mode == "hang":
            self.released.wait(20)
        if mode.isdecimal():
            return int(mode), b"<html><title>Sorry...</title></html>"
        if mode in _PAGES:
            return 200, _PAGES[mode]
        return 200, _envelope(_audio(mode, text))


_PAGES = {
    "hang": b"",
    "empty": b"",
    "captcha": b"<html><title>Sorry...</title>unusual traffic from your network</html>",
}


def _audio(mode: str, text: str) -> str | None:
    """Base64 of the speech, as damaged as `mode` says."""
    if mode == "no-audio":
        return None
    if mode == "garbage":
        return base64.b64encode(bytes(range(256)) * 40).decode()
    if mode == "short":
        return base64.b64encode(speech_mp3(text[: len(text) // 3])).decode()
    encoded = base64.b64encode(speech_mp3(text)).decode()
    if mode == "cut":
        # A multiple of four that does not end on a frame decodes without an error, only shorter.
        return encoded[: len(encoded) * 9 // 10 // 128 * 128 + 4]
    if mode == "torn":
        return encoded[: len(encoded) // 2 // 4 * 4 + 1]
    return encoded


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand_in: Google
    tls: ssl.SSLContext

    def log_message(self, *args: Any) -> None:
        """No log output in tests."""

    def do_CONNECT(self) -> None:
        self.send_response(200, "Connection Established")
        self.end_headers()
        try:
            self.request = self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        except OSError:  # the client does not trust the certificate
            self.close_connection = True
            return
        self.setup()
        self.close_connection = False  # an HTTP/1.0 CONNECT would close

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        call = json.loads(parse_qs(body)["f.req"][0])[0][0]
        assert call[0] == "jQ1olc"
        text, language, slow, _ = json.loads(call[1])
        host = self.headers["Host"]
        self.stand_in.asked.append(
            Asked(host=host, text=text, language=language, slow=slow, at_s=time.monotonic())
        )
        status, reply = self.stand_in.answer(text)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "https://www.google.com/sorry/index?continue=x")
        if self.stand_in.retry_after:
            self.send_header("Retry-After", self.stand_in.retry_after)
        self.send_header("Content-Length", str(len(reply)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply)


def _envelope(audio: str | None) -> bytes:
    """Google's batchexecute answer around base64 audio."""
    inner = None if audio is None else json.dumps([audio], separators=(",", ":"))
    line = json.dumps([["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]], separators=(",", ":"))
    return f")]}}'\n\n{len(line) + 2}\n{line}\n".encode()
