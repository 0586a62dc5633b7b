"""Script -> Clip: the first engine that can say the whole bulletin, says it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError, NoVoiceError, SpeechError
from bulletin.model import Attempt, Clip, Passage, Script, Spoken, Voice
from bulletin.pcm import Samples, write_wav
from bulletin.speech.cache import SpeechCache, make_key
from bulletin.speech.clean import CLEAN_VERSION
from bulletin.speech.engine import Engine
from bulletin.speech.pace import count_words, measure_pace
from bulletin.speech.say import Progress, say_sentences

log = logging.getLogger(__name__)

_PAUSE_S = 0.3
_PAUSE_AFTER_QUESTION_S = 0.38


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An engine and the voice it is to use."""

    engine: Engine
    voice: Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentences:
    """Every sentence of a bulletin said by one voice."""

    by_text: Mapping[str, Samples]
    rate_hz: int
    cached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cast:
    """Who reads what."""

    first: Reader
    second: Reader | None = None

    def parts(self, passages: Sequence[Passage]) -> Iterator[tuple[Reader, tuple[Passage, ...]]]:
        """Each reader with the passages that are his, if there are any."""
        if not self.second:
            yield self.first, tuple(passages)
            return
        for reader, is_second in ((self.first, False), (self.second, True)):
            mine = tuple(passage for passage in passages if passage.by_second is is_second)
            if mine:
                yield reader, mine


def speak_script(
    script: Script,
    *,
    chain: Sequence[Reader],
    cache: SpeechCache,
    folder: Path,
    second: Reader | None = None,
    progress: Progress | None = None,
) -> Spoken:
    """
    Say every passage of `script`, one WAV file each in `folder`, all with one voice.

    The first reader of `chain` that can say all of it does; a `second` reads beside the first of the chain
    what is marked for him. When one fails half-way, another one says
    the whole bulletin alone; what was said in earlier bulletins comes from `cache`. A passage without a
    word has no clip. Raises NoVoiceError with every reader's reason, AudioError when `folder` cannot
    be written.
    """
    passages = tuple(passage for passage in script.passages() if count_words(passage.spoken))
    casts = [_Cast(first=reader) for reader in chain]
    if second and casts and any(passage.by_second for passage in passages):
        casts.insert(0, _Cast(first=chain[0], second=second))
    attempts: list[Attempt] = []
    failed: list[Reader] = []
    for cast in casts:
        said: dict[Reader, _Sentences] = {}
        for reader, mine in cast.parts(passages):
            if reader in failed:
                break
            begun = time.monotonic()
            texts = _distinct_texts(mine)
            try:
                said[reader] = _say(texts, reader=reader, cache=cache, progress=progress or _quiet)
            except SpeechError as error:
                attempts.append(_attempt(reader, reason=str(error), begun=begun))
                failed.append(reader)
                log.warning("engine failed, trying the next: engine=%s: %s", reader.engine.name, error)
                break
            attempts.append(_attempt(reader, sentences=len(texts), cached=said[reader].cached, begun=begun))
        else:
            return _perform(cast, said, passages, attempts=attempts, cache=cache, folder=folder)
    raise NoVoiceError(_no_voice(attempts))


def _perform(
    cast: _Cast,
    said: Mapping[Reader, _Sentences],
    passages: Sequence[Passage],
    *,
    attempts: Sequence[Attempt],
    cache: SpeechCache,
    folder: Path,
) -> Spoken:
    """The clips in running order, and what is learnt of each voice."""
    second = cast.second if cast.second in said else None
    by_passage = [(p, second if second and p.by_second else cast.first) for p in passages]
    clips = _write_clips([(passage, said[reader]) for passage, reader in by_passage], folder=folder)
    for reader in said:
        mine = [clip for clip, (_, who) in zip(clips, by_passage, strict=True) if who == reader]
        _remember(mine, reader=reader, cache=cache)
    return Spoken(
        clips=clips,
        voice=cast.first.voice,
        second=second.voice if second else None,
        attempts=tuple(attempts),
    )


def expected_pace(reader: Reader, *, cache: SpeechCache) -> float:
    """Words a second: as measured in earlier bulletins, else as the engine tells."""
    learnt = cache.pace(reader.voice, fingerprint=reader.engine.fingerprint)
    return learnt or reader.voice.pace_wps


def _say(texts: Sequence[str], *, reader: Reader, cache: SpeechCache, progress: Progress) -> _Sentences:
    """Take from the cache what is there, and ask the engine for the rest."""
    keys = {text: _key(text, reader) for text in texts}
    found = {text: entry for text in texts if (entry := cache.get(keys[text]))}
    missing = [text for text in texts if text not in found]
    what = f"{reader.engine.name}: {reader.voice.name}"
    progress(len(found), len(texts), what)
    cached = len(found)
    if missing:
        reader.engine.check()
        for text, samples, rate_hz in say_sentences(missing, engine=reader.engine, voice=reader.voice):
            cache.put(keys[text], samples, rate_hz=rate_hz)
            found[text] = samples, rate_hz
            progress(len(found), len(texts), what)
        cache.prune()
    rates = {rate_hz for _, rate_hz in found.values()}
    if len(rates) > 1:
        raise SpeechError(f"{reader.engine.name}: answers at different sampling rates ({sorted(rates)} Hz)")
    return _Sentences(
        by_text={text: samples for text, (samples, _) in found.items()}, rate_hz=rates.pop(), cached=cached
    )


def _key(text: str, reader: Reader) -> str:
    return make_key(
        engine=reader.engine.name,
        voice=reader.voice.name,
        options=f"{reader.engine.fingerprint} clean={CLEAN_VERSION}",
        text=text,
    )


def _distinct_texts(passages: Sequence[Passage]) -> tuple[str, ...]:
    spoken = (sentence.spoken for passage in passages for sentence in passage.sentences)
    return tuple(dict.fromkeys(text for text in spoken if count_words(text)))


def _write_clips(said: Sequence[tuple[Passage, _Sentences]], *, folder: Path) -> tuple[Clip, ...]:
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


def _write_clip(passage: Passage, said: _Sentences, *, path: Path) -> Clip:
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


def _join(passage: Passage, said: _Sentences) -> tuple[Samples, tuple[tuple[float, float], ...]]:
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


def _remember(clips: Sequence[Clip], *, reader: Reader, cache: SpeechCache) -> None:
    pace_wps = measure_pace(clips)
    if pace_wps:
        seconds = sum(clip.duration_s for clip in clips)
        cache.learn_pace(
            reader.voice,
            words=round(pace_wps * seconds),
            seconds=seconds,
            fingerprint=reader.engine.fingerprint,
        )


def _attempt(
    reader: Reader, *, begun: float, reason: str = "", sentences: int = 0, cached: int = 0
) -> Attempt:
    return Attempt(
        engine=reader.engine.name,
        voice=reader.voice.name,
        ok=not reason,
        reason=reason,
        sentences=sentences,
        cached=cached,
        seconds=time.monotonic() - begun,
    )


def _no_voice(attempts: Sequence[Attempt]) -> str:
    if not attempts:
        return 'no voice: the chain is empty; [speech] chain = ["hibari"] needs no network'
    reasons = "; ".join(attempt.reason for attempt in attempts)
    return f"no voice could say the bulletin: {reasons}"


def _quiet(done: int, total: int, what: str) -> None:
    """Nobody watches."""
