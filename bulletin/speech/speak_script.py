"""Script -> Clip: the first engine that can say the whole bulletin, says it."""

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
from bulletin.speech.engine_calls import Progress, foreign
from bulletin.speech.engine_port import Engine
from bulletin.speech.passage_files import SpokenSentences, write_clips
from bulletin.speech.reading_pace import LETTERS_A_WORD, count_words, measure_pace

log = logging.getLogger(__name__)

_PATIENCE = 0.6
"""Part of the time left that a reader may take while another one waits to take over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceReader:
    """An engine and the voice it is to use."""

    engine: Engine
    voice: Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cast:
    """Who reads what."""

    first: VoiceReader
    second: VoiceReader | None = None

    def parts(self, passages: Sequence[Passage]) -> Iterator[tuple[VoiceReader, tuple[Passage, ...]]]:
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
    chain: Sequence[VoiceReader],
    cache: SpeechCache,
    folder: Path,
    second: VoiceReader | None = None,
    deadline: Deadline | None = None,
    claims: SpeechClaims | None = None,
    progress: Progress | None = None,
) -> Spoken:
    """
    Say every passage of `script`, one WAV file each in `folder`, all with one voice.

    The first reader of `chain` that can say all of it does; a `second` reads beside the first of the chain
    what is marked for him. When one fails half-way, another one says the whole bulletin alone; what was
    said in earlier bulletins comes from `cache`. A passage without a word has no clip. With a `deadline` a
    slow reader gives way in time for the next one, and what the last one has said when the time is over has
    to do: his own words and at least one story. With `claims` a sentence that another run is saying just
    now is waited for and not said twice. Raises NoVoiceError with every reader's reason, AudioError when
    `folder` cannot be written.
    """
    passages = tuple(passage for passage in script.passages() if count_words(passage.spoken))
    casts = [_Cast(first=reader) for reader in chain]
    if second and casts and any(passage.by_second for passage in passages):
        casts.insert(0, _Cast(first=chain[0], second=second))
    stage = _Stage(passages=passages, cache=cache, claims=claims, progress=progress or _quiet)
    for number, cast in enumerate(casts, 1):
        is_last = number == len(casts)
        until = deadline.share(_PATIENCE) if deadline and not is_last else deadline
        said = stage.ask(cast, deadline=until, takes_less=is_last)
        if said:
            there = tuple(p for p in passages if any(one.has(p) for one in said.values()))
            return _perform(cast, said, there, attempts=stage.attempts, cache=cache, folder=folder)
    raise NoVoiceError(_no_voice(stage.attempts))


@dataclass(slots=True, kw_only=True)
class _Stage:
    """What is to be said, and how those who tried fared."""

    passages: tuple[Passage, ...]
    cache: SpeechCache
    claims: SpeechClaims | None
    progress: Progress
    attempts: list[Attempt] = field(default_factory=list)
    failed: list[VoiceReader] = field(default_factory=list)

    def ask(
        self, cast: _Cast, *, deadline: Deadline | None, takes_less: bool
    ) -> dict[VoiceReader, SpokenSentences] | None:
        """Let a cast say everything. None when somebody could not, and nobody is asked again who could not."""
        said: dict[VoiceReader, SpokenSentences] = {}
        for reader, mine in cast.parts(self.passages):
            if reader in self.failed:
                return None
            begun = time.monotonic()
            texts = _distinct_texts(mine)
            try:
                said[reader] = _say(
                    texts,
                    reader=reader,
                    cache=self.cache,
                    claims=self.claims,
                    progress=self.progress,
                    deadline=deadline,
                    takes_less=takes_less,
                )
                if not _is_enough(mine, said[reader]):
                    raise _late(reader, done=len(said[reader].by_text), total=len(texts))
            except SpeechError as error:
                self.attempts.append(_attempt(reader, reason=str(error), begun=begun))
                self.failed.append(reader)
                log.warning("engine failed, trying the next: engine=%s: %s", reader.engine.name, error)
                return None
            done = said[reader]
            self.attempts.append(
                _attempt(reader, sentences=len(done.by_text), cached=done.cached, begun=begun)
            )
        return said


def _is_enough(passages: Sequence[Passage], said: SpokenSentences) -> bool:
    """The station's own words and a story, of what a reader was to say."""
    stories = [passage for passage in passages if passage.role is Role.STORY]
    own = (passage for passage in passages if passage.role in (Role.OPENING, Role.CLOSING))
    return all(said.has(p) for p in own) and (not stories or any(said.has(p) for p in stories))


