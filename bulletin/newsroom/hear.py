"""Sentences, stories and bulletins before air -> a small MP3 of each, as the station would say it."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

import numpy as np

from bulletin.audio.formats.encoders import RATES_HZ, SUFFIXES, AudioFormat, make_encoder
from bulletin.config.profile_options import Profile
from bulletin.errors import AudioError, SpeechError, explain_os_errors, find_write_remedy
from bulletin.language.split_sentences import split_sentences
from bulletin.model import Passage, RecordedClip, Sentence, StationWords
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.resampling import resample
from bulletin.script.say_names_anew import say_passage_anew, say_sentence_anew
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.clips.clip_folder import CLIPS, clip_path
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.join_speech_into_wav_clips import RECORDED_HZ, pause_between_s, read_recording
from bulletin.speech.speak_for_preview import PreviewVoices, SpokenLine
from bulletin.speech.trim_and_level_speech import LEVEL_LUFS, limit_peaks

MEDIA_TYPE = "audio/mpeg"
"""Every phone plays MP3; Opus takes six times the processor."""
HEARD = "heard"
"""Folder of the MP3s in the private state folder."""
_KBPS = 64
_MP3_HZ = 32_000
"""The lowest rate of our MP3s: voices have 24 kHz."""
_VERSION = 1
"""Part of a file's name: increase it when the same sentences give another file."""
_DUAL_MONO_LU = 3.0
"""A mono voice reads this much louder on both channels of a bulletin."""
_MOST_BYTES = 60e6
_MOST_AGE_S = 7 * 86_400.0
_LONGEST_CHARACTERS = 4_000
"""Longest text of one request, about four minutes."""
_VOICES = PreviewVoices()


class SpeakingStation(Protocol):
    """A `Station` or its `StationVoices`."""

    @property
    def words(self) -> StationWords: ...
    @property
    def profile(self) -> Profile: ...
    @property
    def lexicon(self) -> Lexicon: ...
    @property
    def readers(self) -> tuple[VoiceReader, ...]: ...
    @property
    def second(self) -> VoiceReader | None: ...
    @property
    def others(self) -> Mapping[str, tuple[VoiceReader, ...]]: ...
    @property
    def cache(self) -> SpeechCache: ...
    @property
    def state(self) -> Path: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sound file to listen to, and how it was made."""

    path: Path
    """It may be deleted a week after it was last asked for."""
    duration_s: float
    spoken: tuple[str, ...]
    """Each sentence as the voice reads it."""
    voices: tuple[str, ...]
    """ "hibari: heart"; several where a voice failed, or where two readers take turns."""
    spoken_now: int
    """Sentences that were spoken for it; the others came from the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One sentence of a preview, or a recorded voice."""

    sentence: Sentence
    gap_s: float
    """Silence after it."""
    by_second: bool
    language: str = ""
    """Language if it is not the station's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sound:
    """What is heard of a line."""

    key: str
    """Another sound has another key."""
    samples: Samples
    rate_hz: int
    voice: str
    is_new: bool = False


def hear_sentence(station: SpeakingStation, text: str, *, to: Path | None = None) -> Heard:
    """
    Speak what an editor wrote, a sentence or several, as the station would say it.

    The file is in the station's private cache; `to` names another one, whose suffix .mp3 or .wav decides its format.
    Raises NoVoiceError with the reason of every voice, SpeechError for a text without a word, AudioError.
    """
    if len(text) > _LONGEST_CHARACTERS:
        raise SpeechError(
            f"the text is too long to hear at once ({len(text)} characters); take up to {_LONGEST_CHARACTERS}"
        )
    return hear_story(station, split_sentences(text), to=to)


def hear_story(
    station: SpeakingStation,
    sentences: Iterable[Sentence | str],
    *,
    by_second: bool = False,
    lexicon: Lexicon | None = None,
    to: Path | None = None,
) -> Heard:
    """
    Speak the sentences of a story, with the pauses that it has on air; `by_second`: by the second reader.

    Names are said as the `lexicon` has them, by default the station's of now, whatever the spoken form of a `Sentence`
    was. `to` and errors as in `hear_sentence`.
    """
    spoken = tuple(
        say_sentence_anew(
            Sentence(text=sentence, spoken="") if isinstance(sentence, str) else sentence,
            station=station.words,
            lexicon=lexicon or station.lexicon,
        )
        for sentence in sentences
    )
    return _hear(station, tuple(_lines(spoken, end_gap_s=0.0, by_second=by_second)), to=to)


def hear_bulletin(station: SpeakingStation, passages: Iterable[Passage], *, to: Path | None = None) -> Heard:
    """
    Speak passages in their order with the station's gap between them, without its music.

    Recorded voices are heard as they air, names said as the lexicon has them now. `to` and errors as in `hear_sentence`.
    """
    gap_s = station.profile.audio.gap_s
    lines = [
        line
        for passage in passages
        for line in _lines(
            say_passage_anew(passage, station=station.words, lexicon=station.lexicon).sentences,
            end_gap_s=gap_s,
            by_second=passage.by_second,
            language=passage.language,
        )
    ]
    return _hear(station, tuple(lines), to=to)


def _lines(
    sentences: Sequence[Sentence], *, end_gap_s: float, by_second: bool, language: str = ""
) -> Iterator[_Line]:
    """Sentences of one passage with the breath after each, and `end_gap_s` after the last; without empty ones."""
    audible = [sentence for sentence in sentences if sentence.is_heard]
    for sentence, following in zip_longest(audible, audible[1:]):
        gap_s = pause_between_s(sentence, following) if following else end_gap_s
        yield _Line(sentence=sentence, gap_s=gap_s, by_second=by_second, language=language)


