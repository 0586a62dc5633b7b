"""Fake speech engines."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import numpy as np

from bulletin.errors import EngineUnavailableError
from bulletin.model import Voice
from bulletin.runtime.read_sound_file import read_sound, write_wav
from bulletin.speech.engines.tone_for_tests import ToneEngine


class PlainEngine(ToneEngine):
    """Third-party engine, named as "tests.support.fake_engines:PlainEngine"."""

    name = "plain"


class HesitantEngine(ToneEngine):
    """Engine with two seconds of silence in each sentence, which no check of single clips notices."""

    name = "hesitant"

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        super().synthesize(text, voice, path)
        samples, rate_hz = read_sound(path)
        half = len(samples) // 2
        gap = np.zeros((2 * rate_hz, samples.shape[1]), dtype=np.float32)
        write_wav(path, np.concatenate([samples[:half], gap, samples[half:]]), rate_hz=rate_hz)


class CountingEngine(ToneEngine):
    """Engine that hums like "tone" and records its texts."""

    def __init__(self, *, name: str = "counting", at_once: int = 1, speed: float = 1.0) -> None:
        super().__init__(speed=speed)
        self.name = name
        self.at_once = at_once
        self.spoken_texts: list[str] = []

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.spoken_texts.append(text)
        super().synthesize(text, voice, path)


SPOKEN = "SPOKEN_SENTENCES"
"""Variable with the file to which a NotingEngine adds each sentence."""


class NotingEngine(ToneEngine):
    """Engine that notes its sentences in a file, for several processes."""

    name = "noting"

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        with Path(os.environ[SPOKEN]).open("ab", buffering=0) as file:
            file.write(" ".join(text.split()).encode() + b"\n")
        super().synthesize(text, voice, path)


class SlowEngine(ToneEngine):
    """Engine that takes a second for each sentence, named as "tests.support.fake_engines:SlowEngine"."""

    name = "slow"

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        time.sleep(1)
        super().synthesize(text, voice, path)


GATE = "VOICE_GATE"
"""Variable with the file for which a GatedEngine waits."""


class GatedEngine(ToneEngine):
    """Engine that says nothing until a file exists, for several processes."""

    name = "gated"

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        while not Path(os.environ[GATE]).exists():
            time.sleep(0.05)
        super().synthesize(text, voice, path)


class FailingEngine(CountingEngine):
    """Engine that reads `after` sentences, then raises `error`; with `error_at_check` its check fails."""

    def __init__(
        self,
        error: BaseException,
        *,
        name: str = "failing",
        after: int = 0,
        at_once: int = 1,
        error_at_check: bool = False,
    ) -> None:
        super().__init__(name=name, at_once=at_once)
        self.error = error
        self.after = after
        self.error_at_check = error_at_check

    def check(self) -> None:
        if self.error_at_check:
            raise self.error

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        if len(self.spoken_texts) >= self.after:
            raise self.error
        super().synthesize(text, voice, path)


class RecordedEngine(CountingEngine):
    """Engine that returns the given bytes in turn."""

    def __init__(self, answers: Iterable[bytes], *, name: str = "recorded") -> None:
        super().__init__(name=name)
        self.answers = iter(answers)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.spoken_texts.append(text)
        path.write_bytes(next(self.answers))


class BreakingEngine(ToneEngine):
    """Engine that passes its check and cannot speak, named as "tests.support.fake_engines:BreakingEngine"."""

    name = "breaking"

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        raise EngineUnavailableError("breaking: the server is gone; start it")


class HalfwayEngine(ToneEngine):
    """Engine of a server that dies at every second sentence, named as "tests.support.fake_engines:HalfwayEngine"."""

    name = "halfway"
    is_local = False

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        if crc32(text.encode()) % 2:
            raise EngineUnavailableError("halfway: the server is gone; start it")
        super().synthesize(text, voice, path)
