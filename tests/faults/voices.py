"""Humming voices that fail on demand, for stations whose profile names them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Voice
from bulletin.speech.engines.tone_for_tests import ToneEngine

DEAD: set[str] = set()
"""Names of voices that are unavailable now."""
NOISY: set[str] = set()
"""Names of voices that write noise instead of a sound file."""
BREAK_AFTER: dict[str, int] = {}
"""Voice name -> number of sentences before it refuses."""
KILL_AFTER: list[int] = []
"""Number of sentences until the service is killed; empty for never."""
SENTENCES: list[str] = []
"""Every sentence requested from any of these voices."""


def break_voices(names: Sequence[str], how: str) -> None:
    """Let voices be "dead", write "noise", or break "off" after a sentence, until `repair_voices`."""
    if how == "off":
        BREAK_AFTER.update(dict.fromkeys(names, 1))
    else:
        {"dead": DEAD, "noise": NOISY}[how].update(names)


def repair_voices() -> None:
    DEAD.clear()
    NOISY.clear()
    BREAK_AFTER.clear()


class First(ToneEngine):
    name = "first"

    def check(self) -> None:
        if self.name in DEAD:
            raise EngineUnavailableError(f"{self.name}: is dead")

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.check()
        SENTENCES.append(text)
        if self.name in BREAK_AFTER:
            BREAK_AFTER[self.name] -= 1
            if BREAK_AFTER[self.name] < 0:
                raise BadSpeechError(f"{self.name}: the line is dead")
        if self.name in NOISY:
            path.write_bytes(b"\xff\x00 no sound" * 100)
            return
        if KILL_AFTER:
            KILL_AFTER[0] -= 1
            if KILL_AFTER[0] <= 0:
                KILL_AFTER.clear()
                raise KeyboardInterrupt
        super().synthesize(text, voice, path)


class Second(First):
    name = "second"


class Hanging(First):
    """Voice that never answers."""

    name = "hanging"

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        time.sleep(120.0)


class Slow(First):
    """Voice that takes over two seconds for each sentence, one at a time."""

    name = "slow"
    at_once = 1

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        time.sleep(2.2)
        super().synthesize(text, voice, path)
