"""Script -> Clips: the first voice of the chain that can speak the whole bulletin does."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.errors import LateSpeechError, NoVoiceError, SpeechError
from bulletin.language.split_sentences import count_letters, count_words
from bulletin.model import Attempt, Clip, Passage, Role, Script, Spoken
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.assign_readers import Cast, casts_of, distinct_texts, heard_passages, reader_of
from bulletin.speech.cache.share_speech_of_parallel_runs import SpeechClaims, say_once
from bulletin.speech.cache.speech_cache import SpeechCache, sentence_key
from bulletin.speech.call_speech_engine import Progress, engine_errors
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.join_speech_into_wav_clips import SpokenSentences, find_recordings, write_clips
from bulletin.speech.sentence_progress import SentenceProgress, count_all_letters

log = logging.getLogger(__name__)

_PATIENCE = 0.6
"""Share of the remaining time for a reader when another one can take over."""

_EMPTY_CHAIN = 'the chain is empty; [speech] chain = ["hibari"] needs no network'


def speak_script(
    script: Script,
    *,
    chain: Sequence[VoiceReader],
    cache: SpeechCache,
    folder: Path,
    second: VoiceReader | None = None,
    others: Mapping[str, Sequence[VoiceReader]] | None = None,
    deadline: Deadline | None = None,
    claims: SpeechClaims | None = None,
    progress: Progress | None = None,
    recordings: Path | None = None,
) -> Spoken:
    """
    Speak every passage of `script`, one WAV file each in `folder`, with one voice.

    The first reader of `chain` that can speak everything does; a `second` shares the bulletin with the first
    of the chain and reads the passages marked for it. When a reader fails half-way, the next one reads the
    whole bulletin alone; sentences of earlier bulletins come from `cache`. A passage without a word has no
    clip. With a `deadline` a slow reader gives way in time for the next one; the last reader's sentences at
    the deadline are enough if they include opening, closing and one story. With `claims` a sentence that
    another run is speaking now is awaited instead of spoken twice. Recorded voices come from the folder
    `recordings`; a passage whose recording is missing has no clip, for it must not air without it.
    Passages of each further language are read by the first of its chain in `others` that can speak all of them; if
    none can, they have no clips. Raises
    NoVoiceError with every reader's reason, AudioError when `folder` cannot be written.
    """
    passages = heard_passages(script)
    own = [passage for passage in passages if not passage.language]
    casts = casts_of(own, chain, second)
    attempts = _Attempts(
        cache=cache,
        claims=claims,
        progress=progress or (lambda done, total, what: None),
        recordings=find_recordings(passages, recordings),
    )
    for number, cast in enumerate(casts, 1):
        is_last = number == len(casts)
        until = deadline.share(_PATIENCE) if deadline and not is_last else deadline
        if sentences := attempts.read(own, cast, deadline=until, accepts_part=is_last):
            foreign = attempts.read_others(passages, others or {}, deadline=deadline)
            readers = {language: next(iter(spoken)) for language, spoken in foreign.items()}
            for spoken in foreign.values():
                sentences |= spoken
            return Spoken(
                clips=_write(passages, cast, readers, sentences, cache=cache, folder=folder),
                voice=cast[0].voice,
                second=cast[1].voice if len(cast) > 1 else None,
                others=tuple((language, reader.voice) for language, reader in readers.items()),
                unread=tuple(sorted({p.language for p in passages if p.language} - readers.keys())),
                attempts=tuple(attempts.made),
            )
    reasons = "; ".join(attempt.reason for attempt in attempts.made)
    raise NoVoiceError(f"no voice could read the bulletin: {reasons or _EMPTY_CHAIN}")


@dataclass(slots=True, kw_only=True)
class _Attempts:
    """Attempts to speak a bulletin; a reader that failed is not asked again."""

    cache: SpeechCache
    claims: SpeechClaims | None
    progress: Progress
    recordings: Mapping[str, Path]
    """Sound file of each recorded voice, by its hash."""
    made: list[Attempt] = field(default_factory=list)
    failed: list[VoiceReader] = field(default_factory=list)

    def read(
        self, passages: Sequence[Passage], cast: Cast, *, deadline: Deadline | None, accepts_part: bool
    ) -> dict[VoiceReader, SpokenSentences] | None:
        """The sentences of each reader of a cast; None when one of them failed."""
        spoken: dict[VoiceReader, SpokenSentences] = {}
        for reader in cast:
            if reader in self.failed:
                return None
            own = [passage for passage in passages if reader_of(passage, cast) == reader]
            begun_s = time.monotonic()
            reason = ""
            try:
                spoken[reader] = self._speak(own, reader, deadline=deadline, accepts_part=accepts_part)
            except SpeechError as error:
                reason = str(error) or type(error).__name__
                self.failed.append(reader)
                log.warning("engine failed, trying the next: engine=%s: %s", reader.engine.name, error)
            self.made.append(
                Attempt(
                    engine=reader.engine.name,
                    voice=reader.voice.name,
                    ok=not reason,
                    reason=reason,
                    sentences=0 if reason else len(spoken[reader].by_text),
                    cached=0 if reason else spoken[reader].cached,
                    seconds=time.monotonic() - begun_s,
                    cost=reader.engine.receipt(),
                    language=passages[0].language if passages else "",
                )
            )
            if reason:
                return None
        return spoken

    def read_others(
        self,
        passages: Sequence[Passage],
        chains: Mapping[str, Sequence[VoiceReader]],
        *,
        deadline: Deadline | None,
    ) -> dict[str, dict[VoiceReader, SpokenSentences]]:
        """Each further language -> its reader, with all its sentences; a language that no voice can read is missing."""
        spoken: dict[str, dict[VoiceReader, SpokenSentences]] = {}
        for language, chain in chains.items():
            own = [passage for passage in passages if passage.language == language]
            for number, reader in enumerate(chain if own else (), 1):
                until = deadline.share(_PATIENCE) if deadline and number < len(chain) else deadline
                if sentences := self.read(own, (reader,), deadline=until, accepts_part=False):
                    spoken[language] = sentences
                    break
        return spoken

    def _speak(
        self,
        passages: Sequence[Passage],
        reader: VoiceReader,
        *,
        deadline: Deadline | None,
        accepts_part: bool,
    ) -> SpokenSentences:
        """
        Sentences from the cache, and the others from the engine.

        Raises LateSpeechError at the deadline, unless it `accepts_part` and opening, closing and a story are spoken.
        """
        engine = reader.engine
        with engine_errors(engine):
            reader.check_consent()  # before the cache, too: consent may have been withdrawn
        keys = {text: sentence_key(text, reader) for text in distinct_texts(passages)}
        spoken = {text: entry for text, key in keys.items() if (entry := self.cache.get(key))}
        cached, is_late = len(spoken), False
        missing = {text: key for text, key in keys.items() if text not in spoken}
        if missing or len(_rates(spoken)) > 1:
            with engine_errors(engine):
                engine.check()
            try:
                self._say(missing, spoken, reader=reader, deadline=deadline)
                if stale := _of_another_rate(spoken, fresh=missing):
                    cached -= len(stale)
                    for text in stale:
                        del spoken[text]
                        self.cache.forget(keys[text])
                    self._say({text: keys[text] for text in stale}, spoken, reader=reader, deadline=deadline)
            except LateSpeechError:
                is_late = True
            self.cache.prune_if_due()
        rates = _rates(spoken)
        if len(rates) > 1:
            reason = f"its sentences have different sampling rates ({', '.join(map(str, rates))} Hz)"
            raise SpeechError(f"voice engine {engine.name}: {reason}; set one rate on its server")
        by_text = {text: samples for text, (samples, _) in spoken.items()}
        sentences = SpokenSentences(
            by_text=by_text,
            rate_hz=rates[0] if rates else 0,
            cached=cached,
            recordings=self.recordings,
        )
        if is_late and not (accepts_part and spoken and _is_enough(passages, sentences)):
            raise LateSpeechError(
                f"voice engine {engine.name}: too slow, spoke only {len(spoken)} of {len(keys)} sentences in time; put a faster voice before it in [speech] chain"
            )
        return sentences

    def _say(
        self,
        keys: Mapping[str, str],
        spoken: dict[str, tuple[Samples, int]],
        *,
        reader: VoiceReader,
        deadline: Deadline | None,
    ) -> None:
        """Speak the texts of `keys` into `spoken`, with progress. Raises SpeechError."""
        progress = SentenceProgress(
            who=f"{reader.engine.name}: {reader.voice.name}",
            total=len(spoken) + len(keys),
            done=len(spoken),
            letters_left=count_all_letters(keys),
            show=self.progress,
        )
        for text, samples, rate_hz in say_once(
            keys, reader=reader, cache=self.cache, claims=self.claims, deadline=deadline
        ):
            spoken[text] = samples, rate_hz
            progress.spoken(text)


def _rates(spoken: Mapping[str, tuple[Samples, int]]) -> list[int]:
    """Sampling rates of sentences, Hz."""
    return sorted({rate_hz for _, rate_hz in spoken.values()})


def _of_another_rate(spoken: Mapping[str, tuple[Samples, int]], *, fresh: Collection[str]) -> tuple[str, ...]:
    """Cached texts to speak anew, because the server has changed its rate since; all of them where none is `fresh`."""
    now_hz = {spoken[text][1] for text in fresh}
    if len(_rates(spoken)) < 2 or len(now_hz) > 1:
        return ()
    return tuple(text for text, (_, rate_hz) in spoken.items() if rate_hz not in now_hz)


def _is_enough(passages: Sequence[Passage], spoken: SpokenSentences) -> bool:
    """Whether a reader has spoken opening, closing and at least one story of its passages."""
    stories = [passage for passage in passages if passage.role is Role.STORY]
    frame = (passage for passage in passages if passage.role in (Role.OPENING, Role.CLOSING))
    return all(spoken.has(p) for p in frame) and (not stories or any(spoken.has(p) for p in stories))


def _write(
    passages: Sequence[Passage],
    cast: Cast,
    others: Mapping[str, VoiceReader],
    sentences: Mapping[VoiceReader, SpokenSentences],
    *,
    cache: SpeechCache,
    folder: Path,
) -> tuple[Clip, ...]:
    """Write the clips of complete passages in running order, and remember the pace of each voice."""
    by_reader = [
        (passage, others[passage.language] if passage.language else reader_of(passage, cast))
        for passage in passages
        if not passage.language or passage.language in others
    ]
    complete = [(passage, reader) for passage, reader in by_reader if sentences[reader].has(passage)]
    clips = write_clips([(passage, sentences[reader]) for passage, reader in complete], folder=folder)
    for reader in (*cast, *others.values()):
        read = [clip for clip, (_, who) in zip(clips, complete, strict=True) if who == reader]
        cache.learn_pace(
            reader.voice,
            words=sum(count_words(clip.passage.spoken) for clip in read),
            seconds=sum(clip.duration_s - clip.passage.recorded_s for clip in read),
            letters=sum(count_letters(clip.passage.spoken) for clip in read),
            fingerprint=reader.engine.fingerprint,
        )
    return clips
