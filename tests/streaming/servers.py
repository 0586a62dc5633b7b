"""Icecast and Liquidsoap from Debian on loopback, and a recording listener."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Self

import httpx2
import numpy as np
import pytest

from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.runtime.read_sound_file import Samples, read_sound, to_mono
from tests.support.free_ports import free_port

PASSWORD = "a password with spaces & signs"
RATE_HZ = 44_100

needs_icecast = pytest.mark.skipif(not shutil.which("icecast2"), reason="icecast2 is not installed")
needs_liquidsoap = pytest.mark.skipif(not shutil.which("liquidsoap"), reason="liquidsoap is not installed")

_ICECAST = """<icecast>
<limits><clients>20</clients><sources>4</sources><source-timeout>5</source-timeout><burst-size>{burst}</burst-size>
<client-timeout>10</client-timeout><header-timeout>5</header-timeout><queue-size>524288</queue-size></limits>
<authentication><source-password>a password with spaces &amp; signs</source-password>
<admin-user>admin</admin-user><admin-password>{port}</admin-password></authentication>
<hostname>localhost</hostname>
<listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address>{tls}</listen-socket>
{mounts}
<paths><basedir>/usr/share/icecast2</basedir><logdir>{folder}</logdir><webroot>/usr/share/icecast2/web</webroot>
<adminroot>/usr/share/icecast2/admin</adminroot>{certificate}</paths>
<logging><accesslog>-</accesslog><errorlog>-</errorlog><loglevel>3</loglevel></logging>
<security><chroot>0</chroot>{owner}</security></icecast>"""
_OWNER = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"

_DOCS = Path(__file__).parents[2] / "docs" / "LIVE.md"


def _docs_block(*, which: int, language: str) -> str:
    """Configuration block of docs/LIVE.md: the tests use the text that stations copy."""
    blocks = re.findall(rf"```{language}\n(.*?)```", _DOCS.read_text("utf-8"), re.DOTALL)
    return str(blocks[which])


_LIQUIDSOAP = """
settings.init.allow_root := true
settings.log.file := false
settings.log.stdout := true
settings.server.telnet := true
settings.server.telnet.port := {telnet}
settings.harbor.bind_addrs := ["127.0.0.1"]
music = sine(440., amplitude=0.05)
{by_mount}
by_mount = radio
{by_queue}
radio = fallback(track_sensitive=false, [queue, by_mount])
output.icecast(
  %mp3(bitrate=128, samplerate=44100), host="127.0.0.1", port={icecast}, password="{password}",
  mount="station.mp3", fallible=true, radio
)
"""


def wait_for(what: Callable[[], bool], *, within_s: float = 60.0, explain: Callable[[], str] = str) -> None:
    until = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < until, f"it did not happen: {explain()}"
        time.sleep(0.05)


@dataclass(slots=True, kw_only=True)
class Server:
    """Third-party server program with its output in a file."""

    command: tuple[str, ...]
    folder: Path
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=os.environ | {"STREAM_PASSWORD": PASSWORD},
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
            )

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.read_log()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def speaks_tls(self) -> bool:
        """Whether the server completes a TLS handshake; on a busy machine Icecast closes the first connections."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as line, context.wrap_socket(line):
                return True
        except OSError:
            assert self.process is not None
            assert self.process.poll() is None, self.read_log()
            return False

    def read_log(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@contextmanager
def icecast(
    folder: Path, *, certificate: Path | None = None, is_up: bool = True, burst: int = 65535
) -> Iterator[Server]:
    """Icecast whose /radio.mp3 falls back to /music.mp3, as at a station without Liquidsoap."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    if certificate and os.getuid() == 0:  # Icecast changes its user, which cannot read the test's folders
        open_to_all = Path(tempfile.mkdtemp())
        open_to_all.chmod(0o755)
        certificate = Path(shutil.copy(certificate, open_to_all / "server.pem"))
        certificate.chmod(0o644)
    config = folder / "icecast.xml"
    config.write_text(
        _ICECAST.format(
            port=port,
            folder=folder,
            burst=burst,
            mounts=_docs_block(which=0, language="xml"),
            tls="<ssl>1</ssl>" if certificate else "",
            certificate=f"<ssl-certificate>{certificate}</ssl-certificate>" if certificate else "",
            owner=_OWNER if os.getuid() == 0 else "",
        ),
        encoding="utf-8",
    )
    server = Server(
        command=("icecast2", "-c", str(config)), folder=folder, port=port, log=folder / "icecast.log"
    )
    try:
        if is_up:
            server.start()
            wait_for(server.speaks_tls if certificate else server.answers, explain=server.read_log)
        yield server
    finally:
        server.kill()
        if certificate and os.getuid() == 0:
            shutil.rmtree(certificate.parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio:
    """Liquidsoap that plays a note all day, and bulletins when they come."""

    harbor: int
    telnet: int
    socket: Path
    server: Server


@contextmanager
def liquidsoap(folder: Path, *, icecast_port: int) -> Iterator[Radio]:
    """Start Liquidsoap, on air at /station.mp3 of that Icecast."""
    harbor, telnet = free_port(), free_port()
    script = folder / "radio.liq"
    script.write_text(
        _LIQUIDSOAP.format(
            telnet=telnet,
            icecast=icecast_port,
            password=PASSWORD,
            by_mount=_docs_block(which=0, language="liquidsoap").replace("8005", str(harbor)),
            by_queue=_docs_block(which=1, language="liquidsoap").replace("/run/liquidsoap", str(folder)),
        ),
        encoding="utf-8",
    )
    server = Server(
        command=("liquidsoap", str(script)), folder=folder, port=harbor, log=folder / "liquidsoap.log"
    )
    try:
        server.start()
        wait_for(
            lambda: "Connection setup was successful" in server.read_log(),
            within_s=120,
            explain=server.read_log,
        )
        wait_for(server.answers, explain=server.read_log)
        yield Radio(harbor=harbor, telnet=telnet, socket=folder / "bulletin.sock", server=server)
    finally:
        server.kill()


class Listener:
    """Listener whose player records the stream."""

    def __init__(self, url: str) -> None:
        self.heard = bytearray()
        self._url, self._over = url, threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        wait_for(lambda: bool(self.heard), explain=lambda: f"nothing came from {self._url}")
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join(60)

    def _listen(self) -> None:
        with (
            httpx2.Client(timeout=30.0, trust_env=False) as client,
            client.stream("GET", self._url) as answer,
        ):
            if not answer.is_success:
                return
            for some in answer.iter_raw():
                self.heard += some
                if self._over.is_set():
                    return

    def hear_more(self, seconds: float) -> None:
        """Listen until `seconds` more of 128 kbps audio have come."""
        enough = len(self.heard) + round(seconds * 16_000)
        wait_for(lambda: len(self.heard) >= enough, explain=lambda: f"no more came from {self._url}")

    def samples(self, rate_hz: int = RATE_HZ) -> Samples:
        """Recorded stream, decoded to mono."""
        samples, decoded_hz = read_sound(BytesIO(bytes(self.heard)), name="what was heard")
        assert decoded_hz == rate_hz
        return to_mono(samples)


def hiss(seconds: float, *, seed: int = 1) -> Samples:
    """Noise in syllables, which correlates with itself at one position only."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    spectrum = np.fft.rfft(random.standard_normal(count))
    spectrum[np.fft.rfftfreq(count, 1 / RATE_HZ) > 4000] = 0
    noise = np.fft.irfft(spectrum, count)
    swells = 0.55 + 0.45 * np.sin(2 * np.pi * 3.1 * np.arange(count) / RATE_HZ)
    samples: Samples = (0.2 * noise / noise.std() * swells).clip(-0.9, 0.9).astype(np.float32)
    return samples


def write_mp3(path: Path, samples: Samples) -> Path:
    """MP3 like a bulletin's: 128 kbps, stereo, with an Info frame."""
    with path.open("wb") as file:
        encoder = Mp3Encoder(file, rate_hz=RATE_HZ, channels=2, kbps=128)
        encoder.write(np.repeat(samples[:, None], 2, axis=1))
        encoder.close()
    return path


def find_s(heard: Samples, part: Samples) -> tuple[float, float]:
    """Position of `part` in the recording, in seconds, and its similarity: 1 is identical."""
    size = 1 << (len(heard) + len(part)).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(part, size))
    likeness = np.fft.irfft(product, size)[: max(1, len(heard) - len(part) + 1)]
    at = int(np.argmax(likeness))
    there = heard[at : at + len(part)]
    return at / RATE_HZ, float(likeness[at] / (np.linalg.norm(there) * np.linalg.norm(part)))


