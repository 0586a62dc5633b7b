"""Samples -> WAV files, each complete or missing: a sentence for its engine, a Clip for each passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError, BadSpeechError, explain_os_errors, find_write_remedy
from bulletin.language.split_sentences import count_words
from bulletin.model import Clip, Passage
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.read_sound_file import Samples, write_wav
from bulletin.speech.trim_and_level_speech import join_parts

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


def write_sentence(parts: Sequence[Samples], path: Path, *, rate_hz: int, engine: str, text: str) -> None:
    """Join the parts of a sentence and write them to `path`. Raises BadSpeechError when all are empty."""
    audible = [part for part in parts if part.size]
    if not audible:
        raise BadSpeechError(f'voice engine {engine}: no word to speak in "{text[:60]}"; try another voice')
    write_whole_wav(path, join_parts(audible, rate_hz=rate_hz), rate_hz=rate_hz)


def write_whole_wav(path: Path, samples: Samples, *, rate_hz: int) -> None:
    """Write a WAV file that is complete or missing. Raises OSError."""
    with atomic_file(path) as part:
        write_wav(part, samples, rate_hz=rate_hz)


def write_clips(spoken: Sequence[tuple[Passage, SpokenSentences]], *, folder: Path) -> tuple[Clip, ...]:
    """One clip for each passage, in their order. Raises AudioError when `folder` cannot be written."""
    with explain_os_errors(
        AudioError, f"{folder}: the spoken clips cannot be written into this folder", find_write_remedy
    ):
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            _write_clip(passage, sentences, folder / f"{number:02d}-{passage.role}-{passage.cut}.wav")
            for number, (passage, sentences) in enumerate(spoken)
        )


def _write_clip(passage: Passage, spoken: SpokenSentences, path: Path) -> Clip:
    samples, times = _join(passage, spoken)
    write_whole_wav(path, samples, rate_hz=spoken.rate_hz)
    return Clip(
        passage=passage,
        path=path,
        duration_s=samples.size / spoken.rate_hz,
        rate_hz=spoken.rate_hz,
        sentence_times=times,
    )


def pause_after_s(spoken: str) -> float:
    """Seconds of a newsreader's breath after a sentence."""
    return _PAUSE_AFTER_QUESTION_S if spoken.rstrip('"”’)').endswith("?") else _PAUSE_S


def _join(passage: Passage, spoken: SpokenSentences) -> tuple[Samples, tuple[tuple[float, float], ...]]:
    """
    Samples of a passage, with a newsreader's breath between its sentences, and the start and end of each in seconds.

    A sentence without a word has no sound: it starts and ends where the next one starts.
    """
    pieces: list[Samples] = []
    times: list[tuple[float, float]] = []
    start = 0
    for sentence in passage.sentences:
        words = spoken.by_text.get(sentence.spoken, np.zeros(0, dtype=np.float32))
        times.append((start / spoken.rate_hz, (start + words.size) / spoken.rate_hz))
        if words.size:
            pause = np.zeros(round(pause_after_s(sentence.spoken) * spoken.rate_hz), dtype=np.float32)
            pieces += [words, pause]
            start += words.size + pause.size
    return np.concatenate(pieces[:-1]), tuple(times)
