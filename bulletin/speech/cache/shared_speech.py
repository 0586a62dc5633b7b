"""Sentences that several runs need at once -> spoken by one run, awaited by the others."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from typing import Protocol

from bulletin.errors import ArchiveError
from bulletin.model import Voice
from bulletin.runtime.deadline import Deadline
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.engine_calls import Said, say_sentences
from bulletin.speech.engine_port import Engine

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 0.1
_RENEW_S = 5.0
_PATIENCE_S = 35.0
"""Longest wait for a sentence of another run: a little over its lease."""
_PATIENCE_SHARE = 0.5
"""Longest wait as a share of the remaining time; the rest is for speaking it here."""


class SpeechClaims(Protocol):
    """Claims of all runs that share a cache (`SpeechLedger`)."""

    def claim(self, keys: Collection[str]) -> frozenset[str]:
        """Claim the keys that no other run is speaking and return them; own claims are renewed."""

    def close(self, said: Collection[str], unsaid: Collection[str] = ()) -> None:
        """Release claims: `said` sentences are in the cache."""


def say_once(
    keys: Mapping[str, str],
    *,
    engine: Engine,
    voice: Voice,
    cache: SpeechCache,
    claims: SpeechClaims | None,
    deadline: Deadline | None,
) -> Iterator[Said]:
    """
    Speak each text of `keys` (text to cache key) and cache it, or await it from the run that speaks it.

    Sentences of a run that dies, fails or hangs are spoken here. Raises the engine's errors, and
    LateSpeechError at the `deadline`.
    """
    left = dict(keys)
    patience = _patience(deadline)
    while left:
        mine = _claim(None if patience.is_over else claims, left)
        # Another run may have cached it before the claim.
        has_news = yield from _take_cached(left, cache=cache)
        todo = {text: key for text, key in left.items() if text in mine}
        if todo:
            yield from _speak_claimed(
                todo, engine=engine, voice=voice, cache=cache, claims=claims, deadline=deadline
            )
            left = {text: key for text, key in left.items() if text not in todo}
        elif left:
            has_news |= yield from _wait(left, cache=cache, patience=patience)
        if has_news or todo:
            patience = _patience(deadline)


def _patience(deadline: Deadline | None) -> Deadline:
    """Deadline for the next sentence of another run."""
    longest = Deadline.after(_PATIENCE_S)
    return (
        min(longest, deadline.share(_PATIENCE_SHARE), key=lambda limit: limit.at_s) if deadline else longest
    )


def _claim(claims: SpeechClaims | None, left: Mapping[str, str]) -> frozenset[str]:
    """Texts that this run has to speak; without a ledger, all."""
    if claims is None:
        return frozenset(left)
    try:
        taken = claims.claim(tuple(left.values()))
    except ArchiveError as error:
        log.warning("speech is not shared: %s", error)
        return frozenset(left)
    return frozenset(text for text, key in left.items() if key in taken)


def _take_cached(left: dict[str, str], *, cache: SpeechCache) -> Generator[Said, None, bool]:
    """Yield sentences that others have cached and drop them from `left`; the generator returns whether any came."""
    before = len(left)
    for text, key in tuple(left.items()):
        entry = cache.get(key)
        if entry:
            del left[text]
            yield text, *entry
    return len(left) < before


def _wait(left: dict[str, str], *, cache: SpeechCache, patience: Deadline) -> Generator[Said, None, bool]:
    """Look into the cache for up to a second; a claim is a write, too costly to repeat ten times a second."""
    for _ in range(10):
        time.sleep(min(_LOOK_AGAIN_S, patience.left_s))
        if (yield from _take_cached(left, cache=cache)):
            return True
    return False


def _speak_claimed(
    keys: Mapping[str, str],
    *,
    engine: Engine,
    voice: Voice,
    cache: SpeechCache,
    claims: SpeechClaims | None,
    deadline: Deadline | None,
) -> Iterator[Said]:
    said: list[str] = []
    renewed_s = time.monotonic()
    try:
        for text, samples, rate_hz in say_sentences(
            tuple(keys), engine=engine, voice=voice, deadline=deadline
        ):
            cache.put(keys[text], samples, rate_hz=rate_hz)
            said.append(text)
            if time.monotonic() - renewed_s > _RENEW_S:
                renewed_s = time.monotonic()
                _claim(claims, {text: key for text, key in keys.items() if text not in said})
            yield text, samples, rate_hz
    finally:
        _close(claims, said=[keys[text] for text in said], keys=keys.values())


def _close(claims: SpeechClaims | None, *, said: Sequence[str], keys: Collection[str]) -> None:
    if claims is None:
        return
    try:
        claims.close(said, [key for key in keys if key not in said])
    except ArchiveError as error:  # the lease runs out by itself
        log.warning("speech ledger cannot be written: %s", error)
