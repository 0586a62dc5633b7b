"""Sentences -> samples for a person who waits: from the cache, the others by the voice that answers soonest."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bulletin.errors import NoVoiceError, SpeechError
from bulletin.language.split_sentences import count_words
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.cache.share_speech_of_parallel_runs import say_once
from bulletin.speech.cache.speech_cache import SpeechCache, sentence_key
from bulletin.speech.call_speech_engine import engine_errors
from bulletin.speech.engine_interface import VoiceReader

log = logging.getLogger(__name__)

_OTHERS_WAIT_S = 4.0
"""Seconds for a sentence when another voice can take over: a person is waiting."""
_LAST_WAIT_S = 60.0
"""Seconds for the last voice of the chain; a busy small computer needs half a minute to load one."""
_SKIPPED_S = 60.0
"""Seconds for which a voice that failed is asked last."""
_EMPTY_CHAIN = 'the chain is empty; [speech] chain = ["hibari"] needs no network'


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """One sentence as cleaned speech."""

    key: str
    """Its key in the speech cache: another voice, speed or pronunciation has another one."""
    samples: Samples
    """Mono, as on air before the mix: `clean_speech`."""
    rate_hz: int
    reader: VoiceReader
    is_new: bool
    """It was spoken now, not taken from the cache."""


@dataclass(slots=True, kw_only=True)
class PreviewVoices:
    """Speaks single sentences, and remembers for a minute which voices failed in this process."""

    skipped_s: float = _SKIPPED_S
    others_wait_s: float = _OTHERS_WAIT_S
    _failed_at_s: dict[str, float] = field(default_factory=dict)
    """Engine -> moment of the monotonic clock."""

    def speak(
        self, texts: Iterable[str], *, chain: Sequence[VoiceReader], cache: SpeechCache
    ) -> Mapping[str, SpokenLine]:
        """
        Each text with a word, spoken: from the cache where one voice has most of them, else now.

        The voice with the fewest sentences missing reads; of two with equally many, the first of the chain. A voice
        that fails or is slow is replaced by the next for the missing sentences only, so that a changed sentence never
        costs more than itself. Raises NoVoiceError with every voice's reason.
        """
        wanted = tuple(dict.fromkeys(text for text in texts if count_words(text)))
        lines: dict[str, SpokenLine] = {}
        reasons: list[str] = []
        readers = self._order(wanted, chain, cache)
        for number, reader in enumerate(readers, 1):
            missing = [text for text in wanted if text not in lines]
            if not missing:
                break
            try:
                self._read(missing, lines, reader, cache=cache, is_last=number == len(readers))
            except SpeechError as error:
                self._failed_at_s[reader.engine.name] = time.monotonic()
                reasons.append(str(error) or type(error).__name__)
                log.info("voice skipped for a preview: engine=%s: %s", reader.engine.name, error)
        if any(text not in lines for text in wanted):
            why = "; ".join(reasons) or _EMPTY_CHAIN
            raise NoVoiceError(f"no voice can read this now: {why}")
        return lines

    def _order(
        self, texts: Collection[str], chain: Sequence[VoiceReader], cache: SpeechCache
    ) -> list[VoiceReader]:
        """The readers of the chain, the one with the fewest missing sentences first, those that failed last."""

        def rank(reader: VoiceReader) -> tuple[bool, int]:
            missing = sum(not cache.has(sentence_key(text, reader)) for text in texts)
            return bool(missing) and self._has_failed(reader), missing

        return sorted(chain, key=rank)

    def _has_failed(self, reader: VoiceReader) -> bool:
        failed_at_s = self._failed_at_s.get(reader.engine.name)
        return failed_at_s is not None and time.monotonic() - failed_at_s < self.skipped_s

    def _read(
        self,
        texts: Sequence[str],
        lines: dict[str, SpokenLine],
        reader: VoiceReader,
        *,
        cache: SpeechCache,
        is_last: bool,
    ) -> None:
        """
        Add the texts to `lines`. Raises SpeechError; sentences spoken before it stay.

        Another voice must wait for each sentence of this one only so long; the last voice has time for all.
        """
        with engine_errors(reader.engine):
            reader.check_consent()
        keys = {text: sentence_key(text, reader) for text in texts}

        def keep(text: str, samples: Samples, rate_hz: int, *, is_new: bool) -> None:
            lines[text] = SpokenLine(
                key=keys[text], samples=samples, rate_hz=rate_hz, reader=reader, is_new=is_new
            )

        for text, key in keys.items():
            if entry := cache.get(key):
                keep(text, *entry, is_new=False)
        missing = {text: key for text, key in keys.items() if text not in lines}
        if not missing:
            return
        with engine_errors(reader.engine):
            reader.engine.check()
        wait_s = _LAST_WAIT_S if is_last else self.others_wait_s
        for texts_at_once in [missing] if is_last else [{text: key} for text, key in missing.items()]:
            # without claims: a person does not wait for another run that speaks the same sentence
            spoken = say_once(
                texts_at_once, reader=reader, cache=cache, claims=None, deadline=Deadline.after(wait_s)
            )
            for text, samples, rate_hz in spoken:
                keep(text, samples, rate_hz, is_new=True)