def _hear(station: SpeakingStation, lines: tuple[_Line, ...], *, to: Path | None) -> Heard:
    if not lines:
        raise SpeechError("there is no word to speak in it; write at least one")
    sounds = _sounds(station, lines)
    path = to or _cached_path(station, lines, sounds)
    if to or not _is_cached(path):
        rate_hz = max(sound.rate_hz for sound in sounds)
        _write(
            path, _join(lines, sounds, rate_hz=rate_hz, gain_db=_gain_db(station.profile)), rate_hz=rate_hz
        )
        if not to:
            _delete_old(path.parent)
    heard_s = sum(sound.samples.size / sound.rate_hz for sound in sounds)
    return Heard(
        path=path,
        duration_s=heard_s + sum(line.gap_s for line in lines[:-1]),
        spoken=tuple(line.sentence.spoken or line.sentence.text for line in lines),
        voices=tuple(dict.fromkeys(sound.voice for sound in sounds)),
        spoken_now=len({sound.key for sound in sounds if sound.is_new}),
    )


def _sounds(station: SpeakingStation, lines: Sequence[_Line]) -> list[_Sound]:
    """The sound of each line, by its reader; the second one's are read by the chain where that one fails."""
    texts: dict[tuple[bool, str], list[str]] = {}
    for line in lines:
        if not line.sentence.recording:
            texts.setdefault((line.by_second, line.language), []).append(line.sentence.spoken)
    spoken: dict[tuple[bool, str], Mapping[str, SpokenLine]] = {}
    for (by_second, language), own in texts.items():
        chain = (station.second, *station.readers) if by_second and station.second else station.readers
        if language:
            chain = station.others.get(language, ())
        spoken[by_second, language] = _VOICES.speak(own, chain=chain, cache=station.cache)
    return [
        _recorded(station, line.sentence.recording)
        if line.sentence.recording
        else _as_sound(spoken[line.by_second, line.language][line.sentence.spoken])
        for line in lines
    ]


def _as_sound(line: SpokenLine) -> _Sound:
    voice = f"{line.reader.engine.name}: {line.reader.voice.name}"
    return _Sound(key=line.key, samples=line.samples, rate_hz=line.rate_hz, voice=voice, is_new=line.is_new)


def _recorded(station: SpeakingStation, clip: RecordedClip) -> _Sound:
    """A recorded voice. Raises AudioError where its sound is missing."""
    path = clip_path(station.state / CLIPS, clip)
    if path is None:
        raise AudioError(f"{clip.source_name or clip.file_name}: the recording is missing; attach it again")
    samples = read_recording(path, rate_hz=RECORDED_HZ)
    return _Sound(key=clip.sha256, samples=samples, rate_hz=RECORDED_HZ, voice=f"recording: {clip.speaker}")


def _gain_db(profile: Profile) -> float:
    """Gain from cached speech to the loudness of the first rendition."""
    loudness_lufs = profile.outputs.rendition(profile.outputs.make[0]).loudness_lufs
    return loudness_lufs - (LEVEL_LUFS + _DUAL_MONO_LU)


def _join(lines: Sequence[_Line], sounds: Sequence[_Sound], *, rate_hz: int, gain_db: float) -> Samples:
    """Mono samples of all lines with their gaps, at the loudness of the station."""
    pieces: list[Samples] = []
    for line, sound in zip(lines, sounds, strict=True):
        silence = np.zeros(round(line.gap_s * rate_hz), dtype=np.float32)
        pieces += [resample(sound.samples, rate_hz=sound.rate_hz, to_hz=rate_hz), silence]
    joined = np.concatenate(pieces[:-1]) * np.float32(10 ** (gain_db / 20))
    return limit_peaks(joined, rate_hz=rate_hz)


def _cached_path(station: SpeakingStation, lines: Sequence[_Line], sounds: Sequence[_Sound]) -> Path:
    """Its name is a hash of all that the sound depends on."""
    keys = [(sound.key, line.gap_s) for line, sound in zip(lines, sounds, strict=True)]
    parts = [_VERSION, _KBPS, _gain_db(station.profile), keys]
    name = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]
    return station.state / HEARD / f"{name}.mp3"


def _is_cached(path: Path) -> bool:
    with suppress(OSError):
        os.utime(path)  # the least recently heard are deleted first
        return True
    return False


def _write(path: Path, samples: Samples, *, rate_hz: int) -> None:
    """Write an MP3 or a WAV file, whole or not at all. Raises AudioError."""
    kind: AudioFormat | None = next((k for k in ("mp3", "wav") if SUFFIXES[k] == path.suffix.lower()), None)
    if kind is None:
        raise AudioError(f'{path}: cannot be written as "{path.suffix}"; name a file .mp3 or .wav')
    to_hz = _MP3_HZ if kind == "mp3" else RATES_HZ["wav"]
    samples = resample(samples, rate_hz=rate_hz, to_hz=to_hz)
    with explain_os_errors(AudioError, f"{path}: cannot be written", find_write_remedy):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(path) as part:
            encoder = make_encoder(kind, part, rate_hz=to_hz, channels=1, kbps=_KBPS)
            try:
                for start in range(0, len(samples), to_hz):
                    encoder.write(samples[start : start + to_hz, np.newaxis])
                encoder.close()
            except BaseException:
                encoder.abandon()
                raise


def _delete_old(folder: Path) -> None:
    """Delete files that nobody has heard for a week, and the oldest over the limit."""
    files = []
    for path in folder.glob("*.mp3"):
        with suppress(OSError):  # another process has deleted it
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    over = sum(size for _, size, _ in files) - _MOST_BYTES
    oldest = time.time() - _MOST_AGE_S
    for changed, size, path in sorted(files):
        if over <= 0 and changed >= oldest:
            break
        over -= size
        with suppress(OSError):
            path.unlink()
