"""Script -> Clips: the first voice of the chain that can speak the whole bulletin does."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.errors import LateSpeechError, NoVoiceError, SpeechError
from bulletin.language.sentences import count_letters
from bulletin.model import Attempt, Clip, Cut, Passage, Role, Script, Spoken, Voice
from bulletin.runtime.deadline import Deadline
from bulletin.speech.cache.shared_speech import SpeechClaims, say_once
from bulletin.speech.cache.speech_cache import SpeechCache, make_key
from bulletin.speech.clean_speech import CLEAN_VERSION
from bulletin.speech.engine_calls import Progress, engine_errors
from bulletin.speech.engine_port import Engine
from bulletin.speech.passage_files import SpokenSentences, write_clips
from bulletin.speech.reading_pace import LETTERS_A_WORD, count_words, measure_pace

log = logging.getLogger(__name__)

_PATIENCE = 0.6
"""Share of the remaining time for a reader when another one can take over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceReader:
    """An engine with one of its voices."""

    engine: Engine
    voice: Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cast:
    """The readers of a bulletin."""

    first: VoiceReader
    second: VoiceReader | None = None

    def parts(self, passages: Sequence[Passage]) -> Iterator[tuple[VoiceReader, tuple[Passage, ...]]]:
        """Each reader with its passages, if it has any."""
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
    chain: Sequence[VoiceReader],
    cache: SpeechCache,
    folder: Path,
    second: VoiceReader | None = None,
    deadline: Deadline | None = None,
    claims: SpeechClaims | None = None,
    progress: Progress | None = None,
) -> Spoken:
    """
    Speak every passage of `script`, one WAV file each in `folder`, with one voice.

    The first reader of `chain` that can speak everything does; a `second` shares the bulletin with the first
    of the chain and reads the passages marked for it. When a reader fails half-way, the next one reads the
    whole bulletin alone; sentences of earlier bulletins come from `cache`. A passage without a word has no
    clip. With a `deadline` a slow reader gives way in time for the next one; the last reader's sentences at
    the deadline are enough if they include opening, closing and one story. With `claims` a sentence that
    another run is speaking now is awaited instead of spoken twice. Raises NoVoiceError with every reader's
    reason, AudioError when `folder` cannot be written.
    """
    passages = tuple(passage for passage in script.passages() if count_words(passage.spoken))
    casts = [_Cast(first=reader) for reader in chain]
    if second and casts and any(passage.by_second for passage in passages):
        casts.insert(0, _Cast(first=chain[0], second=second))
    stage = _Stage(passages=passages, cache=cache, claims=claims, progress=progress or _quiet)
    for number, cast in enumerate(casts, 1):
        is_last = number == len(casts)
        until = deadline.share(_PATIENCE) if deadline and not is_last else deadline
        if spoken := stage.ask(cast, deadline=until, accepts_part=is_last):
            complete = tuple(p for p in passages if any(part.has(p) for part in spoken.values()))
            return _perform(cast, spoken, complete, attempts=stage.attempts, cache=cache, folder=folder)
    raise NoVoiceError(_no_voice(stage.attempts))


@dataclass(slots=True, kw_only=True)
class _Stage:
    """The passages of a bulletin, and the attempts to speak them."""

    passages: tuple[Passage, ...]
    cache: SpeechCache
    claims: SpeechClaims | None
    progress: Progress
    attempts: list[Attempt] = field(default_factory=list)
    failed: list[VoiceReader] = field(default_factory=list)

    def ask(
        self, cast: _Cast, *, deadline: Deadline | None, accepts_part: bool
    ) -> dict[VoiceReader, SpokenSentences] | None:
        """Have a cast read everything. None when a reader failed; a reader that failed is not asked again."""
        spoken: dict[VoiceReader, SpokenSentences] = {}
        for reader, passages in cast.parts(self.passages):
            if reader in self.failed:
                return None
            begun = time.monotonic()
            texts = _distinct_texts(passages)
            try:
                spoken[reader] = self._speak(
                    texts, reader=reader, deadline=deadline, accepts_part=accepts_part
                )
                if not _is_enough(passages, spoken[reader]):
                    raise _late(reader, done=len(spoken[reader].by_text), total=len(texts))
            except SpeechError as error:
                self.attempts.append(_attempt(reader, reason=str(error), begun=begun))
                self.failed.append(reader)
                log.warning("engine failed, trying the next: engine=%s: %s", reader.engine.name, error)
                return None
            done = spoken[reader]
            self.attempts.append(
                _attempt(reader, sentences=len(done.by_text), cached=done.cached, begun=begun)
            )
        return spoken

    def _speak(
        self,
        texts: Sequence[str],
        *,
        reader: VoiceReader,
        deadline: Deadline | None,
        accepts_part: bool,
    ) -> SpokenSentences:
        """
        Sentences from the cache, and the others from the engine.

        Raises LateSpeechError at the deadline, unless it `accepts_part` of them.
        """
        engine, voice = reader.engine, reader.voice
        keys = {text: _key(text, reader) for text in texts}
        spoken = {text: entry for text in texts if (entry := self.cache.get(keys[text]))}
        missing = [text for text in texts if text not in spoken]
        who, cached = f"{engine.name}: {voice.name}", len(spoken)
        self.progress(cached, len(texts), who)
        if missing:
            with engine_errors(engine):
                engine.check()
            try:
                for text, samples, rate_hz in say_once(
                    {text: keys[text] for text in missing},
                    engine=engine,
                    voice=voice,
                    cache=self.cache,
                    claims=self.claims,
                    deadline=deadline,
                ):
                    spoken[text] = samples, rate_hz
                    self.progress(len(spoken), len(texts), who)
            except LateSpeechError as error:
                if not accepts_part or not spoken:
                    raise _late(reader, done=len(spoken), total=len(texts)) from error
            self.cache.prune()
        rates = {rate_hz for _, rate_hz in spoken.values()}
        if len(rates) > 1:
            raise SpeechError(f"{engine.name}: answers at different sampling rates ({sorted(rates)} Hz)")
        by_text = {text: samples for text, (samples, _) in spoken.items()}
        return SpokenSentences(by_text=by_text, rate_hz=rates.pop(), cached=cached)


