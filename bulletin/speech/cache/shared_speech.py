"""Sentences that several runs need at the same time are said by one of them; the others wait for its sound."""

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
"""Without a sound from the others for so long, they are not believed any more: a little over their lease."""
_PATIENCE_SHARE = 0.5
"""Nor with this part of the time over that was left: the rest is for saying it here."""


class SpeechClaims(Protocol):
    """Who says what just now, over all runs that share a cache."""

    def claim(self, keys: Collection[str]) -> frozenset[str]:
        """Take what nobody is saying, and say which; what is taken already is kept for longer."""

    def close(self, said: Collection[str], unsaid: Collection[str] = ()) -> None:
        """Give it back: what was said lies in the cache."""


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
    Say each text of `keys` (text to cache key) and keep it, or take the sound from the run that says it.

    A run that dies, fails or hangs is replaced: what it had not said is said here. Raises what the engine
    raises, and LateSpeechError at the `deadline`.
    """
    left = dict(keys)
    patience = _patience(deadline)
    while left:
        mine = _claim(None if patience.is_over else claims, left)
        # Between the look into the cache and the claim another run may have said it.
        is_on = yield from _heard(left, cache=cache)
        todo = {text: key for text, key in left.items() if text in mine}
        if todo:
            yield from _say_mine(
                todo, engine=engine, voice=voice, cache=cache, claims=claims, deadline=deadline
            )
            left = {text: key for text, key in left.items() if text not in todo}
        elif left:
            is_on |= yield from _wait(left, cache=cache, patience=patience)
        if is_on or todo:
            patience = _patience(deadline)


def _patience(deadline: Deadline | None) -> Deadline:
    """Until when the others are waited for, from the last that was heard of them."""
    longest = Deadline.after(_PATIENCE_S)
    return min(longest, deadline.share(_PATIENCE_SHARE), key=lambda one: one.at_s) if deadline else longest


def _claim(claims: SpeechClaims | None, left: Mapping[str, str]) -> frozenset[str]:
    """The texts that are ours to say; without a ledger, all."""
    if claims is None:
        return frozenset(left)
    try:
        taken = claims.claim(tuple(left.values()))
    except ArchiveError as error:
        log.warning("speech is not shared: %s", error)
        return frozenset(left)
    return frozenset(text for text, key in left.items() if key in taken)


def _heard(left: dict[str, str], *, cache: SpeechCache) -> Generator[Said, None, bool]:
    """What others have said by now; it is left no longer. The generator's value tells whether there was any."""
    before = len(left)
    for text, key in tuple(left.items()):
        entry = cache.get(key)
        if entry:
            del left[text]
            yield text, *entry
    return len(left) < before


def _wait(left: dict[str, str], *, cache: SpeechCache, patience: Deadline) -> Generator[Said, None, bool]:
    """A second of listening at most; a claim is a write, and is not made ten times a second."""
    for _ in range(10):
        time.sleep(min(_LOOK_AGAIN_S, patience.left_s))
        if (yield from _heard(left, cache=cache)):
            return True
    return False


def _say_mine(
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
