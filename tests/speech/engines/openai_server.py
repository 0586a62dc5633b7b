"""Fake server for POST /v1/audio/speech."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Any, ClassVar

import soundfile

from tests.speech.engines.google import speech_mp3, speech_samples, speech_wav
from tests.support.model_server import ModelServer


@dataclass(kw_only=True)
class SpeechServer(ModelServer):
    """
    `mode`, beside those of every server: "ok", "mp3", "flac", "endless" (a WAV header without a
    length, as streams have), "html".
    """

    path: ClassVar[str] = "audio/speech"

    def answer(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        return 200, _sound(self.mode, asked["input"])


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