def _is_enough(passages: Sequence[Passage], spoken: SpokenSentences) -> bool:
    """Whether a reader has spoken opening, closing and at least one story of its passages."""
    stories = [passage for passage in passages if passage.role is Role.STORY]
    frame = (passage for passage in passages if passage.role in (Role.OPENING, Role.CLOSING))
    return all(spoken.has(p) for p in frame) and (not stories or any(spoken.has(p) for p in stories))


def _perform(
    cast: _Cast,
    spoken: Mapping[VoiceReader, SpokenSentences],
    passages: Sequence[Passage],
    *,
    attempts: Sequence[Attempt],
    cache: SpeechCache,
    folder: Path,
) -> Spoken:
    """Write the clips in running order, and remember the pace of each voice."""
    second = cast.second if cast.second in spoken else None
    by_passage = [(p, second if second and p.by_second else cast.first) for p in passages]
    clips = write_clips([(passage, spoken[reader]) for passage, reader in by_passage], folder=folder)
    for reader in spoken:
        read = [clip for clip, (_, who) in zip(clips, by_passage, strict=True) if who == reader]
        _remember_pace(read, reader=reader, cache=cache)
    return Spoken(
        clips=clips,
        voice=cast.first.voice,
        second=second.voice if second else None,
        attempts=tuple(attempts),
    )


def expected_pace(reader: VoiceReader, *, cache: SpeechCache) -> float:
    """Words a second: measured in earlier bulletins, else the engine's figure."""
    measured = cache.pace(reader.voice, fingerprint=reader.engine.fingerprint)
    return measured or reader.voice.pace_wps


def expected_letters(reader: VoiceReader, *, cache: SpeechCache) -> float:
    """Letters a second: measured in earlier bulletins, else from the engine's words a second."""
    measured = cache.letters_pace(reader.voice, fingerprint=reader.engine.fingerprint)
    return measured or reader.voice.pace_wps * LETTERS_A_WORD


def _late(reader: VoiceReader, *, done: int, total: int) -> LateSpeechError:
    return LateSpeechError(f"{reader.engine.name}: too slow, {done} of {total} sentences in time")


def _key(text: str, reader: VoiceReader) -> str:
    return make_key(
        engine=reader.engine.name,
        voice=reader.voice.name,
        options=f"{reader.engine.fingerprint} clean={CLEAN_VERSION}",
        text=text,
    )


def _distinct_texts(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Each sentence once, the indispensable ones first: there may not be time for all."""
    first = sorted(passages, key=_urgency)
    spoken = (sentence.spoken for passage in first for sentence in passage.sentences)
    return tuple(dict.fromkeys(text for text in spoken if count_words(text)))


def _urgency(passage: Passage) -> int:
    """Order: the station's own words, the shortest cut of every story, headlines, longer cuts."""
    if passage.role is Role.STORY:
        return 1 if passage.cut is Cut.SHORT else 3
    return 2 if passage.role is Role.HEADLINE else 0


def _remember_pace(clips: Sequence[Clip], *, reader: VoiceReader, cache: SpeechCache) -> None:
    pace_wps = measure_pace(clips)
    if pace_wps:
        seconds = sum(clip.duration_s for clip in clips)
        cache.learn_pace(
            reader.voice,
            words=round(pace_wps * seconds),
            seconds=seconds,
            letters=sum(count_letters(clip.passage.spoken) for clip in clips),
            fingerprint=reader.engine.fingerprint,
        )


def _attempt(
    reader: VoiceReader, *, begun: float, reason: str = "", sentences: int = 0, cached: int = 0
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
    """No progress display."""
