"""Server of the Wyoming protocol, by its own library, with a hum for a voice; also a program, for another process."""

from __future__ import annotations

import asyncio
import sys
import threading
import warnings
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

with warnings.catch_warnings():  # wyoming.audio imports audioop, which Python 3.13 leaves out
    warnings.simplefilter("ignore", DeprecationWarning)
    from wyoming.audio import AudioChunk, AudioStart, AudioStop
    from wyoming.error import Error
    from wyoming.event import Event
    from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice, TtsVoiceSpeaker
    from wyoming.server import AsyncEventHandler, AsyncTcpServer
    from wyoming.tts import Synthesize

from tests.speech.engines.google import speech_samples
from tests.support.free_ports import free_port

_CHUNK_BYTES = 2_048
_BY = Attribution(name="tests", url="https://example.com")
_RAW = {
    "http": b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>no</html>",
    "list": b"[1, 2]\n",
    "no type": b'{"data": {}}\n',
    "huge": b'{"type": "audio-chunk", "payload_length": 999999999999}\n',
    "endless line": b"{" * 60_000_000,
}
"""Answers that break the protocol."""


def voice(name: str, language: str, *speakers: str) -> TtsVoice:
    return TtsVoice(
        name=name,
        attribution=_BY,
        installed=True,
        description=None,
        version=None,
        languages=[language],
        speakers=[TtsVoiceSpeaker(name=speaker) for speaker in speakers] or None,
    )


@dataclass(kw_only=True)
class WyomingStandIn:
    """
    Server for the time of a test.

    `mode`: "ok", "stereo", "hang" (no answer), "no end" (sound, then silence for ever), "closed" (sound, then
    the end of the connection), "half" (half of the sentence), "rates" (another rate in the middle), "silent" (no
    chunk), "torn" (half a value at the end), "telephone" (4 kHz), "error", and those of answers that break the
    protocol.
    """

    mode: str = "ok"
    voices: tuple[TtsVoice, ...] = (
        voice("en_GB-alba-medium", "en_GB"),
        voice("en_GB-vctk-medium", "en_GB", "p225", "p239"),
        voice("de_DE-thorsten-medium", "de_DE"),
    )
    asked: list[Synthesize] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    @property
    def uri(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        self._is_ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = AsyncTcpServer("127.0.0.1", self.port)
        await server.start(lambda reader, writer: _Handler(self, reader, writer))
        self._is_ready.set()
        await self._end.wait()
        await server.stop()


class _Handler(AsyncEventHandler):
    def __init__(self, stand_in: WyomingStandIn, *args: Any) -> None:
        super().__init__(*args)
        self.stand_in = stand_in

    async def handle_event(self, event: Event) -> bool:
        if raw := _RAW.get(self.stand_in.mode):
            self.writer.write(raw)
            return False
        if self.stand_in.mode == "hang":
            return True
        if Describe.is_type(event.type):
            program = TtsProgram(
                name="hum",
                attribution=_BY,
                installed=True,
                description=None,
                version=None,
                voices=list(self.stand_in.voices),
            )
            await self.write_event(Info(tts=[program]).event())
        elif Synthesize.is_type(event.type):
            return await self._speak(Synthesize.from_event(event))
        return True

    async def _speak(self, asked: Synthesize) -> bool:
        self.stand_in.asked.append(asked)
        mode = self.stand_in.mode
        if mode == "error":
            await self.write_event(Error(text="model not loaded", code="TtsError").event())
            return True
        rate = 4_000 if mode == "telephone" else 24_000
        channels = 2 if mode == "stereo" else 1
        await self.write_event(AudioStart(rate=rate, width=2, channels=channels).event())
        for number, sound in enumerate(_pieces(mode, asked.text, channels)):
            chunk_rate = 16_000 if mode == "rates" and number > 4 else rate
            await self.write_event(
                AudioChunk(rate=chunk_rate, width=2, channels=channels, audio=sound).event()
            )
        if mode not in ("no end", "closed"):
            await self.write_event(AudioStop().event())
        return mode != "closed"


def _pieces(mode: str, text: str, channels: int) -> list[bytes]:
    samples = (speech_samples(text) * 32_767).astype("<i2").repeat(channels)
    sound = samples.tobytes()
    if mode == "silent":
        return []
    if mode == "torn":
        sound = sound[:-1]
    if mode == "half":
        sound = sound[: len(sound) // 3 // 2 * 2]
    return [sound[start : start + _CHUNK_BYTES] for start in range(0, len(sound), _CHUNK_BYTES)]


if __name__ == "__main__":
    with WyomingStandIn(port=int(sys.argv[1])):
        print("ready", flush=True)
        sys.stdin.read()