def _perform(
    cast: _Cast,
    said: Mapping[VoiceReader, SpokenSentences],
    passages: Sequence[Passage],
    *,
    attempts: Sequence[Attempt],
    cache: SpeechCache,
    folder: Path,
) -> Spoken:
    """The clips in running order, and what is learnt of each voice."""
    second = cast.second if cast.second in said else None
    by_passage = [(p, second if second and p.by_second else cast.first) for p in passages]
    clips = write_clips([(passage, said[reader]) for passage, reader in by_passage], folder=folder)
    for reader in said:
        mine = [clip for clip, (_, who) in zip(clips, by_passage, strict=True) if who == reader]
        _remember(mine, reader=reader, cache=cache)
    return Spoken(
        clips=clips,
        voice=cast.first.voice,
        second=second.voice if second else None,
        attempts=tuple(attempts),
    )


def expected_pace(reader: VoiceReader, *, cache: SpeechCache) -> float:
    """Words a second: as measured in earlier bulletins, else as the engine tells."""
    learnt = cache.pace(reader.voice, fingerprint=reader.engine.fingerprint)
    return learnt or reader.voice.pace_wps


def expected_letters(reader: VoiceReader, *, cache: SpeechCache) -> float:
    """Letters a second: as measured in earlier bulletins, else by the words a second that the engine tells."""
    learnt = cache.letters_pace(reader.voice, fingerprint=reader.engine.fingerprint)
    return learnt or reader.voice.pace_wps * LETTERS_A_WORD


def _say(
    texts: Sequence[str],
    *,
    reader: VoiceReader,
    cache: SpeechCache,
    claims: SpeechClaims | None,
    progress: Progress,
    deadline: Deadline | None = None,
    takes_less: bool = False,
) -> SpokenSentences:
    """
    Take from the cache what is there, and ask the engine for the rest.

    With `takes_less` what there is at the deadline will do, else LateSpeechError is raised.
    """
    keys = {text: _key(text, reader) for text in texts}
    found = {text: entry for text in texts if (entry := cache.get(keys[text]))}
    missing = [text for text in texts if text not in found]
    what = f"{reader.engine.name}: {reader.voice.name}"
    progress(len(found), len(texts), what)
    cached = len(found)
    if missing:
        with foreign(reader.engine):
            reader.engine.check()
        try:
            for text, samples, rate_hz in say_once(
                {text: keys[text] for text in missing},
                engine=reader.engine,
                voice=reader.voice,
                cache=cache,
                claims=claims,
                deadline=deadline,
            ):
                found[text] = samples, rate_hz
                progress(len(found), len(texts), what)
        except LateSpeechError as error:
            if not takes_less or not found:
                raise _late(reader, done=len(found), total=len(texts)) from error
        cache.prune()
    rates = {rate_hz for _, rate_hz in found.values()}
    if len(rates) > 1:
        raise SpeechError(f"{reader.engine.name}: answers at different sampling rates ({sorted(rates)} Hz)")
    return SpokenSentences(
        by_text={text: samples for text, (samples, _) in found.items()}, rate_hz=rates.pop(), cached=cached
    )


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
    """Each sentence once, what no bulletin can do without first: there may be no time for all."""
    first = sorted(passages, key=_urgency)
    spoken = (sentence.spoken for passage in first for sentence in passage.sentences)
    return tuple(dict.fromkeys(text for text in spoken if count_words(text)))


def _urgency(passage: Passage) -> int:
    """The station's own words, every story's shortest cut, headlines, then what is longer."""
    if passage.role is Role.STORY:
        return 1 if passage.cut is Cut.SHORT else 3
    return 2 if passage.role is Role.HEADLINE else 0


def _remember(clips: Sequence[Clip], *, reader: VoiceReader, cache: SpeechCache) -> None:
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
    """Nobody watches."""
