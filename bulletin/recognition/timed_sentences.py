"""
Sentences in a sound file -> windows of sound that a recogniser hears at once.

Whisper hears 30 seconds at a time, whatever the sound's length, so sentences share windows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bulletin.language.language_folders import base_of
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH
from bulletin.recognition.compare_with_script import ScriptSentence
from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.whisper_models import RATE_HZ, WINDOW_S

_BEFORE_S, _AFTER_S = 0.15, 0.25
"""Sound around a sentence that belongs to it."""
_JOINED_GAP_S = 0.9
"""Longest gap between two sentences that are heard in one piece; a longer one may hold a jingle."""
_PAUSE_S = 0.5
"""Silence between two pieces of a window."""
_MOST_WINDOW_S = WINDOW_S - 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedSentence:
    """A sentence and its time in a sound file, in seconds from its start."""

    start_s: float
    end_s: float
    script: ScriptSentence
    language: str = ENGLISH
    """Tag of its language: "de-AT"."""

    @property
    def is_english(self) -> bool:
        return base_of(self.language) == ENGLISH


_Piece = list[TimedSentence]
"""Sentences that are heard without a break."""


def join_into_windows(sentences: Sequence[TimedSentence], *, joins: bool) -> Iterator[list[_Piece]]:
    """Sentences in their order, in pieces of at most a window together; without `joins` each is a piece."""
    window: list[_Piece] = []
    length_s = 0.0
    for sentence in sentences:
        last = window[-1][-1] if window else None
        continues = joins and last is not None and 0 <= sentence.start_s - last.end_s <= _JOINED_GAP_S
        if continues and last:
            more_s = sentence.end_s - last.end_s
        else:
            more_s = sentence.end_s - sentence.start_s + _BEFORE_S + _AFTER_S + _PAUSE_S
        if window and length_s + more_s > _MOST_WINDOW_S:
            yield window
            window, length_s, continues = [], 0.0, False
            more_s = sentence.end_s - sentence.start_s + _BEFORE_S + _AFTER_S
        if continues:
            window[-1].append(sentence)
        else:
            window.append([sentence])
        length_s += more_s
    if window:
        yield window


def cut_window(mono: Samples, window: Sequence[_Piece]) -> Samples:
    """The sound of a window: its pieces with silence between them."""
    pause = np.zeros(round(_PAUSE_S * RATE_HZ), dtype=np.float32)
    sounds: list[Samples] = []
    for piece in window:
        start = max(0, round((piece[0].start_s - _BEFORE_S) * RATE_HZ))
        end = round((piece[-1].end_s + _AFTER_S) * RATE_HZ)
        sounds += [mono[start:end], pause]
    return np.concatenate(sounds[:-1])
