"""Sentences that were said -> the clips of a bulletin: a WAV file for each passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError
from bulletin.model import Clip, Passage
from bulletin.runtime.sound_file import Samples, write_wav
from bulletin.speech.reading_pace import count_words

_PAUSE_S = 0.3
_PAUSE_AFTER_QUESTION_S = 0.38


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSentences:
    """Every sentence of a bulletin said by one voice, or those that there was time for."""

    by_text: Mapping[str, Samples]
    rate_hz: int
    cached: int

    def has(self, passage: Passage) -> bool:
        """Whether all of it was said."""
        return all(s.spoken in self.by_text for s in passage.sentences if count_words(s.spoken))


def write_clips(said: Sequence[tuple[Passage, SpokenSentences]], *, folder: Path) -> tuple[Clip, ...]:
    """One clip for each passage, in their order. Raises AudioError when `folder` cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            _write_clip(passage, words, path=folder / f"{number:02d}-{passage.role}-{passage.cut}.wav")
            for number, (passage, words) in enumerate(said)
        )
    except OSError as error:
        raise AudioError(
            f"{folder}: clips cannot be written there ({error.strerror or error}); "
            "free some space or choose another folder"
        ) from error


def _write_clip(passage: Passage, said: SpokenSentences, *, path: Path) -> Clip:
    samples, times = _join(passage, said)
    part = path.with_name(f"part-{path.name}")
    try:
        write_wav(part, samples, rate_hz=said.rate_hz)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Clip(
        passage=passage,
        path=path,
        duration_s=samples.size / said.rate_hz,
        rate_hz=said.rate_hz,
        sentence_times=times,
    )


def _join(passage: Passage, said: SpokenSentences) -> tuple[Samples, tuple[tuple[float, float], ...]]:
    """
    Sentences with the breath that a newsreader takes between them, none at the ends; and when each is heard.

    A sentence without a word has no sound: it starts and ends where the next one starts.
    """
    pieces: list[Samples] = []
    times: list[tuple[float, float]] = []
    now = 0
    for sentence in passage.sentences:
        if not count_words(sentence.spoken):
            times.append((now / said.rate_hz, now / said.rate_hz))
            continue
        pause_s = _PAUSE_AFTER_QUESTION_S if sentence.spoken.rstrip('"”’)').endswith("?") else _PAUSE_S
        pause = np.zeros(round(pause_s * said.rate_hz), dtype=np.float32)
        words = said.by_text[sentence.spoken]
        times.append((now / said.rate_hz, (now + words.size) / said.rate_hz))
        pieces += [words, pause]
        now += words.size + pause.size
    return np.concatenate(pieces[:-1]), tuple(times)
