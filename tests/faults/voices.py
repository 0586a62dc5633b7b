"""Voices that hum, and fail on demand: for stations whose profile names them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Voice
from bulletin.speech.engines.tone_for_tests import ToneEngine

DEAD: set[str] = set()
"""Names of voices that say nothing now."""
NOISY: set[str] = set()
"""Names of voices that write what is no sound."""
BREAK_AFTER: dict[str, int] = {}
"""Name -> how many sentences it will say; then it refuses."""
KILL_AFTER: list[int] = []
"""The whole service dies when so many sentences more have been said; empty for never."""
SAID: list[str] = []
"""Every sentence that any of them was asked for."""


def fall_ill(names: Sequence[str], how: str) -> None:
    """ "dead", "noise", or break "off" after a sentence; until `heal`."""
    if how == "off":
        BREAK_AFTER.update(dict.fromkeys(names, 1))
    else:
        {"dead": DEAD, "noise": NOISY}[how].update(names)


def heal() -> None:
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
        SAID.append(text)
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
    """Never comes back."""

    name = "hanging"

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        time.sleep(120.0)


class Slow(First):
    """A sentence in two seconds and a little, one after the other."""

    name = "slow"
    at_once = 1

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        time.sleep(2.2)
        super().synthesize(text, voice, path)