def assert_whole(heard: Samples, sound: Samples, *, part_s: float = 1.5) -> tuple[float, float]:
    """
    Check that `sound` was heard in full and in one piece: start, middle and end in their positions.

    Returns where it began and ended, in seconds.
    """
    length = round(part_s * RATE_HZ)
    begun, _ = find_s(heard, sound[:length])
    starts = [*range(0, len(sound) - length, length), len(sound) - length]
    for start in starts:
        at, likeness = find_s(heard, sound[start : start + length])
        assert likeness > 0.9, f"{start / RATE_HZ:.1f} s into it something else is heard: {likeness:.2f}"
        assert abs(at - begun - start / RATE_HZ) < 0.05, (
            f"{start / RATE_HZ:.1f} s is heard at {at - begun:.2f} s"
        )
    return begun, begun + len(sound) / RATE_HZ


def is_note(samples: Samples) -> bool:
    """Whether it is Liquidsoap's music: 440 Hz and nothing else."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    loudest = float(np.argmax(spectrum)) * RATE_HZ / len(samples)
    near = slice(*(round(hz * len(samples) / RATE_HZ) for hz in (430, 450)))
    return abs(loudest - 440) < 2 and bool(np.sum(spectrum[near] ** 2) > 0.9 * np.sum(spectrum**2))
