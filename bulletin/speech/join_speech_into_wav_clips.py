"""Samples -> WAV files, each complete or missing: a sentence for its engine, a Clip for each passage."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError, BadSpeechError, explain_os_errors, find_write_remedy
from bulletin.model import Clip, Passage, RecordedClip, Sentence
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.read_sound_file import Samples, read_sound, to_mono, write_wav
from bulletin.runtime.resampling import resample
from bulletin.speech.clips.clip_folder import is_undamaged
from bulletin.speech.trim_and_level_speech import join_parts

log = logging.getLogger(__name__)

_PAUSE_S = 0.3
_PAUSE_AFTER_QUESTION_S = 0.38
_PAUSE_AT_RECORDING_S = 0.42
"""Before and after a recorded voice: the other person has to be noticed."""
RECORDED_HZ = 48_000
"""Rate of a passage with a recorded voice, whose band is wider than most engines'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSentences:
    """Sentences of a bulletin spoken by one voice: all, or those for which there was time."""

    by_text: Mapping[str, Samples]
    rate_hz: int
    cached: int
    recordings: Mapping[str, Path] = field(default_factory=dict)
    """Sound file of each recorded voice, by its hash."""

    def has(self, passage: Passage) -> bool:
        """Whether every sentence of the passage was spoken and every recorded voice in it is there."""
        return all(self._has(sentence) for sentence in passage.sentences if sentence.is_heard)

    def _has(self, sentence: Sentence) -> bool:
        if sentence.recording:
            return sentence.recording.sha256 in self.recordings
        return sentence.spoken in self.by_text


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
    rate_hz = RECORDED_HZ if passage.recordings else spoken.rate_hz
    samples, times = _join(passage, spoken, rate_hz=rate_hz)
    write_whole_wav(path, samples, rate_hz=rate_hz)
    return Clip(
        passage=passage,
        path=path,
        duration_s=samples.size / rate_hz,
        rate_hz=rate_hz,
        sentence_times=times,
    )


def pause_between_s(sentence: Sentence, following: Sentence | None) -> float:
    """Seconds of a newsreader's breath between two sentences of a passage."""
    if sentence.recording or (following and following.recording):
        return _PAUSE_AT_RECORDING_S
    is_question = sentence.spoken.rstrip('"”’)').endswith("?")
    return _PAUSE_AFTER_QUESTION_S if is_question else _PAUSE_S


def _join(
    passage: Passage, spoken: SpokenSentences, *, rate_hz: int
) -> tuple[Samples, tuple[tuple[float, float], ...]]:
    """
    Samples of a passage, with a newsreader's breath between its sentences, and the start and end of each in seconds.

    A sentence without a word has no sound: it starts and ends where the next one starts.
    """
    pieces: list[Samples] = []
    times: list[tuple[float, float]] = []
    start = 0
    nexts: tuple[Sentence | None, ...] = (*passage.sentences[1:], None)
    for sentence, following in zip(passage.sentences, nexts, strict=True):
        sound = _sound(sentence, spoken, rate_hz=rate_hz)
        times.append((start / rate_hz, (start + sound.size) / rate_hz))
        if sound.size:
            pause = np.zeros(round(pause_between_s(sentence, following) * rate_hz), dtype=np.float32)
            pieces += [sound, pause]
            start += sound.size + pause.size
    return np.concatenate(pieces[:-1]), tuple(times)


def _sound(sentence: Sentence, spoken: SpokenSentences, *, rate_hz: int) -> Samples:
    """A sentence or a recorded voice at that rate; empty without a word. Raises AudioError."""
    if sentence.recording:
        return read_recording(spoken.recordings[sentence.recording.sha256], rate_hz=rate_hz)
    words = spoken.by_text.get(sentence.spoken, np.zeros(0, dtype=np.float32))
    return resample(words, rate_hz=spoken.rate_hz, to_hz=rate_hz) if words.size else words


def read_recording(path: Path, *, rate_hz: int) -> Samples:
    """Samples of a stored clip at that rate. Raises AudioError."""
    samples, from_hz = read_sound(path)
    return resample(to_mono(samples), rate_hz=from_hz, to_hz=rate_hz)


def find_recordings(passages: Iterable[Passage], folder: Path | None) -> dict[str, Path]:
    """Sound file of each recorded voice of the passages that is undamaged in `folder`, by its hash."""
    wanted: set[RecordedClip] = {clip for passage in passages for clip in passage.recordings}
    paths = {clip.sha256: folder / clip.file_name for clip in wanted} if folder else {}
    sound = {sha256: path for sha256, path in paths.items() if is_undamaged(path, sha256)}
    for clip in wanted:
        if clip.sha256 not in sound:
            log.warning("recorded clip missing or damaged, its story is left out: file=%s", clip.file_name)
    return sound
