"""Voices of `bench.group` that note each sentence they speak; the hum also takes the time of a real voice."""

from __future__ import annotations

import os
import time
from pathlib import Path

import soundfile

from bulletin.model import Voice
from bulletin.speech.engines.hibari_offline_voice import HibariEngine
from bulletin.speech.engines.tone_for_tests import ToneEngine

SPOKEN = "BULLETIN_BENCH_SPOKEN"
"""Variable with the file to which each spoken sentence is added."""
VOICES = {"tone": "bench.group.voices:CostlyTone", "hibari": "bench.group.voices:NotedHibari"}
"""Choice of the command -> voice of a profile's chain."""
COST = 0.02
"""CPU seconds for a second of speech: those of the embedded voice."""


def note_sentence(text: str) -> None:
    """Add a line in one write, so that processes do not mix theirs."""
    if path := os.environ.get(SPOKEN):
        with Path(path).open("ab", buffering=0) as file:
            file.write(" ".join(text.split()).encode() + b"\n")


class CostlyTone(ToneEngine):
    """The hum of the tests at the price of speech."""

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        """Hum, and keep the processor busy as long as the embedded voice would."""
        note_sentence(text)
        began = time.thread_time()
        super().synthesize(text, voice, path)
        until = began + COST * soundfile.info(path).duration
        while time.thread_time() < until:
            sum(range(1000))


class NotedHibari(HibariEngine):
    """The embedded voice."""

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        """Speak."""
        note_sentence(text)
        super().synthesize(text, voice, path)
