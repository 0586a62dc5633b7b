"""SpokenSentences -> Clips of a bulletin, a WAV file for each passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError
from bulletin.model import Clip, Passage
from bulletin.runtime.sound_file import Samples
from bulletin.speech.reading_pace import count_words
from bulletin.speech.sentence_file import write_whole_wav

_PAUSE_S = 0.3
_PAUSE_AFTER_QUESTION_S = 0.38


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSentences:
    """Sentences of a bulletin spoken by one voice: all, or those for which there was time."""

    by_text: Mapping[str, Samples]
    rate_hz: int
    cached: int

    def has(self, passage: Passage) -> bool:
        """Whether the whole passage was spoken."""
        return all(s.spoken in self.by_text for s in passage.sentences if count_words(s.spoken))


def write_clips(spoken: Sequence[tuple[Passage, SpokenSentences]], *, folder: Path) -> tuple[Clip, ...]:
    """One clip for each passage, in their order. Raises AudioError when `folder` cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            _write_clip(passage, words, path=folder / f"{number:02d}-{passage.role}-{passage.cut}.wav")
            for number, (passage, words) in enumerate(spoken)
        )
    except OSError as error:
        raise AudioError(
            f"{folder}: clips cannot be written there ({error.strerror or error}); "
            "free some space or choose another folder"
        ) from error


def _write_clip(passage: Passage, spoken: SpokenSentences, *, path: Path) -> Clip:
    samples, times = _join(passage, spoken)
    write_whole_wav(path, samples, rate_hz=spoken.rate_hz)
    return Clip(
        passage=passage,
        path=path,
        duration_s=samples.size / spoken.rate_hz,
        rate_hz=spoken.rate_hz,
        sentence_times=times,
    )


def _join(passage: Passage, spoken: SpokenSentences) -> tuple[Samples, tuple[tuple[float, float], ...]]:
    """
    Samples of a passage, with a newsreader's breath between its sentences, and the start and end of each in seconds.

    A sentence without a word has no sound: it starts and ends where the next one starts.
    """
    pieces: list[Samples] = []
    times: list[tuple[float, float]] = []
    now = 0
    for sentence in passage.sentences:
        if not count_words(sentence.spoken):
            times.append((now / spoken.rate_hz, now / spoken.rate_hz))
            continue
        pause_s = _PAUSE_AFTER_QUESTION_S if sentence.spoken.rstrip('"”’)').endswith("?") else _PAUSE_S
        pause = np.zeros(round(pause_s * spoken.rate_hz), dtype=np.float32)
        words = spoken.by_text[sentence.spoken]
        times.append((now / spoken.rate_hz, (now + words.size) / spoken.rate_hz))
        pieces += [words, pause]
        now += words.size + pause.size
    return np.concatenate(pieces[:-1]), tuple(times)
