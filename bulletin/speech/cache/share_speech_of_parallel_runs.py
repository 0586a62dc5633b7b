"""Sentences that several runs need at the same time -> spoken by one run, awaited by the others."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterator, Mapping
from itertools import count
from typing import Protocol

from bulletin.errors import ArchiveError
from bulletin.runtime.deadline import Deadline
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.call_speech_engine import SpokenText, say_sentences
from bulletin.speech.engine_interface import VoiceReader

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 0.1
_LOOKS_A_CLAIM = 10
"""A claim is a write, too costly to repeat ten times a second."""
_RENEW_S = 5.0
_PATIENCE_S = 35.0
"""Longest wait for a sentence of another run: a little over its lease."""
_PATIENCE_SHARE = 0.5
"""Longest wait as a share of the remaining time; the rest is for speaking it here."""


class SpeechClaims(Protocol):
    """Claims of all runs that share a cache (`SpeechLedger`)."""

    def claim(self, keys: Collection[str]) -> frozenset[str]:
        """Claim the keys that no other run is speaking and return them; own claims are renewed."""

    def close(self, spoken: Collection[str], unspoken: Collection[str] = ()) -> None:
        """Release claims: `spoken` sentences are in the cache."""


def say_once(
    keys: Mapping[str, str],
    *,
    reader: VoiceReader,
    cache: SpeechCache,
    claims: SpeechClaims | None,
    deadline: Deadline | None,
) -> Iterator[SpokenText]:
    """
    Speak each text of `keys` (text to cache key) and cache it, or await it from the run that speaks it.

    Sentences of a run that dies, fails or hangs are spoken here. Raises the engine's errors, and
    LateSpeechError at the `deadline`.
    """
    left = dict(keys)
    patience = _patience(deadline)
    mine: Collection[str] = ()
    for look in count():
        if patience.is_over:
            mine = tuple(left)
        elif look % _LOOKS_A_CLAIM == 0:
            mine = _claim(claims, left)
        # Another run may have cached it before the claim.
        for text, key in tuple(left.items()):
            if entry := cache.get(key):
                del left[text]
                patience = _patience(deadline)
                yield text, *entry
        if todo := {text: key for text, key in left.items() if text in mine}:
            yield from _speak_claimed(todo, reader, cache=cache, claims=claims, deadline=deadline)
            left = {text: key for text, key in left.items() if text not in todo}
            patience = _patience(deadline)
        if not left:
            return
        time.sleep(min(_LOOK_AGAIN_S, patience.left_s))


def _patience(deadline: Deadline | None) -> Deadline:
    """Deadline for the next sentence of another run."""
    longest = Deadline.after(_PATIENCE_S)
    return min(longest, deadline.share(_PATIENCE_SHARE), key=lambda d: d.at_s) if deadline else longest


def _claim(claims: SpeechClaims | None, keys: Mapping[str, str]) -> Collection[str]:
    """Texts that this run has to speak; without a ledger, all."""
    try:
        taken = claims.claim(tuple(keys.values())) if claims else keys.values()
    except ArchiveError as error:
        log.warning("speech not shared between stations: %s", error)
        taken = keys.values()
    return [text for text, key in keys.items() if key in taken]


def _speak_claimed(
    keys: Mapping[str, str],
    reader: VoiceReader,
    *,
    cache: SpeechCache,
    claims: SpeechClaims | None,
    deadline: Deadline | None,
) -> Iterator[SpokenText]:
    unspoken = dict(keys)
    renewed_s = time.monotonic()
    try:
        for text, samples, rate_hz in say_sentences(
            tuple(keys), engine=reader.engine, voice=reader.voice, deadline=deadline
        ):
            sound = cache.put_new(unspoken.pop(text), samples, rate_hz=rate_hz)
            if time.monotonic() - renewed_s > _RENEW_S:
                renewed_s = time.monotonic()
                _claim(claims, unspoken)
            yield text, *sound
    finally:
        try:
            if claims:
                spoken = [key for text, key in keys.items() if text not in unspoken]
                claims.close(spoken, list(unspoken.values()))
        except ArchiveError as error:  # the lease expires
            log.warning("claims on sentences not released, they expire later: error=%s", error)
